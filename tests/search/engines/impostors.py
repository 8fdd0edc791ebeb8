"""What may answer at the address of Elasticsearch, and is not it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from typing import Any


@contextmanager
def impostor(status: int, body: str, headers: dict[str, str], sent: list[Message] | None = None) -> Iterator[str]:
    """An HTTP server that answers everything alike; gives its address. `sent` takes the headers of each request."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            if sent is not None:
                sent.append(self.headers)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *args: Any) -> None:
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}"
    finally:
        made.shutdown()
        made.server_close()


JSON = {"Content-Type": "application/json"}
PRODUCT = {**JSON, "X-Elastic-Product": "Elasticsearch"}
NODES = '{"nodes": {"a": {"version": "%s"}}}'
