"""A small web app that tells what it is and does what it is told (support file, pushed by the tests as it is)."""

from __future__ import annotations

import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """`/env/NAME`, `/id`, `/say/WORD` (into the log), `/status/CODE`, `/sleep/MILLISECONDS`; all else: ok."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """One answer in plain text."""
        status, text = answer(self.path)
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Only what it is told to say is in its log."""


def answer(path: str) -> tuple[int, str]:
    """Status and text for a path."""
    _, verb, word = (*path.split("/", 2), "")[:3]
    if verb == "env":
        return 200, os.environ.get(word, "")
    if verb == "id":
        return 200, os.environ["CF_INSTANCE_NAME"]
    if verb == "say":
        print(word, flush=True)
    if verb == "sleep":
        time.sleep(int(word) / 1000)
    return (int(word), "as told") if verb == "status" else (200, "ok")


if __name__ == "__main__":
    if os.environ.get("REFUSE"):
        raise SystemExit("told to refuse")
    ThreadingHTTPServer(("", int(os.environ["PORT"])), Handler).serve_forever()
