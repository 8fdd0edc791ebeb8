"""What is said at start-up, one sentence each."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from elasticsearch import Elasticsearch

from directory.search import OFFERS, SUPPLIERS
from search import engines
from search.checks import elasticsearch_answers, indexes_are_of_this_version
from search.engines.elasticsearch.trouble import WRONG_SERVER
from tests.factories.directory import EnterprisePageFactory
from tests.search.engines.impostors import JSON, impostor


def test_a_missing_word_table_is_one_sentence_at_start_up(monkeypatch):
    from search import checks
    from search.analysis import TablesMissing

    def missing():
        raise TablesMissing("The word table da.forms is missing.")

    monkeypatch.setattr(checks, "check_tables", missing)
    (error,) = checks.word_tables_are_whole(None)
    assert (error.id, error.msg) == ("search.E001", "The word table da.forms is missing.")


def test_an_index_folder_that_cannot_be_written_is_one_sentence_at_start_up(settings, tmp_path):
    from search.checks import index_folder_is_writable

    assert index_folder_is_writable(None) == []
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.TORV_SEARCH_PATH = blocked / "search"
    (error,) = index_folder_is_writable(None)
    assert error.id == "search.E002"


def test_an_unknown_engine_is_one_sentence_at_start_up(settings):
    from search.checks import engine_is_known

    settings.TORV_SEARCH_ENGINE = "lucene"
    (error,) = engine_is_known(None)
    assert error.id == "search.E003"


# -- indexes of another version --------------------------------------------------------------------------------------


def ready_reason(client) -> str:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    return answer.json()["checks"]["search"]["reason"]


@pytest.fixture
def built(db, search_engine):
    EnterprisePageFactory(title_da="Havnens Kantine")
    call_command("search", "rebuild", stdout=io.StringIO())


def test_an_index_of_this_version_needs_no_word(built, client):
    assert indexes_are_of_this_version(None) == []
    assert client.get("/health/ready").json()["checks"]["search"]["status"] == "ok"


def test_a_missing_index_is_no_mistake_at_start_up(db, search_engine):
    assert indexes_are_of_this_version(None) == []


def test_an_index_of_another_version_is_named_at_start_up(built, client, monkeypatch):
    monkeypatch.setattr(SUPPLIERS, "version", 99, raising=False)
    (warning,) = indexes_are_of_this_version(None)
    assert (warning.id, warning.msg) == (
        "search.W006",
        "The search index of suppliers was built for another version.",
    )
    assert "search rebuild" in warning.hint
    out = io.StringIO()
    call_command("check", "--tag", "search", stderr=out)
    assert warning.msg in out.getvalue()
    assert "Traceback" not in out.getvalue()
    answer = client.get("/api/v3/search/offers/")
    assert answer.json()["degraded"] is False  # the others go on


@pytest.mark.parametrize("search_engine", ["elasticsearch"], indirect=True)
def test_an_index_of_a_newer_version_is_named_at_start_up_and_when_asked_for_health(
    built, client, settings, monkeypatch
):
    monkeypatch.setattr(OFFERS, "version", 99, raising=False)
    with Elasticsearch(settings.TORV_ELASTICSEARCH_URL) as server:
        server.indices.put_mapping(
            index=f"{settings.TORV_ELASTICSEARCH_PREFIX}.offers.*", meta={"made_by": "99.1.0", "version": "x"}
        )
    sentence = "The search index of offers was built by Torv 99.1.0, which is newer than this process."
    assert [warning.msg for warning in indexes_are_of_this_version(None)] == [sentence]
    assert ready_reason(client).startswith(sentence)


# -- another server --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, "<html>Hello</html>", {"Content-Type": "text/html"}),
        (200, '{"version": {"distribution": "opensearch", "number": "2.1"}}', JSON),
        (404, "<html>Not here</html>", {"Content-Type": "text/html"}),
    ],
    ids=["a page", "OpenSearch", "not found"],
)  # fmt: skip
def test_another_server_is_one_sentence_at_start_up_and_no_traceback_to_a_visitor(
    settings, client, status, body, headers
):
    EnterprisePageFactory(title_da="Havnens Kantine")
    with impostor(status, body, headers) as url:
        settings.TORV_SEARCH_ENGINE, settings.TORV_ELASTICSEARCH_URL = "elasticsearch", [url]
        engines.forget()
        assert [warning.msg for warning in elasticsearch_answers(None)] == [WRONG_SERVER]
        assert indexes_are_of_this_version(None) == []
        assert ready_reason(client).startswith(WRONG_SERVER)
        page = client.get("/api/v3/search/suppliers/?q=havnens&lang=da")
        assert (page.status_code, page.json()["degraded"], page.json()["total"]) == (200, True, 1)
