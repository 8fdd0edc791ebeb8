"""What goes wrong with a server, as one of our exceptions with one sentence; and the breaker that spares a server in
trouble.

Sentences name no host: they are shown by `/health/ready` too.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import elastic_transport
import elasticsearch

from search.errors import IndexMissing, IndexOutdated, IndexUnavailable, ServerUnavailable

WRONG_SERVER = "What answers at TORV_ELASTICSEARCH_URL is not Elasticsearch."


class Breaker:
    """Stops asking a server that did not answer several times in a row; lets one request try again after a pause.

    The pause doubles from `first` to `longest` seconds while trying fails.
    """

    def __init__(self, failures: int = 2, first: float = 1.0, longest: float = 30.0) -> None:
        self.failures, self.first, self.longest = failures, first, longest
        self._lock = threading.Lock()
        self._failed = 0
        self._pause = first
        self._until = 0.0
        self._reason = ""

    def enter(self) -> None:
        """Raises ServerUnavailable while the server is spared."""
        with self._lock:
            if self._failed < self.failures:
                return
            now = time.monotonic()
            if now < self._until:
                raise ServerUnavailable(self._reason)
            self._until = now + self._pause  # this request tries; others wait for what becomes of it

    def succeeded(self) -> None:
        with self._lock:
            self._failed, self._pause = 0, self.first

    def failed(self, reason: str) -> None:
        with self._lock:
            self._failed += 1
            self._reason = reason
            if self._failed >= self.failures:
                self._until = time.monotonic() + self._pause
                self._pause = min(self._pause * 2, self.longest)

    @property
    def open(self) -> bool:
        with self._lock:
            return self._failed >= self.failures and time.monotonic() < self._until


@contextmanager
def contained(source: str, breaker: Breaker | None = None) -> Iterator[None]:
    """Nothing of the client's gets out: its exceptions become ours."""
    if breaker:
        breaker.enter()
    try:
        yield
    except (elasticsearch.ApiError, elasticsearch.UnsupportedProductError, elastic_transport.TransportError) as error:
        raised = translated(error, source)
        if breaker and isinstance(error, elastic_transport.TransportError):
            breaker.failed(str(raised))
        elif breaker:
            breaker.succeeded()
        raise raised from error
    else:
        if breaker:
            breaker.succeeded()


def translated(error: Exception, source: str) -> IndexUnavailable:
    """The client's exception as ours."""
    if isinstance(error, elasticsearch.UnsupportedProductError | elastic_transport.SerializationError):
        return ServerUnavailable(WRONG_SERVER)
    if isinstance(error, elastic_transport.TlsError):
        return ServerUnavailable(
            "Elasticsearch's certificate is not trusted: see TORV_ELASTICSEARCH_CA and TORV_ELASTICSEARCH_FINGERPRINT."
        )
    if isinstance(error, elastic_transport.ConnectionTimeout):
        return ServerUnavailable("Elasticsearch does not answer in time.")
    if isinstance(error, elastic_transport.ConnectionError):
        return ServerUnavailable("Elasticsearch cannot be reached.")
    if isinstance(error, elasticsearch.ApiError):
        return refused(error.status_code, error.body, source, dict(error.meta.headers))
    return ServerUnavailable(f"Elasticsearch failed: {type(error).__name__}.")


def refused(status: int, body: Any, source: str, headers: dict[str, str] | None = None) -> IndexUnavailable:
    """An error answer, of a request or of one item of a bulk, as ours."""
    said = body.get("error", body) if isinstance(body, dict) else {}
    said = said if isinstance(said, dict) else {"type": "", "reason": str(said)}
    kinds = {said.get("type", ""), *(cause.get("type", "") for cause in said.get("root_cause") or ())}
    # What guards a server answers before it has said what it is.
    guarded = status in (401, 407, 429, 502, 503, 504) or "security_exception" in kinds
    if headers is not None and "x-elastic-product" not in {name.lower() for name in headers} and not guarded:
        return ServerUnavailable(WRONG_SERVER)
    reason = str(said.get("reason", ""))[:300]
    if status == 401:
        return ServerUnavailable(
            "Elasticsearch refuses the credentials in TORV_ELASTICSEARCH_API_KEY or TORV_ELASTICSEARCH_USER."
        )
    if "cluster_block_exception" in kinds:
        why = "its disk is full" if "flood-stage" in reason or "read-only-allow-delete" in reason else "it is blocked"
        return ServerUnavailable(f"Elasticsearch takes no changes to the index of {source}: {why}.")
    if status == 403:
        return ServerUnavailable("Elasticsearch's user may not use the indexes under TORV_ELASTICSEARCH_PREFIX.")
    if kinds & {"index_not_found_exception", "aliases_not_found_exception"} or status == 404:
        return IndexMissing(f"There is no search index of {source} yet.")
    if "media_type_header_exception" in kinds or "compatible-with" in reason:
        return ServerUnavailable("This Elasticsearch is of a version that is not supported: 8.19 and 9.x are.")
    if "strict_dynamic_mapping_exception" in kinds or "No mapping found" in str(body):
        return IndexOutdated(f"The search index of {source} lacks fields: it was built for another version.")
    if status == 429:
        return ServerUnavailable("Elasticsearch is busy.")
    return ServerUnavailable(f"Elasticsearch answered {status}: {said.get('type', '')} {reason}".rstrip())
