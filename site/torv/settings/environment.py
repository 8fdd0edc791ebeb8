"""Settings that an operator gives by environment, read so that a slip of the pen is named instead of obeyed.

django-environ reads `TORV_SSL_REDIRECT=ture` as no, and lets `TORV_HSTS_SECONDS=abc` end in a traceback of its own.
"""

import difflib
import warnings
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

PREFIX = "TORV_"
YES = ("true", "yes", "on", "1", "y", "ok")
NO = ("false", "no", "off", "0", "n", "")
_KINDS: dict[Any, str] = {int: "a whole number", float: "a number"}


class Environment(environ.Env):
    """`environ.Env`, strict. Raises ImproperlyConfigured with the variable's name for what cannot be what it must be;
    secrets are not repeated."""

    def __init__(self) -> None:
        super().__init__()
        #: Every variable asked for so far.
        self.asked: set[str] = set()

    def get_value(
        self,
        var: str,
        cast: Callable[..., Any] | None = None,
        default: Any = environ.Env.NOTSET,
        parse_default: bool = False,
    ) -> Any:
        self.asked.add(var)
        written = str(self.ENVIRON.get(var, ""))
        if cast is bool and var in self.ENVIRON and written.strip().lower() not in YES + NO:
            raise ImproperlyConfigured(f"{var} is {written!r}; it must be yes or no.")
        try:
            return super().get_value(var, cast=cast, default=default, parse_default=parse_default)
        except (TypeError, ValueError) as error:
            kind = _KINDS.get(cast, "something else")
            raise ImproperlyConfigured(f"{var} is {written!r}; it must be {kind}.") from error

    def number(self, var: str, *, default: float, least: float, cast: type = int) -> Any:
        """A number of at least `least`, in the unit that docs/operations.md gives for it."""
        value = self.get_value(var, cast=cast, default=default)
        if value < least:
            raise ImproperlyConfigured(f"{var} is {value}; it must be at least {least}.")
        return value

    def database(self, var: str, *, default: str) -> dict[str, Any]:
        """Django's description of a database, PostgreSQL or SQLite, from its address."""
        found = self._address(var, self.db, default)
        if found.get("ENGINE") not in ("django.db.backends.postgresql", "django.db.backends.sqlite3"):
            # Not repeated: it may hold a password.
            raise ImproperlyConfigured(f"{var} must be sqlite:///path or postgres://user:password@host:5432/name.")
        return found

    def mail(self, var: str, *, default: str) -> dict[str, Any]:
        """Django's mail settings from a server's address."""
        return self._address(var, self.email, default)

    def _address(self, var: str, read: Callable[..., dict[str, Any]], default: str) -> dict[str, Any]:
        try:
            with warnings.catch_warnings(action="ignore"):  # that an address is odd is said below
                return read(var, default=default)
        except (ImproperlyConfigured, ValueError, KeyError):
            # Neither the address nor the error that quotes it: either may hold a password.
            raise ImproperlyConfigured(f"{var} is no address that can be read; see docs/operations.md.") from None

    def site(self, var: str, *, default: Any = environ.Env.NOTSET) -> str:
        """The address of a site, `https://torv.example.org`, without a slash at the end."""
        written = str(self(var, default=default)).strip()
        found = _split(written)
        if found is None or found.scheme not in ("http", "https") or found.path.strip("/") or "@" in found.netloc:
            raise ImproperlyConfigured(
                f"{var} is {written!r}; it must be like https://torv.example.org, without a path."
            )
        return f"{found.scheme}://{found.netloc}"

    def unknown(self) -> list[tuple[str, str | None]]:
        """(name, what was probably meant) of every variable with our prefix that nothing asks for."""
        names = sorted(name for name in self.ENVIRON if name.startswith(PREFIX) and name not in self.asked)
        return [(name, next(iter(difflib.get_close_matches(name, sorted(self.asked), 1, 0.8)), None)) for name in names]


def _split(written: str) -> SplitResult | None:
    try:
        found = urlsplit(written)
        port = found.port
    except ValueError:
        return None
    whole = found.hostname and not found.query and not found.fragment and " " not in written and port != 0
    return found if whole else None
