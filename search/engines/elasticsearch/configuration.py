"""What the settings say about the server, and a client made from it."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch.serializer import OrjsonSerializer

PREFIX = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
FINGERPRINT = re.compile(r"([0-9a-fA-F]{2}:?){31}[0-9a-fA-F]{2}")
REPLICAS = re.compile(r"\d{1,2}|\d{1,2}-(\d{1,2}|all)")
BUSY = (429, 502, 503, 504)  # what another node, or the same one a moment later, may answer better


@dataclass(frozen=True)
class Configuration:
    """Where Elasticsearch is and how to speak to it. `timeout`: seconds a search may take; writing may take longer."""

    hosts: tuple[str, ...] = ("http://localhost:9200",)
    prefix: str = "torv"
    api_key: str = ""
    user: str = ""
    password: str = ""
    ca: str = ""
    fingerprint: str = ""
    timeout: float = 2.0
    retries: int = 2
    shards: int = 1
    replicas: str = "0-1"

    @classmethod
    def from_settings(cls) -> Configuration:
        """From TORV_ELASTICSEARCH_…"""
        return cls(
            hosts=tuple(settings.TORV_ELASTICSEARCH_URL),
            prefix=settings.TORV_ELASTICSEARCH_PREFIX,
            api_key=settings.TORV_ELASTICSEARCH_API_KEY,
            user=settings.TORV_ELASTICSEARCH_USER,
            password=settings.TORV_ELASTICSEARCH_PASSWORD,
            ca=settings.TORV_ELASTICSEARCH_CA,
            fingerprint=settings.TORV_ELASTICSEARCH_FINGERPRINT,
            timeout=settings.TORV_ELASTICSEARCH_TIMEOUT,
            retries=settings.TORV_ELASTICSEARCH_RETRIES,
            shards=settings.TORV_ELASTICSEARCH_SHARDS,
            replicas=settings.TORV_ELASTICSEARCH_REPLICAS,
        )

    @property
    def mistakes(self) -> list[str]:
        """A sentence for each setting that cannot be right, without asking the server."""
        found = []
        if not self.hosts:
            found.append("TORV_ELASTICSEARCH_URL names no host.")
        for host in self.hosts:
            parts = urlsplit(host)
            try:
                whole = parts.scheme in ("http", "https") and parts.hostname
                parts.port  # noqa: B018 - raises for what is no port
            except ValueError:
                whole = None
            if not whole:
                found.append(f"TORV_ELASTICSEARCH_URL: {host!r} is no address like https://search.example.org:9200.")
        if not PREFIX.fullmatch(self.prefix):
            found.append("TORV_ELASTICSEARCH_PREFIX must be lower-case letters, digits, - and _, at most 64.")
        if self.timeout <= 0 or self.retries < 0 or self.shards < 1:
            found.append("TORV_ELASTICSEARCH_TIMEOUT, _RETRIES and _SHARDS must be positive numbers.")
        if not REPLICAS.fullmatch(self.replicas):
            found.append("TORV_ELASTICSEARCH_REPLICAS must be a number, or a range like 0-1 or 1-all.")
        if self.password and not self.user:
            found.append("TORV_ELASTICSEARCH_PASSWORD is given without TORV_ELASTICSEARCH_USER.")
        if self.api_key and self.user:
            found.append("Give TORV_ELASTICSEARCH_API_KEY or TORV_ELASTICSEARCH_USER, not both.")
        if (self.ca or self.fingerprint) and any(host.startswith("http://") for host in self.hosts):
            found.append("TORV_ELASTICSEARCH_CA and _FINGERPRINT need addresses that begin with https://.")
        if self.fingerprint and not FINGERPRINT.fullmatch(self.fingerprint):
            found.append("TORV_ELASTICSEARCH_FINGERPRINT must be the 64 hexadecimal digits of a SHA-256 fingerprint.")
        if self.ca and (problem := _problem_of(self.ca)):
            found.append(f"TORV_ELASTICSEARCH_CA names a file that {problem}.")
        return found

    def client(self) -> Elasticsearch:
        """A client of its own; raises ValueError for what `mistakes` would tell, or a CA file that cannot be read."""
        options: dict[str, Any] = {}
        if self.api_key:
            options["api_key"] = self.api_key
        elif self.user:
            options["basic_auth"] = (self.user, self.password)
        if self.ca:
            options["ca_certs"] = self.ca
        if self.fingerprint:
            options["ssl_assert_fingerprint"] = self.fingerprint
        hosts = [host if urlsplit(host).port else f"{host.rstrip('/')}:{_port(host)}" for host in self.hosts]
        return Elasticsearch(
            hosts,
            request_timeout=self.timeout,
            max_retries=self.retries,
            retry_on_timeout=False,
            retry_on_status=BUSY,
            max_dead_node_backoff=30,
            # An answer may count thousands of values: reading it takes a third of what the standard library's takes.
            serializers={OrjsonSerializer.mimetype: OrjsonSerializer()},
            **options,
        )


def _problem_of(authority: str) -> str:
    """What is wrong with a file of certificates, "" when nothing is."""
    try:
        ssl.create_default_context(cafile=authority)
    except ssl.SSLError:
        return "holds no certificate"
    except OSError:
        return "cannot be read"
    return ""


def _port(host: str) -> int:
    return 443 if host.startswith("https") else 80
