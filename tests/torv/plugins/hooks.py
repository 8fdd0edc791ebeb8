"""The hooks that the contract specifies."""

import inspect
from collections.abc import Callable
from typing import Any

from torv.plugins import hookspecs
from torv.plugins.markers import PROJECT


def specified() -> dict[str, Callable[..., Any]]:
    """Hook's name -> its specification, in the order of the file."""
    return {name: f for name, f in vars(hookspecs).items() if inspect.isfunction(f) and hasattr(f, f"{PROJECT}_spec")}
