"""What every engine must do: hits, order and every count equal those of the brute-force oracle."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from search.errors import IndexUnavailable
from search.facets import with_ancestors
from search.plan import make_plan
from search.types import Change, Concept, Document, Plan, Query
from tests.search.engines.conftest import MANY
from tests.search.listings import Listings, make_listing, make_listings, make_query
from tests.search.oracle import Oracle, all_pages


@pytest.fixture(scope="module")
def oracle(indexed) -> Oracle:
    _engine, source = indexed
    return Oracle(source, source.rows.values())


def plan_of(query: Query) -> Plan:
    return make_plan(query.text, query.language, by_parts=len(query.text) % 2 == 0, concepts=False)


@pytest.mark.parametrize("seed", range(200))
def test_total_and_every_count_equal_the_oracle_for_a_random_request(indexed, oracle, seed):
    engine, source = indexed
    query = make_query(random.Random(seed))
    plan = plan_of(query)
    answer = engine.search(source, query, plan)
    assert answer.total == len(oracle.ids(query, plan)), query
    assert answer.counts == oracle.counts(query, plan), query


@pytest.mark.parametrize("seed", range(40))
def test_pages_together_hold_each_hit_once(indexed, oracle, seed):
    engine, source = indexed
    query = make_query(random.Random(1000 + seed), sort="relevance")
    plan = plan_of(query)
    found = all_pages(engine, query, plan, source, size=7)
    assert len(found) == len(set(found))
    assert set(found) == oracle.ids(query, plan)


@pytest.mark.parametrize("sort", ["name", "newest"])
@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_order_of_a_sort_equals_the_oracle(indexed, oracle, sort, language):
    engine, source = indexed
    for text in ("", "service", "möbler"):
        query = Query("listings", language, text=text, sort=sort, size=50)
        plan = plan_of(query)
        assert all_pages(engine, query, plan, source, size=50) == oracle.ordered(query, plan)


def test_a_count_is_what_selecting_the_value_finds(indexed):
    engine, source = indexed
    query = Query("listings", "da", text="rengøring", filters={"kind": ("service",)})
    plan = make_plan(query.text, query.language, concepts=False)
    counts = engine.search(source, query, plan).counts
    assert counts["place"]
    for facet, values in counts.items():
        for code, count in values.items():
            chosen = replace(query, filters={**query.filters, facet: (code,)}, facets=(), size=0)
            assert engine.search(source, chosen, plan).total == count, (facet, code)


def test_facets_with_more_values_than_any_default_limit_are_counted_in_full(engine):
    documents = [
        replace(make_listing(n, random.Random(n)), facets={"cpv": ("90", f"90/{n:05d}")}) for n in range(1, 1201)
    ]
    source = Listings(documents)
    engine.rebuild(source, documents, list)
    counts = engine.search(source, Query("listings", "da", facets=("cpv",)), Plan("da")).counts
    assert len(counts["cpv"]) == 1201
    assert counts["cpv"]["90"] == 1200


def test_a_deep_tree_is_counted_as_far_as_it_is_opened(engine):
    code = "90/909/9091/90919"
    documents = [
        replace(make_listing(1, random.Random(1)), facets={"cpv": with_ancestors([code, "45/451/4511"])}),
        replace(make_listing(2, random.Random(2)), facets={"cpv": with_ancestors(["90/909/9092"])}),
    ]
    source = Listings(documents)
    engine.rebuild(source, documents, list)

    def counts(*selected: str, **attributes: Any) -> Mapping[str, int]:
        query = Query("listings", "da", filters={"cpv": selected} if selected else {}, **attributes)
        return engine.search(source, query, Plan("da")).counts["cpv"]

    upper = {"45": 1, "45/451": 1, "90": 2, "90/909": 2}
    assert counts() == counts("45") == upper
    assert counts("90/909") == {**upper, "90/909/9091": 1, "90/909/9092": 1}
    assert counts("90/909/9091") == {**upper, "90/909/9091": 1, "90/909/9092": 1, code: 1}
    everything = {**upper, "45/451/4511": 1, "90/909/9091": 1, "90/909/9092": 1, code: 1}
    assert counts(unfold=("cpv",)) == counts("45", unfold=("cpv", "place")) == everything


def test_hits_in_the_readers_language_come_first(indexed):
    engine, source = indexed
    query = Query("listings", "sv", text="reparation", size=100)  # the same word in Danish and Swedish
    hits = engine.search(source, query, make_plan(query.text, "sv", concepts=False)).hits
    swedish = ["reparation" in " ".join(hit.texts.get("sv", {}).values()) for hit in hits]
    assert True in swedish
    assert False in swedish
    assert swedish == sorted(swedish, reverse=True)


def test_a_word_in_the_name_counts_more_than_in_the_description(engine):
    texts = {"about": "Kantine i stueetagen", "name": "Huset", "offers": ""}
    first = Document("1", {"da": texts}, names={"da": "Huset"})
    second = Document("2", {"da": {**texts, "name": "Kantine", "about": "Huset i stueetagen"}}, names={"da": "Kantine"})
    source = Listings([first, second])
    engine.rebuild(source, [first, second], list)
    hits = engine.search(
        source, Query("listings", "da", text="kantine"), make_plan("kantine", "da", concepts=False)
    ).hits
    assert [hit.id for hit in hits] == ["2", "1"]


def test_a_concept_finds_what_no_word_does_and_comes_last(indexed, oracle):
    engine, source = indexed
    words = make_plan("rengøring", "da", concepts=False)
    plan = replace(words, concepts=(Concept("category", "wash", 0.5),))
    query = Query("listings", "da", text="rengøring", size=MANY)
    by_words = oracle.ids(query, words)
    hits = engine.search(source, query, plan).hits
    assert {hit.id for hit in hits} == oracle.ids(query, plan) > by_words
    positions = [hit.id in by_words for hit in hits]
    assert positions == sorted(positions, reverse=True)
    danish = ["da" in hit.texts for hit in hits if hit.id not in by_words]
    assert danish == sorted(danish, reverse=True)


def test_a_concept_of_a_facet_the_source_lacks_is_left_out(indexed):
    engine, source = indexed
    plan = replace(make_plan("zzzz", "da", concepts=False), concepts=(Concept("colour", "red", 0.5),))
    assert engine.search(source, Query("listings", "da", text="zzzz"), plan).total == 0


def test_size_zero_counts_without_hits(indexed):
    engine, source = indexed
    answer = engine.search(source, Query("listings", "da", size=0), Plan("da"))
    assert answer.total == len(source.rows)
    assert answer.hits == ()
    assert answer.counts["kind"]


def test_a_page_beyond_the_end_is_empty_and_still_counts(indexed):
    engine, source = indexed
    for page in (30, 99_999, 10**9):
        answer = engine.search(
            source, Query("listings", "da", text="have", page=page), make_plan("have", "da", concepts=False)
        )
        assert answer.hits == ()
        assert answer.total > 0


def test_hits_bring_their_texts(indexed):
    engine, source = indexed
    hit = engine.search(source, Query("listings", "en", size=1), Plan("en")).hits[0]
    assert hit.texts == source.rows[hit.id].texts
    assert tuple(hit.facets["category"]) == source.rows[hit.id].facets["category"]


def test_only_the_facets_asked_for_are_counted(indexed):
    engine, source = indexed
    answer = engine.search(source, Query("listings", "da", facets=("kind",)), Plan("da"))
    assert set(answer.counts) == {"kind"}


@pytest.mark.parametrize(
    "text", ["\x00", "*", '"', "a" * 200, "((((", "~%", "word:", "\\", "AND OR NOT", "%fam", "🧹", "İ"]
)
def test_odd_texts_are_answered(indexed, text):
    engine, source = indexed
    query = Query("listings", "da", text=text)
    assert engine.search(source, query, make_plan(text, "da", concepts=False)).total >= 0


def test_suggestions_begin_as_typed_in_the_readers_language_first(indexed):
    engine, source = indexed
    found = engine.suggest(source, "trä", "sv", 5)
    assert found
    assert all(any(w.startswith("trä") for w in phrase.casefold().split()) for phrase, _id, _language in found)
    assert found[0][2] == "sv"
    assert len({phrase.casefold() for phrase, _id, _language in found}) == len(found)


@pytest.mark.parametrize(
    ("language", "typed", "word"),
    [("da", "rengo", "rengøring"), ("da", "rengoer", "rengøring"), ("da", "aabn", "åbne"), ("da", "abn", "åbne"),
     ("sv", "oestr", "östra"), ("sv", "ostra", "östra"), ("sv", "stadn", "städning"), ("sv", "traedg", "trädgård"),
     ("sv", "Öpp", "öppna"), ("sv", "øpp", "öppna")],
)  # fmt: skip
def test_suggestions_go_on_in_every_spelling(indexed, language, typed, word):
    engine, source = indexed
    found = engine.suggest(source, typed, language, 5)
    assert found
    assert all(word in phrase.casefold() for phrase, _id, _language in found)
    assert found[0][2] == language


def test_suggestions_spelled_as_typed_come_before_those_with_diacritics(engine):
    names = ["Örebros bageri", "Orebo", "Bageriet i Oreby", "Ørebæk", "Stad"]
    documents = [Document(str(n), {"sv": {"name": name}}, names={"sv": name}) for n, name in enumerate(names)]
    source = Listings(documents)
    engine.rebuild(source, documents, list)

    def found(typed: str) -> list[str]:
        return [phrase for phrase, _id, _language in engine.suggest(source, typed, "sv", 9)]

    assert found("oreb")[:2] == ["Orebo", "Bageriet i Oreby"]
    assert set(found("oreb")[2:]) == set(found("öreb")) == set(found("oereb")) == {"Örebros bageri", "Ørebæk"}
    assert found("städ") == []
    assert found("orebros bag") == ["Örebros bageri"]


@pytest.mark.parametrize("typed", ["", " ", "*", ".*", "[", "a" * 300, "\x00"])
def test_suggestions_for_odd_beginnings_are_none(indexed, typed):
    engine, source = indexed
    assert list(engine.suggest(source, typed, "da", 5)) == []


def test_suggestions_wanted_by_none_are_none(indexed):
    engine, source = indexed
    assert list(engine.suggest(source, "ren", "da", 0)) == []


# -- changing --------------------------------------------------------------------------------------------------------


def everything(engine, source) -> set[str]:
    return {hit.id for hit in engine.search(source, Query("listings", "da", size=100), Plan("da")).hits}


def test_a_change_is_seen_by_the_next_search(engine):
    documents = make_listings(10)
    source = Listings(documents)
    engine.rebuild(source, documents, list)
    added, changed = (
        make_listing(11, random.Random(5)),
        replace(documents[0], names={"da": "Ny"}, texts={"da": {"name": "Nyttehave"}}),
    )
    engine.apply(source, [Change("11", added), Change("1", changed), Change("2", None), Change("999", None)])
    assert everything(engine, source) == {str(n) for n in range(1, 12)} - {"2"}
    query = Query("listings", "da", text="nyttehave")
    assert [h.id for h in engine.search(source, query, make_plan("nyttehave", "da", concepts=False)).hits] == ["1"]


def test_applying_the_same_change_twice_keeps_one_document(engine):
    documents = make_listings(3)
    source = Listings(documents)
    engine.rebuild(source, documents, list)
    for _ in range(2):
        engine.apply(source, [Change("1", documents[0])])
    assert engine.search(source, Query("listings", "da"), Plan("da")).total == 3


def test_fingerprints_tell_every_document_by_its_content(engine):
    documents = make_listings(20)
    source = Listings(documents)
    engine.rebuild(source, documents, list)
    assert dict(engine.fingerprints(source)) == {d.id: d.fingerprint for d in documents}


def test_a_rebuild_replays_what_changed_meanwhile(engine):
    documents = make_listings(5)
    source = Listings(documents)
    engine.rebuild(source, documents, list)
    late = [Change("1", None), Change("6", make_listing(6, random.Random(3)))]
    assert engine.rebuild(source, documents, lambda: late) == 5
    assert everything(engine, source) == {"2", "3", "4", "5", "6"}


def test_a_rebuild_that_fails_leaves_the_old_index_in_use(engine):
    documents = make_listings(5)
    source = Listings(documents)
    engine.rebuild(source, documents, list)

    def broken():
        yield documents[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError, match="went away"):
        engine.rebuild(source, broken(), list)
    assert len(everything(engine, source)) == 5
    engine.rebuild(source, documents[:2], list)
    assert len(everything(engine, source)) == 2


def test_an_empty_index_answers_nothing(engine):
    source = Listings()
    engine.rebuild(source, [], list)
    answer = engine.search(source, Query("listings", "da", text="have"), make_plan("have", "da", concepts=False))
    assert (answer.total, answer.hits) == (0, ())
    assert dict(engine.fingerprints(source)) == {}


def test_without_an_index_every_call_says_so_in_its_own_words(engine):
    source = Listings()
    with pytest.raises(IndexUnavailable):
        engine.search(source, Query("listings", "da"), Plan("da"))
    with pytest.raises(IndexUnavailable):
        engine.suggest(source, "ren", "da", 3)
    with pytest.raises(IndexUnavailable):
        engine.apply(source, [Change("1", None)])
    with pytest.raises(IndexUnavailable):
        engine.fingerprints(source)
    status = engine.status(source)
    assert not status.ready
    assert status.problem


def test_status_counts_documents_and_names_the_index(indexed):
    engine, source = indexed
    status = engine.status(source)
    assert status.ready
    assert status.documents == len(source.rows)
    assert "listings" in status.index


def test_an_index_of_another_definition_is_not_used(engine):
    documents = make_listings(3)
    source = Listings(documents)
    engine.rebuild(source, documents, list)
    source.version = 2
    with pytest.raises(IndexUnavailable):
        engine.search(source, Query("listings", "da"), Plan("da"))
    engine.rebuild(source, documents, list)
    assert engine.search(source, Query("listings", "da"), Plan("da")).total == 3


def test_a_rollback_uses_the_index_from_before_the_last_rebuild(engine):
    documents = make_listings(5)
    source = Listings(documents)
    engine.rebuild(source, documents[:3], list)
    engine.rebuild(source, documents, list)
    assert len(everything(engine, source)) == 5
    engine.rollback(source)
    assert len(everything(engine, source)) == 3
    engine.apply(source, [Change("4", documents[3])])
    assert len(everything(engine, source)) == 4
    engine.rollback(source)
    assert len(everything(engine, source)) == 5


def test_without_an_older_index_there_is_no_rollback(engine):
    source = Listings(make_listings(2))
    with pytest.raises(IndexUnavailable):
        engine.rollback(source)
    engine.rebuild(source, source.rows.values(), list)
    with pytest.raises(IndexUnavailable):
        engine.rollback(source)
    assert len(everything(engine, source)) == 2
