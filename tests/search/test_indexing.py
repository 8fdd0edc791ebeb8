"""Keeping the index true: what marks a change, what a rebuild replays, what a check finds, what survives."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from directory.models import Category, EnterprisePage, Offer
from directory.search import OFFERS, SUPPLIERS
from search import indexing
from search.actions import mark_changed
from search.engines import engine
from search.queries import blank, find, parse
from search.types import Change
from tests.factories.directory import (
    CategoryFactory,
    CertificationFactory,
    EnterprisePageFactory,
    PlaceFactory,
    make_certification,
    make_offer,
)
from torv import outbox
from torv.outbox.models import OutboxEntry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("search_engine")]


def waiting(source) -> set[str]:
    rows = OutboxEntry.objects.filter(topic=indexing.topic_of(source), state=OutboxEntry.State.PENDING)
    return set(rows.values_list("key", flat=True))


def text_of(page_or_offer, source=SUPPLIERS) -> str:
    (document,) = source.documents([page_or_offer.pk])
    return str(document.texts)


# -- what marks a change ---------------------------------------------------------------------------------------------


def test_publishing_marks_the_page_and_its_offers():
    page = EnterprisePageFactory(offers=[make_offer(), make_offer()])
    assert waiting(SUPPLIERS) == {str(page.pk)}
    assert waiting(OFFERS) == {str(offer.pk) for offer in page.offers.all()}


def test_saving_a_draft_marks_nothing():
    page = EnterprisePageFactory()
    outbox.drain()
    page.title_da = "Kommende navn"
    page.save_revision()
    assert waiting(SUPPLIERS) == set()


def test_publishing_without_an_offer_removes_it():
    page = EnterprisePageFactory(offers=[make_offer(name_da="Bliver"), make_offer(name_da="Udgår")])
    assert find(blank("offers", "da")).total == 2
    draft = page.get_latest_revision_as_object()
    draft.offers = [offer for offer in draft.offers.all() if offer.name_da == "Bliver"]
    draft.save_revision().publish()
    assert [hit.card.title for hit in find(blank("offers", "da")).hits] == ["Bliver"]


def test_renaming_a_category_reaches_the_texts_of_what_is_in_it():
    category = CategoryFactory(code="clean", name_da="Rengøring")
    page = EnterprisePageFactory(offers=[make_offer(name_da="Andet", categories=[category])])
    assert find(parse({"q": "fejning"}, "da")).total == 0
    category.name_da = "Fejning"
    category.save()
    assert waiting(SUPPLIERS) == {str(page.pk)}
    assert find(parse({"q": "fejning"}, "da")).total == 1


def test_moving_a_category_moves_the_codes_of_what_is_below_it():
    top, other = CategoryFactory(code="clean"), CategoryFactory(code="care")
    child = CategoryFactory(code="schools", parent=top)
    EnterprisePageFactory(offers=[make_offer(categories=[child])])
    assert find(parse({"category": "clean/schools"}, "da")).total == 1
    child.parent = other
    child.save()
    assert find(parse({"category": "care"}, "da")).total == 1
    assert find(parse({"category": "clean"}, "da")).total == 0


def test_deleting_a_category_marks_what_was_in_it():
    category = CategoryFactory(code="clean")
    page = EnterprisePageFactory(offers=[make_offer(categories=[category])])
    outbox.drain()
    Category.objects.get(pk=category.pk).delete()
    assert waiting(SUPPLIERS) == {str(page.pk)}
    assert "category" in find(blank("suppliers", "da")).facets
    assert find(blank("suppliers", "da")).facets["category"].buckets == ()


def test_renaming_a_place_marks_who_is_there():
    place = PlaceFactory(code="DK/1082/0751")
    page = EnterprisePageFactory(municipality=place, offers=[make_offer()])
    outbox.drain()
    place.name_da = "Smilets by"
    place.save()
    assert waiting(SUPPLIERS) == {str(page.pk)}
    assert len(waiting(OFFERS)) == 1


def test_moving_a_page_marks_it():
    page = EnterprisePageFactory()
    outbox.drain()
    page.move(page.get_parent().get_parent(), pos="last-child")
    assert str(page.pk) in waiting(SUPPLIERS)


def test_a_bulk_change_is_noted_in_few_rows_by_the_action():
    pages = [EnterprisePageFactory(slug=f"side-{n}") for n in range(3)]
    find(blank("suppliers", "da"))
    EnterprisePage.objects.update(city="Masseby")
    assert mark_changed(source="suppliers", ids=[page.pk for page in pages]) == 3
    assert find(parse({"q": "masseby"}, "da")).total == 3


def test_a_key_that_is_no_key_does_not_stop_the_others():
    page = EnterprisePageFactory()
    find(blank("suppliers", "da"))
    mark_changed(source="suppliers", ids=["nonsense", page.pk])
    assert outbox.drain().failed == 0


# -- what changes by itself ------------------------------------------------------------------------------------------


@pytest.fixture
def certified():
    """Two enterprises with an offer each; the certificate of one runs out in ten days, that of the other in twenty."""
    iso, today = CertificationFactory(code="iso-14001", name_da="Miljøledelse"), timezone.localdate()
    return [
        EnterprisePageFactory(
            offers=[make_offer()],
            certifications=[make_certification(certification=iso, valid_until=today + datetime.timedelta(days=days))],
        )
        for days in (10, 20)
    ]  # fmt: skip


@pytest.fixture
def days_later(monkeypatch):
    """Go so many days ahead, to the minute after midnight."""
    today = timezone.localdate()

    def go(days: int) -> None:
        moment = timezone.make_aware(
            datetime.datetime.combine(today + datetime.timedelta(days=days), datetime.time(0, 1))
        )
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return go


def holders(source: str) -> tuple[int, dict[str, int], int]:
    """How many have the certificate: by the facet's filter, its counts, and by its name."""
    results = find(parse({"certification": "iso-14001"}, "da", source=source))
    counts = {bucket.code: bucket.count for bucket in results.facets["certification"].buckets}
    return results.total, counts, find(parse({"q": "miljøledelse"}, "da", source=source)).total


