"""Elasticsearch as a careful operator runs it: users, rights, and TLS with a certificate of the operator's own
authority."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.services.elasticsearch import elasticsearch
from tests.services.servers import Server, Unavailable, running_folder

PASSWORD = "known to these tests"
SETTINGS = {
    "xpack.security.enabled": True,
    "xpack.security.autoconfiguration.enabled": False,
    "xpack.security.enrollment.enabled": False,
    "xpack.security.http.ssl.enabled": True,
    "xpack.security.http.ssl.key": "server.key",
    "xpack.security.http.ssl.certificate": "server.crt",
}


def openssl(*args: str, folder: Path) -> str:
    found = shutil.which("openssl")
    if not found:
        raise Unavailable("Certificates for tests need openssl.")
    done = subprocess.run([found, *args], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def make_certificates(folder: Path) -> None:
    """`ca.crt` and `server.crt`, which it signed for 127.0.0.1; `other.crt`, an authority that signed nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    for name in ("ca", "other"):
        openssl("req", "-x509", *key, "-days", "2", "-subj", f"/CN=Torv tests {name}", "-keyout", f"{name}.key",
                "-out", f"{name}.crt", folder=folder)  # fmt: skip
    openssl("req", *key, "-subj", "/CN=search", "-keyout", "server.key", "-out", "server.csr", folder=folder)
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.crt", folder=folder)  # fmt: skip


def hashed(password: str) -> str:
    """As the server keeps passwords of its file of users."""
    salt, rounds = os.urandom(32), 10_000
    made = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, rounds, 32)
    return f"{{PBKDF2}}{rounds}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"


@dataclass
class Secured:
    """A server with users and TLS. All users have the same password."""

    server: Server
    certificates: Path

    @classmethod
    def start(cls, roles: Mapping[str, Mapping[str, Any]]) -> Secured:
        """`roles`: rights by name; there is a user of the same name for each, and `admin` who may do everything.

        Users are in the server's files: this distribution cannot make the index that others, and API keys, live in.
        """
        folder = running_folder() / f"secured-{os.getpid()}"
        certificates = folder / "certificates"
        users = {name: name for name in roles} | {"admin": "superuser"}

        def configure(config: Path) -> None:
            make_certificates(certificates)
            for name in ("server.key", "server.crt"):
                shutil.copy(certificates / name, config)
            (config / "roles.yml").write_text("\n".join(f"{k}: {json.dumps(v)}" for k, v in roles.items()))
            (config / "users").write_text("".join(f"{name}:{hashed(PASSWORD)}\n" for name in users))
            (config / "users_roles").write_text("".join(f"{role}:{name}\n" for name, role in users.items()))

        made = cls(elasticsearch(folder, SETTINGS, memory="384m", configure=configure), certificates)
        made.server.hold()
        return made

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.server.port}"

    @property
    def ca(self) -> str:
        return str(self.certificates / "ca.crt")

    def fingerprint(self, name: str = "server") -> str:
        """As openssl writes it: AB:CD:…"""
        said = openssl("x509", "-in", f"{name}.crt", "-noout", "-fingerprint", "-sha256", folder=self.certificates)
        return said.strip().partition("=")[2]
