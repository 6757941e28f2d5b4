"""`python -m providers NAME [ENGINE]`: one of the built-in providers as a Pulumi plugin, e.g. to attach the CLI to."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from providers import BUILT_IN


def main(arguments: Sequence[str]) -> int:
    """Serve the provider of that name; the first line that is printed is its port."""
    name = arguments[0] if arguments else ""
    if name not in BUILT_IN:
        print(f"no provider '{name}'; choose one of: {', '.join(BUILT_IN)}", file=sys.stderr)
        return 2
    from engine.wire.plugin.serving import serve

    module, _, attribute = BUILT_IN[name].partition(":")
    serve(getattr(importlib.import_module(module), attribute), arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