@pytest.mark.parametrize("source", ["suppliers", "offers"])
def test_a_certificate_that_runs_out_is_gone_from_the_day_after(certified, days_later, source):
    assert holders(source) == (2, {"iso-14001": 2}, 2)
    days_later(10)
    assert holders(source)[0] == 2
    days_later(11)
    assert holders(source) == (1, {"iso-14001": 1}, 1)
    days_later(21)
    assert holders(source) == (0, {"iso-14001": 0}, 0)


def test_a_certificate_that_is_prolonged_is_not_gone(certified, days_later):
    assert holders("suppliers")[0] == 2
    held = certified[0].certifications.get()
    held.valid_until += datetime.timedelta(days=30)
    held.save()
    days_later(11)
    assert holders("suppliers")[0] == 2
    days_later(41)
    assert holders("suppliers")[0] == 0


def test_what_was_loaded_without_a_word_runs_out_too_after_a_rebuild(certified, days_later):
    OutboxEntry.objects.all().delete()
    indexing.rebuild(SUPPLIERS)
    moments = OutboxEntry.objects.filter(topic=indexing.LATER).order_by("available_at")
    midnights = [timezone.localtime(entry.available_at).replace(tzinfo=None) for entry in moments]
    midnight = datetime.datetime.combine(timezone.localdate(), datetime.time())
    assert midnights == [midnight + datetime.timedelta(days=days) for days in (11, 21)]
    days_later(11)
    assert holders("suppliers")[0] == 1


def test_reading_again_writes_no_second_row(certified):
    for _time in range(2):
        indexing.changes(SUPPLIERS, [str(page.pk) for page in certified])
    assert OutboxEntry.objects.filter(topic=indexing.LATER).count() == 2


def test_a_certificate_without_end_waits_for_nothing():
    iso = CertificationFactory(code="iso-14001")
    for end in (None, datetime.date.max, datetime.date(2020, 1, 1)):
        EnterprisePageFactory(certifications=[make_certification(certification=iso, valid_until=end)])
    assert find(parse({"certification": "iso-14001"}, "da")).total == 2
    assert not OutboxEntry.objects.filter(topic=indexing.LATER).exists()


