"""Answers every request with a greeting."""

import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Hello(BaseHTTPRequestHandler):
    """One answer for all."""

    def do_GET(self):
        """Greet."""
        body = b"Hello from a Dockerfile\n"
        self.send_response(200)
        self.send_header("content-type", "text/plain; charset=utf-8")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


port = int(os.environ.get("PORT", "8080"))
print(f"hello-dockerfile listens on {port}")
ThreadingHTTPServer(("", port), Hello).serve_forever()
