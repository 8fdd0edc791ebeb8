"""The two decorators of the contract, in a module of their own so that both sides can import them without a circle."""

import pluggy

PROJECT = "torv"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
