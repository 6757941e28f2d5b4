"""A support file, run as a program: secrets stay secret through whatever is made of them."""

import pulumi
import pulumi_random as random

password = random.RandomPassword("password", length=12, special=False)
hidden = pulumi.Output.secret({"user": "u", "word": "hunter2"})
keeper = random.RandomPet("pet", length=1, keepers={"word": hidden.apply(lambda tree: tree["word"])})
pulumi.export("length", password.result.apply(len))
pulumi.export("user", hidden["user"])
pulumi.export("both", pulumi.Output.all(hidden, "plain").apply(lambda found: found[1]))
pulumi.export("kept", keeper.keepers)
pulumi.export("plain", pulumi.Output.unsecret(hidden).apply(lambda tree: tree["user"]))
