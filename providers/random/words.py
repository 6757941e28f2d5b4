"""The words that pet names are made of."""

# fmt: off
ADVERBS = (
    "very", "quite", "rather", "always", "often", "seldom", "gladly", "slowly", "softly", "boldly", "twice",
    "almost", "surely", "nearly", "quietly",
)
# fmt: on

# fmt: off
ADJECTIVES = (
    "amber", "azure", "brave", "breezy", "bright", "calm", "chilly", "coral", "crisp", "dusty", "early",
    "foggy", "frosty", "gentle", "golden", "green", "happy", "humming", "ivory", "jolly", "late", "lilac",
    "little", "lucky", "mellow", "misty", "mossy", "nimble", "olive", "patient", "polar", "quick", "quiet",
    "rosy", "rusty", "sandy", "shiny", "silver", "sleepy", "snowy", "solar", "spicy", "spotted", "stormy",
    "sunny", "tidy", "velvet", "violet", "warm", "windy", "winter", "witty",
)
# fmt: on

# fmt: off
PETS = (
    "badger", "beaver", "bison", "bobcat", "buzzard", "camel", "cheetah", "cobra", "crane", "cricket", "curlew",
    "dingo", "dolphin", "donkey", "eagle", "falcon", "ferret", "finch", "gazelle", "gecko", "goose", "gopher",
    "grouse", "hamster", "heron", "hornet", "husky", "ibis", "jackdaw", "jaguar", "kestrel", "kiwi", "koala",
    "lapwing", "lemur", "leopard", "linnet", "llama", "lobster", "lynx", "magpie", "marmot", "marten",
    "meerkat", "mole", "moose", "newt", "ocelot", "osprey", "otter", "panda", "parrot", "pelican", "penguin",
    "pigeon", "plover", "puffin", "quail", "rabbit", "raven", "robin", "salmon", "seal", "skylark", "sparrow",
    "squid", "starling", "stoat", "stork", "swallow", "swan", "tapir", "tern", "thrush", "toucan", "trout",
    "turtle", "viper", "vole", "walrus", "weasel", "whale", "wolf", "wombat", "wren", "yak", "zebra",
)
# fmt: on
