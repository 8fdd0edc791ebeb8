"""What Elasticsearch alone does: versions of documents, builds beside readers, what is kept and what is removed."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.engines.elasticsearch import ElasticsearchEngine, building, locking
from search.engines.elasticsearch import engine as engine_module
from search.engines.elasticsearch.configuration import Configuration
from search.engines.elasticsearch.locking import Lock
from search.errors import IndexOutdated, ServerUnavailable
from search.plan import make_plan
from search.types import Change, Plan, Query
from tests.search.engines.conftest import elasticsearch_engine
from tests.search.listings import Listings, make_listing, make_listings

EVERYTHING = Query("listings", "da", size=100, facets=())
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> ElasticsearchEngine:
    made = elasticsearch_engine(request)
    made.rebuild(Listings(), make_listings(20), list)
    return made


@pytest.fixture
def server(engine: ElasticsearchEngine) -> Iterator[Elasticsearch]:
    """The server itself, to look at what is there."""
    with Elasticsearch(list(engine.configuration.hosts), request_timeout=30) as client:
        yield client


def ids(engine: ElasticsearchEngine, source: Listings | None = None) -> set[str]:
    return {hit.id for hit in engine.search(source or Listings(), EVERYTHING, Plan("da")).hits}


def name_of(engine: ElasticsearchEngine, number: str) -> str:
    hits = engine.search(Listings(), EVERYTHING, Plan("da")).hits
    return next(next(iter(hit.texts.values()))["name"] for hit in hits if hit.id == number)


def indexes_of(engine: ElasticsearchEngine, server: Elasticsearch) -> dict[str, set[str]]:
    found = server.indices.get_alias(index=f"{engine.configuration.prefix}.listings.*").body
    return {name: set(said["aliases"]) for name, said in found.items()}


def named(number: str, name: str):
    from dataclasses import replace

    return replace(make_listing(1, random.Random(1)), id=number, names={"da": name}, texts={"da": {"name": name}})


def runs(process: str) -> bool:
    """Whether a process is there that has not ended; one that nobody waited for has."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# -- versions --------------------------------------------------------------------------------------------------------


def test_a_late_write_does_not_undo_a_newer_one(engine):
    engine.apply(Listings(), [Change("1", named("1", "Newer"), 200)])
    engine.apply(Listings(), [Change("1", named("1", "Older"), 100)])
    assert name_of(engine, "1") == "Newer"


def test_a_late_write_does_not_bring_back_what_was_deleted(engine):
    engine.apply(Listings(), [Change("1", None, 200)])
    engine.apply(Listings(), [Change("1", named("1", "Older"), 100)])
    assert "1" not in ids(engine)


def test_a_late_delete_does_not_remove_what_is_newer(engine):
    engine.apply(Listings(), [Change("1", named("1", "Newer"), 200)])
    engine.apply(Listings(), [Change("1", None, 100)])
    assert name_of(engine, "1") == "Newer"


def test_the_same_write_may_be_repeated(engine):
    for _ in range(2):
        engine.apply(Listings(), [Change("1", named("1", "Once"), 200)])
    assert name_of(engine, "1") == "Once"


def test_a_newer_write_among_late_ones_is_kept(engine):
    engine.apply(Listings(), [Change("1", named("1", "Newer"), 200)])
    engine.apply(Listings(), [Change("1", named("1", "Older"), 100), Change("2", named("2", "Other"), 100)])
    assert (name_of(engine, "1"), name_of(engine, "2")) == ("Newer", "Other")


# -- building --------------------------------------------------------------------------------------------------------


