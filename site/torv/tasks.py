"""Where the tasks of the packages below run: here, as soon as what called for them is committed.

After every save Wagtail notes what a page refers to, and enters it in the editor's search. It does so by tasks, which
by default run inside the save: inside its transaction, once for each row of a page, and with errors that leave
PostgreSQL's transaction unusable. Torv's own work that must not get lost goes through the outbox instead.
"""

import threading
from typing import Any

from django.db import transaction
from django_tasks.backends.immediate import ImmediateBackend
from django_tasks.base import TaskResult

_local = threading.local()


class OnCommitBackend(ImmediateBackend):
    """Runs a task after the end of the transaction, never after one that was undone; the same one only once."""

    def _execute_task(self, task_result: TaskResult[Any]) -> None:
        key = (task_result.task.module_path, repr(task_result.args), repr(task_result.kwargs))
        done = _done_in_this_transaction()

        def run() -> None:
            if key not in done:
                done.add(key)
                super(OnCommitBackend, self)._execute_task(task_result)

        transaction.on_commit(run)


def _done_in_this_transaction() -> set[tuple[str, str, str]]:
    """What this transaction's tasks have done; once they have begun, what comes belongs to the next transaction."""
    if getattr(_local, "done", None) or not hasattr(_local, "done"):
        _local.done = set()
    return _local.done
