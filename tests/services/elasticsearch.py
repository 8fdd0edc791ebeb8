"""Elasticsearch for tests: the true server with few modules, from Maven Central. Needs Java 17 or newer.

`TORV_ELASTICSEARCH_URL` uses a server that is already there instead. Tests use index prefixes of their own and remove
them."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Mapping
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

from tests.services.servers import Server, Unavailable, cache_folder, free_port, give, running_folder

VERSION = "8.19.21"
ARTIFACT = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{VERSION}:zip"
MAVEN = Path("org/elasticsearch/distribution/integ-test-zip/elasticsearch") / VERSION / f"elasticsearch-{VERSION}.zip"
MEMORY = "512m"


def java_home() -> Path:
    """The Java that runs it; raises Unavailable."""
    if home := os.environ.get("ES_JAVA_HOME") or os.environ.get("JAVA_HOME"):
        return Path(home)
    found = shutil.which("java")
    if not found:
        raise Unavailable("Elasticsearch needs Java 17 or newer.")
    return Path(found).resolve().parent.parent


def distribution() -> Path:
    """The unpacked server, fetched once and kept; raises Unavailable."""
    java_home()
    cache = cache_folder()
    unpacked = cache / f"elasticsearch-{VERSION}"
    with (cache / "elasticsearch.lock").open("ab") as lock:
        flock(lock, LOCK_EX)
        if not unpacked.exists():
            archive = _archive()
            building = cache / f"elasticsearch-{VERSION}.unpacking"
            shutil.rmtree(building, ignore_errors=True)
            with zipfile.ZipFile(archive) as packed:
                packed.extractall(building)
            found = next(building.iterdir())
            for script in (found / "bin").iterdir():
                script.chmod(0o755)
            found.rename(unpacked)
            building.rmdir()
    return unpacked


def _archive() -> Path:
    local = Path.home() / ".m2" / "repository" / MAVEN
    if not local.exists():
        maven = shutil.which("mvn")
        if not maven:
            raise Unavailable(f"Elasticsearch needs Maven, which fetches {ARTIFACT}.")
        fetched = subprocess.run(
            [maven, "-q", "dependency:get", f"-Dartifact={ARTIFACT}"], capture_output=True, text=True, timeout=900
        )
        if fetched.returncode or not local.exists():
            raise Unavailable(f"Maven could not fetch {ARTIFACT}: {fetched.stdout[-300:]}")
    return local


def elasticsearch(
    folder: Path,
    settings: Mapping[str, Any] | None = None,
    *,
    port: int = 0,
    transport: int = 0,
    memory: str = MEMORY,
    brief: bool = True,
    configure: Callable[[Path], None] | None = None,
) -> Server:
    """A node in a folder of its own; by itself unless `settings` make it part of a cluster. Data outlives the
    process. `brief`: it is soon warm and never fast. `configure` writes more into the folder of its configuration.
    """
    transport = transport or free_port()

    def prepare(port: int) -> tuple[list[str], dict[str, str]]:
        home = distribution()
        config = folder / "config"
        for name in ("data", "logs", "temporary"):
            (folder / name).mkdir(exist_ok=True)
        if not config.exists():
            shutil.copytree(home / "config", config)
        chosen = {
            "node.name": folder.name,
            "cluster.name": "torv-tests",
            "http.port": port,
            "transport.port": transport,
            "network.host": "127.0.0.1",
            "path.data": str(folder / "data"),
            "path.logs": str(folder / "logs"),
            "xpack.security.enabled": False,
            # The tests' data are small, and the machine's disk is not theirs to judge.
            "cluster.routing.allocation.disk.threshold_enabled": False,
            **({} if settings and "discovery.seed_hosts" in settings else {"discovery.type": "single-node"}),
            **(settings or {}),
        }
        (config / "elasticsearch.yml").write_text("\n".join(f"{k}: {json.dumps(v)}" for k, v in chosen.items()))
        (config / "jvm.options.d").mkdir(exist_ok=True)
        if configure:
            configure(config)
        give(folder)
        folder.chmod(0o755)
        return [str(home / "bin" / "elasticsearch")], {
            "PATH": os.environ["PATH"],
            "ES_JAVA_HOME": str(java_home()),
            "ES_PATH_CONF": str(config),
            "ES_TMPDIR": str(folder / "temporary"),
            "ES_JAVA_OPTS": f"-Xms{memory} -Xmx{memory} -XX:TieredStopAtLevel={1 if brief else 4}",
            "CLI_JAVA_OPTS": "-Xms16m -Xmx64m -XX:+UseSerialGC",
            "HOME": str(folder),
        }

    secured = bool(settings and settings.get("xpack.security.http.ssl.enabled"))
    asked = functools.partial(answers, scheme="https" if secured else "http")
    return Server(folder, prepare, asked, gently=signal.SIGTERM, keep=("data", "config"), port=port, patience=180)


def answers(port: int, scheme: str = "http") -> bool:
    """Whether the node is part of a cluster that has a master. (This distribution has no `GET /`.)"""
    anyone = ssl._create_unverified_context() if scheme == "https" else None
    url = f"{scheme}://127.0.0.1:{port}/_cluster/health?timeout=1s"
    try:
        with urllib.request.urlopen(url, timeout=3, context=anyone) as reply:
            return json.load(reply)["status"] in ("green", "yellow")
    except urllib.error.HTTPError as error:
        return error.code == 401  # up, and asks who we are
    except (OSError, ValueError):
        return False


def shared() -> Server:
    """The server that all tests share, whichever processes they run in."""
    server = elasticsearch(running_folder() / "elasticsearch")
    server.keep = ()  # what a killed test left in it goes with it
    return server


if __name__ == "__main__":
    try:
        distribution()
    except Unavailable as missing:
        print(f"{missing} Tests that need it will be skipped.", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") else 0)
