"""Policy packs: what a resource and a stack must be like, judged by analyzers that speak Pulumi's protocol."""
