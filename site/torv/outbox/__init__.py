"""What must happen because content changed: written in the content's transaction, carried out after it, at least once.

    outbox.register("search.offers", reindex, batch=500)    # in AppConfig.ready()
    outbox.enqueue(topic="search.offers", key="17")         # in the transaction that changes offer 17
    outbox.drain()                                          # on commit, by a worker, or at the next request

A process that is killed loses nothing: what it had claimed is taken over by the next drain. Entries of one topic and
key are carried out one after the other, never at the same time, so an older state cannot overwrite a newer one.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torv.outbox.delivery import Drained, Postpone, catch_up, drain, handlers, register, retry
    from torv.outbox.stamps import stamp
    from torv.outbox.writing import enqueue, enqueue_later, enqueue_many

__all__ = [
    "Drained",
    "Postpone",
    "catch_up",
    "drain",
    "enqueue",
    "enqueue_later",
    "enqueue_many",
    "handlers",
    "register",
    "retry",
    "stamp",
]

_ELSEWHERE = {"enqueue": "writing", "enqueue_later": "writing", "enqueue_many": "writing", "stamp": "stamps"}


def __getattr__(name: str) -> Any:
    # Django imports this package before models may be imported, so the functions come when they are first asked for.
    if name in __all__:
        return getattr(import_module(f"torv.outbox.{_ELSEWHERE.get(name, 'delivery')}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