def test_changes_during_a_rebuild_are_in_both_indexes_and_are_not_overwritten_by_it(engine):
    rows = make_listings(20)

    def documents():
        yield from rows[:10]
        # Read before, written after: the rebuild's own copy of 15 is older than this change.
        engine.apply(Listings(), [Change("15", named("15", "Changed"), 500), Change("16", None, 500)])
        assert name_of(engine, "15") == "Changed"  # readers of the old index see it at once
        yield from rows[10:]

    engine.rebuild(Listings(), documents(), list)
    assert name_of(engine, "15") == "Changed"
    assert ids(engine) == {str(n) for n in range(1, 21)} - {"16"}


def test_readers_find_everything_while_the_index_is_swapped(engine):
    done, wrong, searched = threading.Event(), [], []

    def read() -> None:
        reader = ElasticsearchEngine(engine.configuration)
        while not done.is_set():
            searched.append(1)
            if reader.search(Listings(), EVERYTHING, Plan("da")).total != 20:
                wrong.append(1)

    reading = threading.Thread(target=read)
    reading.start()
    for _ in range(3):
        engine.rebuild(Listings(), make_listings(20), list)
    done.set()
    reading.join()
    assert len(searched) > 3
    assert wrong == []


def test_many_documents_are_analysed_by_several_processes(engine, settings, monkeypatch):
    monkeypatch.setattr(building, "WORTH_IT", 1_000)
    settings.TORV_SEARCH_PROCESSES = 2
    rows = make_listings(2_600)
    assert engine.rebuild(Listings(), iter(rows), list) == 2_600
    assert dict(engine.fingerprints(Listings())) == {d.id: d.fingerprint for d in rows}


def test_what_goes_wrong_in_one_of_several_processes_ends_the_rebuild(engine, settings, monkeypatch, server):
    monkeypatch.setattr(building, "WORTH_IT", 1_000)
    settings.TORV_SEARCH_PROCESSES = 2

    def refuse(*args: Any) -> int:
        raise ServerUnavailable("Elasticsearch is busy.")

    monkeypatch.setattr(building, "_analyse_and_send", refuse)
    with pytest.raises(ServerUnavailable, match="busy"):
        engine.rebuild(Listings(), iter(make_listings(2_600)), list)
    assert len(ids(engine)) == 20
    assert len(indexes_of(engine, server)) == 1


def test_only_one_older_index_is_kept(engine, server):
    for _ in range(3):
        engine.rebuild(Listings(), make_listings(3), list)
    found = indexes_of(engine, server)
    assert len(found) == 2
    assert sorted(len(aliases) for aliases in found.values()) == [0, 1]


def test_an_older_index_of_another_version_is_kept_for_the_code_that_uses_it(engine, server):
    class Changed(Listings):
        version = 2

    engine.rebuild(Changed(), make_listings(7), list)
    assert len(ids(engine, Changed())) == 7
    assert len(ids(engine)) == 20


@pytest.mark.parametrize("processes", [1, 2])
def test_a_rebuild_killed_with_9_leaves_readers_and_writers_alone_and_nothing_behind(engine, server, processes):
    environment = {
        **os.environ, "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "torv.settings.test",
        "TORV_ELASTICSEARCH_URL": ",".join(engine.configuration.hosts),
        "TORV_ELASTICSEARCH_PREFIX": engine.configuration.prefix, "TORV_ELASTICSEARCH_TIMEOUT": "30",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.search.engines.rebuilding", str(processes)], stdout=subprocess.PIPE, text=True,
        cwd=ROOT, env=environment,
    )  # fmt: skip
    assert process.stdout
    said, *helpers = process.stdout.readline().split()
    assert said == "loading"
    assert len(helpers) == (processes if processes > 1 else 0)
    assert len(indexes_of(engine, server)) == 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert len(ids(engine)) == 20
    engine.apply(Listings(), [Change("21", named("21", "New"), 300)])
    assert len(ids(engine)) == 21
    began = time.monotonic()
    engine.rebuild(Listings(), make_listings(5), lambda: [Change("21", named("21", "New"), 300)])
    assert time.monotonic() - began < 10  # the dead process's lock is seen to be nobody's
    assert ids(engine) == {"1", "2", "3", "4", "5", "21"}
    assert not any(runs(helper) for helper in helpers)  # nor do they write any more
    found = indexes_of(engine, server)
    assert len(found) == 2  # the one in use, and the one before it
    assert not any(alias.endswith(".building") for aliases in found.values() for alias in aliases)
    assert not server.exists(index=f"{engine.configuration.prefix}.locks", id="listings")


