"""The package `pulumi`, which the engine serves itself: references to other stacks, stashes, and its own resources."""
