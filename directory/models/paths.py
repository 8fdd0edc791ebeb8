"""Ancestor paths: a code that carries its parents, segment by segment ("90/909/9091", "DK/1082/0760")."""

from collections.abc import Iterator

SEPARATOR = "/"


def lineage(path: str) -> Iterator[str]:
    """The ancestors of `path`, broadest first, and `path` itself: "a/b/c" gives "a", "a/b", "a/b/c"."""
    segments = path.split(SEPARATOR)
    for depth in range(1, len(segments) + 1):
        yield SEPARATOR.join(segments[:depth])


def parent_path(path: str) -> str:
    """The path one step up, "" at the top."""
    return path.rpartition(SEPARATOR)[0]


class PathMixin:
    """For a model whose `path` holds its ancestor path."""

    path: str

    @property
    def lineage(self) -> list[str]:
        return list(lineage(self.path))

    @property
    def depth(self) -> int:
        """1 at the top."""
        return self.path.count(SEPARATOR) + 1
