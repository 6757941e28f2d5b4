"""A support file, run as a program: a transform of the stack and one of a component change what is registered."""

import pulumi
import pulumi_random as random


def longer(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Names of pets get another word."""
    if args.type_ != "random:index/randomPet:RandomPet":
        return None
    return pulumi.ResourceTransformResult(props={**args.props, "length": 3}, opts=args.opts)


pulumi.runtime.register_resource_transform(longer)
pet = random.RandomPet("pet", length=1)
pulumi.export("words", pet.id.apply(lambda name: len(name.split("-"))))
