"""Runs one server for as long as somebody holds its folder's lock file: also when they were killed, nothing stays
behind.

    python -m tests.services.keeper FOLDER      FOLDER/command.json says what to run

`FOLDER/users` is held (shared) by every test process that uses the server, `FOLDER/starting` by the one that starts
it. The system frees locks when a process ends, however it ends; without any holder the keeper stops the server and
removes its files."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE = 3.0  # seconds without a user before the server is stopped


def main(folder: Path) -> None:
    command = json.loads((folder / "command.json").read_text())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    user = {"user": command["user"], "group": command["group"], "extra_groups": []} if command["user"] else {}
    with (folder / "output.log").open("ab") as output:
        server = subprocess.Popen(
            command["argv"], env=command["environment"], cwd=folder, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output, start_new_session=True, **user,
        )  # fmt: skip
    (folder / "pid").write_text(str(server.pid))
    alone_since = None
    while True:
        time.sleep(0.3)
        ended = server.poll() is not None
        with (folder / "starting").open("ab") as starting, (folder / "users").open("ab") as users:
            try:
                fcntl.flock(starting, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                alone_since = None
                continue
            alone_since = alone_since or time.monotonic()
            if not ended and time.monotonic() - alone_since < GRACE:
                continue
            (folder / "ready").unlink(missing_ok=True)
            stop(server, command["signal"])
            for path in folder.iterdir():
                if path.name not in ("starting", "users", *command["keep"]):
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
            return


def stop(server: subprocess.Popen, gently: int) -> None:
    """End the server and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGCONT)
        os.kill(server.pid, gently)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
