"""Starting a server under its keeper, and holding on to it."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOM = 4 << 30  # bytes of memory that must be free to keep files there
ANYBODY = "nobody"  # who runs servers that refuse to be run by root


class Unavailable(Exception):
    """The server cannot be had on this machine; the sentence says what to install."""


def cache_folder() -> Path:
    """Where unpacked servers lie: readable by the user that runs them, which root's home is not."""
    default = "/var/cache/torv-tests" if os.getuid() == 0 else Path.home() / ".cache" / "torv-tests"
    folder = Path(os.environ.get("TORV_TEST_CACHE", default))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def running_folder() -> Path:
    """Where servers keep what they write while tests run: in memory where there is room, as nothing of it is to last
    and Elasticsearch waits for the disk at every index that is made."""
    memory = Path("/dev/shm")
    folder = memory / f"torv-tests-{os.getuid()}"
    with contextlib.suppress(OSError):
        said = os.statvfs(memory)
        if said.f_bavail * said.f_frsize >= ROOM and not said.f_flag & os.ST_NOEXEC:
            folder.mkdir(exist_ok=True)
            if folder.stat().st_uid == os.getuid() and not folder.is_symlink():
                folder.chmod(0o755)
                return folder
    return cache_folder() / "running"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def runner() -> tuple[int, int] | None:
    """(uid, gid) to run servers as; None when this process is not root, and may run them itself."""
    if os.getuid() != 0:
        return None
    entry = pwd.getpwnam(ANYBODY)
    return entry.pw_uid, entry.pw_gid


def give(path: Path) -> None:
    """Make a folder and what is in it the runner's."""
    if (owner := runner()) is not None:
        for one in (path, *path.rglob("*")):
            os.chown(one, *owner)


@dataclass
class Server:
    """One server in `folder`. `hold()` returns when it answers; it runs at least until `release()` or this process
    ends.

    prepare: writes what it needs into the folder, given a port, and returns (argv, environment).
    answers: whether it is up, asked with its port. keep: names of files that outlive it (a data folder, to start
    again)."""

    folder: Path
    prepare: Callable[[int], tuple[Sequence[str], Mapping[str, str]]]
    answers: Callable[[int], bool]
    gently: int = signal.SIGTERM
    keep: Sequence[str] = ()
    patience: float = 120.0
    port: int = 0
    keeper: int = 0
    _users: int | None = field(default=None, repr=False)

    def hold(self) -> int:
        """The port it answers on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "starting").open("ab") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            self._users = os.open(self.folder / "users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            fcntl.flock(self._users, fcntl.LOCK_SH)
            ready = self.folder / "ready"
            with contextlib.suppress(FileNotFoundError, ValueError):
                port = int(ready.read_text())
                if self.answers(port):
                    self.port = port
                    return port
            try:
                self._start()
            except BaseException:
                self.release()
                raise
            ready.write_text(str(self.port))
            return self.port

    def _start(self) -> None:
        self.port = self.port or free_port()
        argv, environment = self.prepare(self.port)
        user, group = runner() or (None, None)
        command = {
            "argv": list(argv), "environment": dict(environment), "user": user, "group": group,
            "signal": int(self.gently), "keep": list(self.keep),
        }  # fmt: skip
        (self.folder / "command.json").write_text(json.dumps(command))
        (self.folder / "pid").unlink(missing_ok=True)
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.services.keeper", str(self.folder)],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip
        self.keeper = keeper.pid
        keeper.returncode = 0  # it outlives this process, and is nobody's to wait for
        deadline = time.monotonic() + self.patience
        while not self.answers(self.port):
            if time.monotonic() > deadline or (self.pid and not _alive(self.pid)):
                log = (self.folder / "output.log").read_text(errors="replace")[-3000:]
                raise RuntimeError(f"{argv[0]} did not start:\n{log}")
            time.sleep(0.1)

    @property
    def pid(self) -> int:
        """The server's process and process group, 0 before it has one."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            return int((self.folder / "pid").read_text())
        return 0

    def release(self) -> None:
        """Let go of it: the keeper stops it when nobody holds it any more."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def stop(self) -> None:
        """Let go of it, and wait until it is gone where this process started it."""
        self.release()
        while self.keeper and _alive(self.keeper):
            time.sleep(0.1)

    def restart(self) -> None:
        """Run it again on the same port and data, after it was killed."""
        self.stop()
        self.hold()

    def discard(self) -> None:
        """End it, and remove what it wrote: there is nothing that it would have to bring in order first."""
        self.signal(signal.SIGKILL)
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def signal(self, number: int) -> None:
        """Send the whole server a signal: SIGKILL, SIGSTOP, SIGCONT."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
