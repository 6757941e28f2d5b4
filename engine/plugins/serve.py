"""`python -m engine.plugins.serve MODULE:CLASS [ENGINE]`: any Python provider as a plugin for other engines."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from engine.provider_api import ProviderFactory


def main(arguments: Sequence[str]) -> int:
    """Serve the provider that the first argument names."""
    module, colon, attribute = arguments[0].partition(":") if arguments else ("", "", "")
    if not colon:
        print("usage: python -m engine.plugins.serve MODULE:CLASS [ENGINE_ADDRESS]", file=sys.stderr)
        return 2
    from engine.wire.plugin.serving import serve

    factory: ProviderFactory = getattr(importlib.import_module(module), attribute)
    serve(factory, arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
