"""Where an index lies: a folder per source, in it a folder per build, and a pointer file that names the one in use.

<TORV_SEARCH_PATH>/offers/current                 the name of a build, replaced in one step
<TORV_SEARCH_PATH>/offers/lock                    held by whoever writes
<TORV_SEARCH_PATH>/offers/offers-1a2b3c-9f8e7d6c5b-20260101T120000.000001/
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from search.errors import IndexUnavailable

POINTER, LOCK, BUILDING = "current", "lock", ".building"
OLD_BUILDS = 1  # kept beside the one in use, for readers that are just opening it


class Store:
    """The files of one source's indexes."""

    def __init__(self, source: str, root: Path | None = None) -> None:
        self.folder = Path(root or settings.TORV_SEARCH_PATH) / source
        self.source = source

    @property
    def current(self) -> str:
        """Name of the build in use, "" when there is none."""
        try:
            return (self.folder / POINTER).read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except (OSError, ValueError) as error:
            raise IndexUnavailable(f"The search index cannot be read: {error}") from error

    def path(self, name: str) -> Path:
        return self.folder / name

    def new(self, version: str) -> Path:
        """An empty folder for a build of that version."""
        stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%S.%f")
        path = self.folder / f"{self.source}-{version}-{stamp}{BUILDING}"
        path.mkdir(parents=True)
        return path

    def point_to(self, building: Path) -> str:
        """Make a finished build the one in use: readers see the old one or the new one, never neither."""
        name = building.name.removesuffix(BUILDING)
        building.rename(self.folder / name)
        self.use(name)
        return name

    def use(self, name: str) -> None:
        """Make a finished build the one in use, in one step."""
        temporary = self.folder / f"{POINTER}.{os.getpid()}"
        with temporary.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / POINTER)

    def previous(self, version: str) -> str:
        """The newest finished build of that version that is not in use, "" when there is none."""
        with contextlib.suppress(FileNotFoundError):
            current = self.current
            return max(
                (
                    path.name
                    for path in self.folder.iterdir()
                    if path.name.startswith(f"{self.source}-{version}-")
                    and path.name != current
                    and not path.name.endswith(BUILDING)
                ),
                default="",
            )
        return ""

    def prune(self) -> None:
        """Remove builds that are no longer in use, and what killed rebuilds left. Call it with the lock."""
        current = self.current
        finished = sorted(
            (p for p in self.folder.iterdir() if p.is_dir() and p.name != current and not p.name.endswith(BUILDING)),
            key=lambda path: path.name.rpartition("-")[2],
        )
        for path in [*finished[: max(0, len(finished) - OLD_BUILDS)], *self.folder.glob(f"*{BUILDING}")]:
            shutil.rmtree(path, ignore_errors=True)

    @contextlib.contextmanager
    def lock(self, name: str = LOCK, *, wait: float | None = None) -> Iterator[bool]:
        """Hold the lock file; the system frees it when this process ends, however it ends.

        Yields True when it is held; with `wait`, False after that many seconds without getting it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise IndexUnavailable(f"The search index cannot be written: {error}") from error
        try:
            if wait is None:
                fcntl.flock(handle, fcntl.LOCK_EX)
                yield True
                return
            deadline = time.monotonic() + wait
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    yield True
                    return
                except BlockingIOError:
                    if time.monotonic() >= deadline:
                        break
                    time.sleep(0.02)
            yield False
        finally:
            os.close(handle)

    def size(self, name: str) -> int:
        """Bytes of a build."""
        with contextlib.suppress(OSError):
            return sum(file.stat().st_size for file in self.path(name).iterdir())
        return 0
