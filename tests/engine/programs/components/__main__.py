"""A support file, run as a program: components, what children inherit, and aliases of the parent."""

import pulumi
import pulumi_random as random


class Zone(pulumi.ComponentResource):
    """Two names, the second one after the first."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("test:index:Zone", name, {"kind": "zone"}, opts)
        child = pulumi.ResourceOptions(parent=self)
        first = random.RandomId(f"{name}-first", byte_length=4, opts=child)
        after = pulumi.ResourceOptions.merge(child, pulumi.ResourceOptions(depends_on=[first]))
        self.second = random.RandomId(f"{name}-second", byte_length=4, keepers={"first": first.hex}, opts=after)
        self.length = self.second.hex.apply(len)
        self.register_outputs({"length": self.length})


outer = Zone("outer", pulumi.ResourceOptions(protect=False))
inner = Zone("inner", pulumi.ResourceOptions(parent=outer, aliases=[pulumi.Alias(name="former")]))
pulumi.export("length", inner.length)
pulumi.export("urn", inner.urn)