def test_the_lock_of_a_builder_that_died_on_another_machine_is_taken_over_after_a_silence(engine, monkeypatch):
    monkeypatch.setattr(locking, "SILENCE", 1.5)
    dead = Lock(engine.client, engine.configuration.prefix, "listings")
    monkeypatch.setattr(socket, "gethostname", lambda: "another-machine")
    dead._get(1)
    monkeypatch.undo()
    monkeypatch.setattr(locking, "SILENCE", 1.5)
    began = time.monotonic()
    with Lock(engine.client, engine.configuration.prefix, "listings").held(10) as taken:
        assert 1.5 <= time.monotonic() - began < 6
        taken.check()
    assert locking.SILENCE < engine_module.BUSY_BUILDING


def test_a_builder_that_lives_on_another_machine_keeps_its_lock(engine, monkeypatch):
    monkeypatch.setattr(locking, "SILENCE", 1.0)
    monkeypatch.setattr(locking, "BEAT", 0.2)
    monkeypatch.setattr(socket, "gethostname", lambda: "another-machine")
    with Lock(engine.client, engine.configuration.prefix, "listings").held(1) as living:
        monkeypatch.setattr(Lock, "_dead", staticmethod(lambda holder: False))
        other = Lock(engine.client, engine.configuration.prefix, "listings")
        with pytest.raises(ServerUnavailable, match="built by another process"), other.held(2.5):
            pass
        living.check()


def test_a_builder_waits_for_another_and_says_so(engine):
    prefix = engine.configuration.prefix
    one, other = (Lock(engine.client, prefix, "listings") for _ in range(2))
    with one.held(1), pytest.raises(ServerUnavailable, match="built by another process"), other.held(0.5):
        pass
    with Lock(engine.client, prefix, "listings").held(1) as free:
        free.check()


def test_a_builder_that_lost_its_lock_does_not_swap(engine, monkeypatch):
    monkeypatch.setattr(Lock, "check", lambda self: (_ for _ in ()).throw(ServerUnavailable("took over")))
    with pytest.raises(ServerUnavailable, match="took over"):
        engine.rebuild(Listings(), make_listings(3), list)
    assert len(ids(engine)) == 20


# -- mappings --------------------------------------------------------------------------------------------------------


def test_the_mapping_is_strict_and_complete(engine, server):
    index = engine.status(Listings()).index
    mapping = server.indices.get_mapping(index=index)[index]["mappings"]
    assert mapping["dynamic"] == "strict"
    assert mapping["_source"] == {"includes": ["stored"]}
    for name in ("text_name_da_word", "text_about_sv_part", "phrase_en", "facet_cpv", "sort_name_sv", "sort_newest"):
        assert name in mapping["properties"]
    with pytest.raises(Exception, match="strict_dynamic_mapping_exception"):
        server.index(index=index, id="x", document={"unknown": 1})


def test_an_index_that_appears_by_accident_gets_the_mapping_too(engine, server):
    name = f"{engine.configuration.prefix}.listings.stray"
    server.indices.create(index=name)
    assert server.indices.get_mapping(index=name)[name]["mappings"]["dynamic"] == "strict"


