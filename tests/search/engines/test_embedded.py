"""The embedded engine among processes: readers, a writer, rebuilds, and processes that die."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import tantivy

from search.engines.embedded import EmbeddedEngine
from search.engines.embedded.store import Store
from search.errors import IndexOutdated, IndexUnavailable
from search.plan import make_plan
from search.types import Change, Document, Plan, Query
from tests.search.listings import Listings, make_listing, make_listings

EVERYTHING = Query("listings", "da", size=100, facets=())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def engine(folder: Path) -> EmbeddedEngine:
    made = EmbeddedEngine(folder)
    made.rebuild(Listings(), make_listings(50), list)
    return made


@contextmanager
def other_process(task: str, folder: Path) -> Iterator[subprocess.Popen]:
    root = Path(__file__).resolve().parents[3]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root / 'site'}:{root}",
        "DJANGO_SETTINGS_MODULE": "torv.settings.test",
        "TMPDIR": str(folder.parent),  # what the settings put there goes with the test
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.search.engines.processes", task, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root, env=environment,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()


def ids(engine: EmbeddedEngine) -> set[str]:
    return {hit.id for hit in engine.search(Listings(), EVERYTHING, Plan("da")).hits}


def ask(process: subprocess.Popen) -> set[str]:
    process.stdin.write("\n")
    process.stdin.flush()
    return set(process.stdout.readline().strip().split(","))


def test_other_processes_see_a_change_at_their_next_search(engine, folder):
    with other_process("read", folder) as one, other_process("read", folder) as two:
        assert ask(one) == ask(two) == ids(engine)
        for number in range(60, 70):
            engine.apply(Listings(), [Change(str(number), make_listing(number, random.Random(number)))])
            assert str(number) in ask(one)
            assert str(number) in ask(two)
        engine.apply(Listings(), [Change("60", None)])
        assert "60" not in ask(one)


def test_other_processes_follow_a_rebuild(engine, folder):
    with other_process("read", folder) as reader:
        assert len(ask(reader)) == 50
        engine.rebuild(Listings(), make_listings(20), list)
        assert len(ask(reader)) == 20


def test_readers_meet_no_error_while_indexes_are_swapped(engine, folder):
    with other_process("read_on", folder) as one, other_process("read_on", folder) as two:
        for reader in (one, two):
            assert reader.stdout.readline().strip() == "ready"
        for _ in range(6):
            engine.rebuild(Listings(), make_listings(50), list)
            time.sleep(0.1)
        for reader in (one, two):
            reader.stdin.close()
            searches, errors, builds = map(int, reader.stdout.readline().split())
            assert errors == 0
            assert searches > 6
            assert builds > 2


@pytest.mark.parametrize("pause", [0.0, 0.07])
def test_a_writer_killed_at_any_moment_loses_nothing_it_had_committed(engine, folder, pause):
    with other_process("write_on", folder) as writer:
        committed = [int(writer.stdout.readline()) for _ in range(3)]
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        committed += [int(line) for line in writer.stdout.read().split()]
        writer.wait()
    assert {str(number) for number in committed} <= ids(engine)
    engine.apply(Listings(), [Change("2000", make_listing(2000, random.Random(1)))])  # the locks are free again
    assert "2000" in ids(engine)


def test_a_rebuild_that_is_killed_leaves_the_old_index_and_is_cleaned_up_by_the_next(engine, folder):
    before = ids(engine)
    with other_process("rebuild_slowly", folder) as builder:
        assert builder.stdout.readline().strip() == "building"
        os.kill(builder.pid, signal.SIGKILL)
        builder.wait()
    store = Store("listings", folder)
    assert list(store.folder.glob("*.building"))
    assert ids(engine) == before
    engine.rebuild(Listings(), make_listings(10), list)
    assert len(ids(engine)) == 10
    assert not list(store.folder.glob("*.building"))


def test_changes_go_on_while_a_rebuild_runs(engine, folder):
    with other_process("rebuild_slowly", folder) as builder:
        builder.stdout.readline()
        engine.apply(Listings(), [Change("77", make_listing(77, random.Random(1)))])
        assert "77" in ids(engine)


def test_writers_wait_for_each_other(engine, folder):
    store, order = Store("listings", folder), []
    with store.lock():
        waiting = threading.Thread(
            target=lambda: (engine.apply(Listings(), [Change("1", None)]), order.append("applied"))
        )
        waiting.start()
        time.sleep(0.2)
        assert "1" in ids(engine)
        order.append("released")
    waiting.join(timeout=10)
    assert order == ["released", "applied"]
    assert "1" not in ids(engine)


def test_a_lock_that_is_held_is_not_got_within_the_wait(folder):
    store = Store("listings", folder)
    with store.lock() as mine, store.lock(wait=0.05) as other:
        assert mine
        assert not other
    with store.lock(wait=0.05) as free:
        assert free


def test_an_engine_from_before_a_fork_is_opened_anew_in_the_child(engine):
    assert len(ids(engine)) == 50
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(sender, str(len(ids(engine))).encode())
        finally:
            os._exit(0)
    os.close(sender)
    assert os.read(receiver, 10) == b"50"
    os.waitpid(child, 0)


def test_only_one_old_index_is_kept(engine, folder):
    for _ in range(4):
        engine.rebuild(Listings(), make_listings(3), list)
    builds = [path for path in Store("listings", folder).folder.iterdir() if path.is_dir()]
    assert len(builds) == 2


def test_the_index_name_holds_the_version_of_the_word_tables(engine, monkeypatch):
    from search import analysis

    assert analysis.TABLES_VERSION in engine.status(Listings()).index
    monkeypatch.setattr("search.engines.embedded.schema.analysis.TABLES_VERSION", "0000000000", raising=False)
    fresh = EmbeddedEngine(engine._root)
    with pytest.raises(IndexOutdated):
        fresh.search(Listings(), EVERYTHING, Plan("da"))


def test_a_damaged_index_is_reported_as_unavailable(engine, folder):
    store = Store("listings", folder)
    for file in store.path(store.current).iterdir():
        file.write_bytes(b"rubbish")
    with pytest.raises(IndexUnavailable):
        EmbeddedEngine(folder).search(Listings(), EVERYTHING, Plan("da"))
    assert not EmbeddedEngine(folder).status(Listings()).ready


def test_an_index_removed_under_a_reader_is_reported_as_unavailable(engine, folder):
    assert ids(engine)
    shutil.rmtree(folder)
    with pytest.raises(IndexUnavailable):
        ids(engine)


def test_a_panic_of_the_library_is_reported_as_unavailable(engine, monkeypatch):
    reader = engine._reader(Listings())

    class Panicking:
        def search(self, *args, **kwargs):
            return reader.searcher.search(tantivy.Query.all_query(), 0)  # a limit of 0 panics

    monkeypatch.setattr(
        engine, "_reader", lambda source: type("R", (), {"asking": reader.asking, "searcher": Panicking()})()
    )
    with pytest.raises(IndexUnavailable):
        engine.search(Listings(), EVERYTHING, Plan("da"))


def test_a_folder_that_cannot_be_written_is_reported_as_unavailable(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(IndexUnavailable):
        EmbeddedEngine(blocked).rebuild(Listings(), [], list)


def test_equal_scores_keep_their_order_when_segments_are_merged(engine):
    source = Listings()
    texts, names = {"da": {"name": "Kantine"}}, {"da": "Kantine"}
    documents = [Document(str(n), texts, names=names) for n in range(300)]
    engine.rebuild(source, documents, list)
    query = Query("listings", "da", text="kantine", size=20, page=3, facets=())
    plan = make_plan("kantine", "da", concepts=False)
    before = [hit.id for hit in engine.search(source, query, plan).hits]
    for number in (7, 100, 299):  # written anew, so they lie elsewhere
        engine.apply(source, [Change(str(number), documents[number])])
    assert [hit.id for hit in engine.search(source, query, plan).hits] == before
