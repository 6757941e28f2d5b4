"""A support file, run as a program: assets and archives, from texts and files."""

import pulumi

archive = pulumi.AssetArchive({"a.txt": pulumi.StringAsset("a"), "folder": pulumi.FileArchive("./files")})
thing = pulumi.CustomResource(
    "cloud:index:Thing",
    "thing",
    {"text": pulumi.StringAsset("hello"), "file": pulumi.FileAsset("files/one.txt"), "pack": archive},
)
pulumi.export("id", thing.id)
pulumi.export("text", pulumi.StringAsset("hello"))
