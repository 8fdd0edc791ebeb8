"""A region's own look: a small file of colours, shape, font and logo, checked, and served as one style sheet.

`TORV_THEME` names a bundled theme or a file of the same kind. Nothing in such a file reaches a page as it is written:
every value is read as what it must be (a colour, a length, a name) and written anew, so no style sheet can be smuggled
in, and everything is served from the site's own addresses under its strict Content-Security-Policy.
"""

from .reading import Theme, ThemeError, bundled, read, theme

__all__ = ["Theme", "ThemeError", "bundled", "read", "theme"]