def test_an_index_whose_mapping_lacks_fields_is_not_used(engine, server):
    indexes = engine.indexes(Listings())
    index = engine.status(Listings()).index
    server.indices.delete(index=index)
    server.indices.delete_index_template(name=f"{engine.configuration.prefix}.listings")
    server.indices.create(index=index, mappings={"dynamic": "strict", "properties": {"id": {"type": "keyword"}}},
                          aliases={indexes.alias: {}})  # fmt: skip
    fresh = ElasticsearchEngine(engine.configuration)
    with pytest.raises(IndexOutdated, match="fields are missing"):
        fresh.search(Listings(), EVERYTHING, Plan("da"))
    with pytest.raises(IndexOutdated):
        engine.apply(Listings(), [Change("1", named("1", "New"), 300)])
    assert "fields are missing" in fresh.status(Listings()).problem


def test_an_index_removed_under_a_reader_is_reported(engine, server):
    assert ids(engine)
    server.indices.delete(index=engine.status(Listings()).index)
    with pytest.raises(ServerUnavailable.__mro__[1]):
        ids(engine)
    assert "no search index" in engine.status(Listings()).problem
    assert indexes_of(engine, server) == {}


def test_an_index_of_a_newer_version_is_named_as_such(engine, server):
    class Newer(Listings):
        version = 9

    index = engine.status(Listings()).index
    server.indices.put_mapping(index=index, meta={"made_by": "99.1.0", "version": "x"})
    assert "built by Torv 99.1.0, which is newer" in engine.status(Newer()).problem


def test_two_sites_share_a_cluster_by_their_prefixes(request, engine):
    other = elasticsearch_engine(request)
    other.rebuild(Listings(), make_listings(4), list)
    assert (len(ids(engine)), len(ids(other))) == (20, 4)


def test_shards_give_the_same_answers_as_one(request, engine):
    spread = elasticsearch_engine(request, shards=3)
    rows = make_listings(300)
    for each in (engine, spread):
        each.rebuild(Listings(), rows, list)
    for text in ("rengøring", "have", "service skole", ""):
        query = Query("listings", "da", text=text, size=100)
        plan = make_plan(text, "da", concepts=False)
        one, three = (each.search(Listings(), query, plan) for each in (engine, spread))
        assert one.total == three.total
        assert one.counts == three.counts
        assert [h.id for h in one.hits] == [h.id for h in three.hits]


def test_a_document_that_the_server_refuses_does_not_hold_up_the_others(engine, caplog):
    from dataclasses import replace

    broken = replace(named("30", "Broken"), facets={"kind": ("k" * 40_000,)})
    engine.apply(Listings(), [Change("30", broken, 10), Change("31", named("31", "Whole"), 10)])
    assert "31" in ids(engine)
    assert "30" not in ids(engine)
    assert "does not take listings 30" in caplog.text


def test_settings_become_the_index_settings(request, server):
    made = elasticsearch_engine(request, shards=2, replicas="0")
    made.rebuild(Listings(), make_listings(2), list)
    index = made.status(Listings()).index
    said = server.indices.get_settings(index=index)[index]["settings"]["index"]
    assert (said["number_of_shards"], said["number_of_replicas"]) == ("2", "0")
    assert said["refresh_interval"] == "5s"
    assert said["translog"]["durability"] == "request"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"hosts": ()}, "names no host"),
        ({"hosts": ("search.example.org",)}, "no address"),
        ({"hosts": ("http://host:port",)}, "no address"),
        ({"prefix": "Torv"}, "lower-case"),
        ({"prefix": "torv.*"}, "lower-case"),
        ({"timeout": 0}, "positive"),
        ({"replicas": "many"}, "a number, or a range"),
        ({"password": "secret"}, "without TORV_ELASTICSEARCH_USER"),
        ({"api_key": "k", "user": "u"}, "not both"),
        ({"fingerprint": "ab"}, "https"),
    ],
)
def test_settings_that_cannot_be_right_are_named(wrong, sentence):
    assert sentence in " ".join(Configuration(**wrong).mistakes)
    assert not ElasticsearchEngine(Configuration(**wrong)).status(Listings()).ready


def test_settings_by_default_are_right():
    assert Configuration().mistakes == []
