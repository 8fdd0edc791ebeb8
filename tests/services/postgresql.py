"""PostgreSQL for tests: Debian's `postgresql` package, or `initdb` and `postgres` on the path.

python -m tests.services.postgresql CMD …                 runs CMD with TORV_TEST_DATABASE_URL set to its own server
python -m tests.services.postgresql --or-sqlite CMD …     the same; without PostgreSQL runs CMD on SQLite, except in CI
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.services.servers import Server, Unavailable, cache_folder, give, runner

USER = "torv"


def binaries() -> Path:
    """The folder with `initdb` and `postgres`, the newest there is; raises Unavailable."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    found = shutil.which("initdb") or (installed[-1] if installed else None)
    if not found:
        raise Unavailable("PostgreSQL is not installed.")
    return Path(found).resolve().parent


def postgresql(folder: Path) -> Server:
    """A server on a free port with the superuser `torv` and no password, listening on loopback only."""

    def prepare(port: int) -> tuple[list[str], dict[str, str]]:
        found, data = binaries(), folder / "data"
        environment = {"PATH": f"{found}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "HOME": str(folder)}
        folder.chmod(0o755)
        give(folder)
        user, group = runner() or (None, None)
        as_user = {"user": user, "group": group, "extra_groups": []} if user is not None else {}
        shutil.rmtree(data, ignore_errors=True)
        subprocess.run(
            [str(found / "initdb"), "-D", str(data), "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync"],
            check=True, capture_output=True, env=environment, cwd=folder, **as_user,
        )  # fmt: skip
        # Nothing here outlives the tests: no need to wait for the disk.
        options = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": str(folder), "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": 100, "shared_buffers": "64MB",
        }  # fmt: skip
        chosen = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(found / "postgres"), "-D", str(data), *chosen], environment

    return Server(folder, prepare, answers, gently=signal.SIGINT, patience=60)


def answers(port: int) -> bool:
    import psycopg

    try:
        with psycopg.connect(f"host=127.0.0.1 port={port} user={USER} dbname=postgres connect_timeout=2"):
            return True
    except psycopg.Error:
        return False


def shared() -> Server:
    return postgresql(cache_folder() / "running" / "postgresql")


def database_url(port: int) -> str:
    """For TORV_TEST_DATABASE_URL; Django makes `test_torv` from it, and each xdist worker its own."""
    return f"postgres://{USER}@127.0.0.1:{port}/torv"


def main() -> int:
    """Run a command with the server up. Without PostgreSQL: a failure in CI, one line elsewhere."""
    or_sqlite = sys.argv[1] == "--or-sqlite"
    command = sys.argv[2:] if or_sqlite else sys.argv[1:]
    try:
        server = postgresql(cache_folder() / "running" / f"postgresql-{os.getpid()}")
        port = server.hold()
    except Unavailable as missing:
        print(f"{missing} The tests are not run on it.", file=sys.stderr)
        if os.environ.get("CI"):
            return 1
        return subprocess.run(command).returncode if or_sqlite else 0
    try:
        return subprocess.run(command, env={**os.environ, "TORV_TEST_DATABASE_URL": database_url(port)}).returncode
    finally:
        server.release()


if __name__ == "__main__":
    sys.exit(main())
