"""The platform program: find the stack's kind and run it."""

import pulumi

import stacks

stacks.run(pulumi.get_stack(), pulumi.Config())
