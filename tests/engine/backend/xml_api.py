"""A server for Google's XML API: S3's own, with Google's header names (support file, holds no tests).

Google documents that API as interoperable with S3's. The one emulator of Google's store that can be had as a module
speaks its JSON API alone, which obstore does not use.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

SIGNED = "AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none"


def translated(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application with `x-goog-…` headers taken and given for `x-amz-…`."""

    def serve(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        for name in [key for key in environ if key.startswith("HTTP_X_GOOG_")]:
            environ[name.replace("HTTP_X_GOOG_", "HTTP_X_AMZ_")] = environ.pop(name)
        assert environ["HTTP_AUTHORIZATION"].startswith("Bearer ")
        environ["HTTP_AUTHORIZATION"] = SIGNED

        def answer(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            own = [(name.lower().replace("x-amz-", "x-goog-"), value) for name, value in headers]
            return start(status, [*own, ("x-goog-generation", "1")], *rest)

        return app(environ, answer)

    return serve


if __name__ == "__main__":
    run_simple(
        "127.0.0.1", int(sys.argv[1]), translated(DomainDispatcherApplication(create_backend_app)), threaded=True
    )