def test_a_kind_of_thing_that_is_gone_waits_for_nothing():
    outbox.enqueue_later(topic=indexing.LATER, moments={"elephants/7": timezone.now()})
    assert outbox.drain().failed == 0
    assert not OutboxEntry.objects.exclude(state=OutboxEntry.State.DONE).exists()


# -- building and comparing ------------------------------------------------------------------------------------------


def test_a_change_during_a_rebuild_is_in_the_new_index(monkeypatch):
    page = EnterprisePageFactory(title_da="Gammelt navn")
    indexing.rebuild(SUPPLIERS)
    read = SUPPLIERS.documents

    def reading(ids=None):
        yield from read(ids)
        if ids is None:  # everything was read, and then an editor publishes
            EnterprisePage.objects.filter(pk=page.pk).update(title_da="Nytårsnavn")
            mark_changed(source=SUPPLIERS, ids=[page.pk])
            outbox.drain()

    monkeypatch.setattr(SUPPLIERS, "documents", reading)
    indexing.rebuild(SUPPLIERS)
    assert not indexing.compare(SUPPLIERS)
    assert find(parse({"q": "nytårsnavn"}, "da")).total == 1


def test_a_check_finds_what_is_missing_stale_and_left_over():
    pages = [EnterprisePageFactory(title_da=f"Side {n}", slug=f"side-{n}") for n in range(4)]
    indexing.rebuild(SUPPLIERS)
    outbox.drain()
    with connection.cursor() as cursor:  # behind everybody's back
        cursor.execute("UPDATE home_page SET live = %s WHERE id = %s", [False, pages[0].pk])
    EnterprisePage.objects.filter(pk=pages[1].pk).update(city="Andetsteds")
    (document,) = SUPPLIERS.documents([pages[2].pk])
    engine().apply(SUPPLIERS, [Change(document.id, None)])
    drift = indexing.compare(SUPPLIERS)
    assert drift.ghosts == (str(pages[0].pk),)
    assert drift.stale == (str(pages[1].pk),)
    assert drift.missing == (str(pages[2].pk),)
    indexing.mend(SUPPLIERS, drift)
    assert not indexing.compare(SUPPLIERS)


def test_documents_need_a_constant_number_of_queries():
    def queries(source) -> int:
        with CaptureQueriesContext(connection) as captured:
            list(source.documents())
        return len(captured)

    place = PlaceFactory(code="DK/1082/0751")
    category = CategoryFactory(code="clean")

    def make(number):
        for n in range(number):
            offers = [make_offer(categories=[category], areas=[place]), make_offer()]
            EnterprisePageFactory(slug=f"side-{number}-{n}", offers=offers, areas=[place.parent], municipality=place)

    make(1)
    few = queries(SUPPLIERS), queries(OFFERS)
    make(5)
    assert (queries(SUPPLIERS), queries(OFFERS)) == few
    assert Offer.objects.count() == 12


# -- the command -----------------------------------------------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    call_command("search", *args, stdout=out)
    return out.getvalue()


def test_the_command_builds_and_tells_the_state():
    assert "There is no search index of suppliers yet" in run("status")
    EnterprisePageFactory(offers=[make_offer(), make_offer()])
    assert "suppliers: 1 documents indexed" in run("rebuild")
    assert "2 documents" in run("status", "offers")
    assert "agrees" in run("check")


def test_the_command_builds_one_source_alone():
    EnterprisePageFactory()
    assert "suppliers" not in run("rebuild", "offers")


def test_the_check_ends_with_an_error_until_it_is_repaired():
    page = EnterprisePageFactory()
    run("rebuild")
    outbox.drain()
    EnterprisePage.objects.filter(pk=page.pk).update(city="Andetsteds")
    with pytest.raises(CommandError, match="--repair"):
        run("check")
    assert "1 stale" in run("check", "--repair")
    assert "agrees" in run("check")


def test_the_check_repairs_a_missing_index_by_building_it():
    EnterprisePageFactory()
    with pytest.raises(CommandError):
        run("check")
    assert "agrees" in run("check", "--repair")


def test_an_unknown_source_is_refused():
    with pytest.raises(CommandError, match="elephants"):
        run("status", "elephants")
