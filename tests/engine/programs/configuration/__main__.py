"""A support file, run as a program: typed, structured, default and secret configuration."""

import pulumi

config = pulumi.Config()
other = pulumi.Config("other")
pulumi.export("name", config.require("name"))
pulumi.export("count", config.require_int("count"))
pulumi.export("on", config.get_bool("on"))
pulumi.export("ratio", config.get_float("ratio"))
pulumi.export("tree", config.require_object("tree"))
pulumi.export("missing", config.get("missing") or "default")
pulumi.export("foreign", other.get("key"))
pulumi.export("password", config.require_secret("password"))
pulumi.export("unwrapped", pulumi.Output.unsecret(config.require_secret("password")).apply(len))
pulumi.export("where", f"{pulumi.get_organization()}/{pulumi.get_project()}/{pulumi.get_stack()}")
