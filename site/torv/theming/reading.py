"""Reading a theme's file: every value as what it must be, or one sentence about what is wrong."""

import difflib
import functools
import hashlib
import logging
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from .colours import Colour, colour

log = logging.getLogger(__name__)

BUNDLED = Path(__file__).parent / "themes"
OWN = "torv"
"""The theme of a site that names none. It is in the style sheet itself."""

COLOURS = ("brand", "on_brand", "spot", "action", "on_action", "ink", "page")
KNOWN = (*COLOURS, "radius", "font", "font_file", "logo")
RADIUS = re.compile(r"\d{1,2}(?:\.\d{1,2})?(?:px|rem)")
FAMILY = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,60}")
GENERIC = {"system-ui", "sans-serif", "serif", "monospace", "ui-sans-serif", "ui-serif", "ui-rounded"}
FONT_TYPES = {".woff2": "font/woff2"}
LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
LARGEST = 200_000  # bytes of a font or a logo: visitors fetch it with the first page

Pair = tuple[Colour, Colour]


class ThemeError(ValueError):
    """What is wrong with a theme, in one sentence."""


@dataclass(frozen=True)
class File:
    """A file that comes with a theme, as it is sent."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Theme:
    """A look that can be worn: `colours` is `{name: (by day, by night)}`, with every name of `COLOURS`."""

    name: str
    colours: Mapping[str, Pair]
    radius: str
    font: tuple[str, ...] = ()
    font_file: File | None = None
    logo: File | None = None
    files: Mapping[str, File] = field(init=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        extra = [file for file in (self.font_file, self.logo) if file]
        sheet = File("theme.css", self.css.encode(), "text/css; charset=utf-8")
        files = {file.name: file for file in (sheet, *extra)}
        parts = b"".join(file.content for file in files.values())
        object.__setattr__(self, "files", files)
        object.__setattr__(self, "digest", hashlib.sha256(parts).hexdigest()[:12])

    @property
    def is_own(self) -> bool:
        """Whether it is what the site's style sheet says anyway."""
        return self.name == OWN

    @property
    def css(self) -> str:
        """The custom properties of the style sheet, by day and by night; by day alone where a browser knows no more."""
        shape = [f"--radius: {self.radius};"]
        face = ""
        if self.font:
            shape.append(f"--font: {', '.join(map(_family, self.font))};")
        if self.font_file:
            face = (
                f'@font-face {{ font-family: {_family(self.font[0])}; src: url("{self.font_file.name}") '
                'format("woff2"); font-weight: 100 900; font-display: swap; }\n'
            )
        both = [f"{_property(name)}: light-dark({day}, {night});" for name, (day, night) in self.colours.items()]
        day_only = [f"{_property(name)}: {day};" for name, (day, _night) in self.colours.items()]
        return (
            f"{face}@layer theme {{\n:root {{ {' '.join([*both, *shape])} }}\n"
            f"@supports not (color: light-dark(#000, #fff)) {{ :root {{ {' '.join(day_only)} }} }}\n}}\n"
        )


def _property(name: str) -> str:
    return "--" + name.replace("_", "-")


def _family(name: str) -> str:
    return name if name in GENERIC else f'"{name}"'


def bundled() -> list[str]:
    """The names of the themes that come with Torv."""
    return sorted(path.stem for path in BUNDLED.glob("*.toml"))


def theme() -> Theme:
    """The site's theme. A faulty one is logged, named by `manage.py check`, and Torv's own is worn instead."""
    return _worn(settings.TORV_THEME)


@functools.lru_cache(maxsize=8)
def _worn(wanted: str) -> Theme:
    try:
        return read(wanted)
    except ThemeError as error:
        log.error("TORV_THEME: %s Torv's own look is shown instead.", error)
        return read(OWN)


def read(wanted: str) -> Theme:
    """
    :param wanted: the name of a bundled theme, or the path of a file that ends in ".toml"; "" for Torv's own.
    :raises ThemeError: it is not there, or something in it is not what it must be.
    """
    wanted = wanted or OWN
    path = Path(wanted) if wanted.endswith(".toml") else BUNDLED / f"{wanted}.toml"
    if not wanted.endswith(".toml") and wanted not in bundled():
        raise ThemeError(
            f"There is no theme “{wanted}”. Bundled are {', '.join(bundled())}; a theme of one's own is a .toml file."
        )
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ThemeError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"{path} is not TOML: {error}.") from error
    return _theme(path, wanted if path.parent == BUNDLED else path.stem, values)


def _theme(path: Path, name: str, values: Mapping[str, Any]) -> Theme:
    for key in values:
        if key not in KNOWN:
            near = difflib.get_close_matches(key, KNOWN, n=1)
            hint = f" Is “{near[0]}” meant?" if near else f" Known are {', '.join(KNOWN)}."
            raise ThemeError(f"{path.name} says “{key}”, which a theme does not have.{hint}")
    own = {} if path == BUNDLED / f"{OWN}.toml" else read(OWN).colours
    colours = {key: _pair(path, key, values[key]) if key in values else own[key] for key in COLOURS}
    radius = values.get("radius", "2px")
    if not isinstance(radius, str) or not RADIUS.fullmatch(radius):
        raise ThemeError(f"{path.name}: radius is a length like “8px” or “0.5rem”, not {radius!r}.")
    font = _font(path, values.get("font", []))
    font_file = _file(path, "font_file", values.get("font_file"), FONT_TYPES)
    if font_file and not font:
        raise ThemeError(f'{path.name}: with font_file, font names the family first: font = ["Name", "sans-serif"].')
    if path.parent != BUNDLED and name == OWN:
        name = f"{name}.toml"
    return Theme(name, colours, radius, font, font_file, _file(path, "logo", values.get("logo"), LOGO_TYPES))


def _pair(path: Path, key: str, value: Any) -> Pair:
    try:
        day, night = value
        return colour(day), colour(night)
    except (TypeError, ValueError) as error:
        raise ThemeError(
            f'{path.name}: {key} is two colours, by day and by night, like ["#173f7a", "#a3c6f5"], not {value!r}.'
        ) from error


def _font(path: Path, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and FAMILY.fullmatch(name) for name in value):
        raise ThemeError(
            f'{path.name}: font is a list of families like ["Segoe UI", "sans-serif"], in letters and spaces.'
        )
    return tuple(value)


def _file(path: Path, key: str, value: Any, types: Mapping[str, str]) -> File | None:
    if value is None:
        return None
    endings = " or ".join(types)
    if not isinstance(value, str) or Path(value).name != value or Path(value).suffix not in types:
        raise ThemeError(f"{path.name}: {key} is the name of a {endings} file beside the theme's, not {value!r}.")
    beside = path.parent / value
    try:
        content = beside.read_bytes()
    except OSError as error:
        raise ThemeError(f"{path.name}: {key}: {beside} cannot be read: {error.strerror}.") from error
    if len(content) > LARGEST:
        raise ThemeError(f"{path.name}: {value} has {len(content):,} bytes; at most {LARGEST:,} are sent to visitors.")
    return File(f"{key.partition('_')[0]}{beside.suffix}", content, types[beside.suffix])
