"""A support file, run as a program: outputs are lifted, combined, applied and formatted."""

import pulumi
import pulumi_random as random

pet = random.RandomPet("pet", length=2, separator="-")
number = random.RandomInteger("number", min=7, max=7)
both = pulumi.Output.all(pet=pet.id, number=number.result)
pulumi.export("parts", pet.id.apply(lambda name: len(name.split("-"))))
pulumi.export("text", pulumi.Output.format("port {0}", number.result))
pulumi.export("concat", pulumi.Output.concat("a", "b", number.result.apply(str)))
pulumi.export("all", both.apply(lambda found: sorted(found)))
pulumi.export("json", pulumi.Output.json_dumps({"number": number.result}))
pulumi.export("nested", {"list": [number.result, {"deep": number.result}]})
