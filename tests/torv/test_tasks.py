"""Tasks of the packages below."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django_tasks import task
from wagtail.models import ReferenceIndex

from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db
done: list[str] = []


@task()
def note(what: str) -> None:
    done.append(what)


@pytest.fixture(autouse=True)
def _nothing_done() -> None:
    done.clear()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Callable[..., Any]) -> Callable[[], Any]:
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_task_in_a_transaction_runs_after_its_end(committed):
    with committed():
        note.enqueue("a")
        assert done == []
    assert done == ["a"]


def test_task_of_an_undone_change_never_runs(committed):
    with committed(), transaction.atomic():
        note.enqueue("a")
        transaction.set_rollback(True)
    assert done == []


def test_same_task_in_one_transaction_runs_once(committed):
    with committed():
        for what in "aba":
            note.enqueue(what)
    assert done == ["a", "b"]


def test_same_task_in_the_next_transaction_runs_again(committed):
    for _ in range(2):
        with committed():
            note.enqueue("a")
    assert done == ["a", "a"]


@pytest.mark.django_db(transaction=True)
def test_task_outside_a_transaction_runs_at_once():
    note.enqueue("a")
    assert done == ["a"]


def test_references_are_known_once_they_are_committed(committed, home_page):
    with committed():
        PageFactory(parent=home_page, body_da=[("text", f'<a linktype="page" id="{home_page.pk}">Forside</a>')])
        assert not ReferenceIndex.get_references_to(home_page).exists()
    assert ReferenceIndex.get_references_to(home_page).exists()
