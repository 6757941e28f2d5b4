"""A support file, run as a program: options that are kept in the state."""

import pulumi


def thing(name: str, value: object, opts: pulumi.ResourceOptions | None = None) -> pulumi.CustomResource:
    """A thing of the pretended cloud."""
    return pulumi.CustomResource("cloud:index:Thing", name, {"value": value}, opts)


first = thing("first", 1, pulumi.ResourceOptions(ignore_changes=["value"], replace_on_changes=["key"]))
timeouts = pulumi.CustomTimeouts(create="90s", update="2m")
thing("second", first.id, pulumi.ResourceOptions(deleted_with=first, custom_timeouts=timeouts))
thing("third", 3, pulumi.ResourceOptions(retain_on_delete=True, delete_before_replace=True, version="1.2.3"))
pulumi.export("first", first.id)
