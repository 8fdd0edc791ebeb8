"""What the editor's form makes of what was posted: which row is which."""

from typing import Any

import pytest
from bs4 import BeautifulSoup

from directory.models import EnterprisePage
from directory.permissions import translators
from home.models import Page
from tests.factories import directory as make
from tests.factories.users import user_of
from tests.filled import filled

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home_page: Page) -> EnterprisePage:
    """A live enterprise with an offer that is published and one that stands in its draft only."""
    make.CpvCodeFactory(code="90919300")
    clean = make.CategoryFactory(code="clean")
    page = make.EnterprisePageFactory(title_da="Bækbo", title_sv="Bækbo", offers=[make.make_offer(name_da="Vask")])
    cpv = [make.CpvCodeFactory(code="90919300")]
    row = {"name_da": "Kurve", "description_da": "Af pil", "capacity_da": "30 om ugen", "kind": "product"}
    page.offers.add(make.make_offer(**row, cpv_codes=cpv, categories=[clean], sort_order=1))
    page.save_revision()
    return EnterprisePage.objects.get(pk=page.pk)


@pytest.fixture
def translator(home_page: Page) -> Any:
    make.directory_page()
    return user_of(translators("sv"))


def form_of(page: Page, user: Any, data: Any = None, **changes: Any) -> Any:
    """The form of the page's draft: empty, or with what was posted: what a browser posts, and ``changes``."""
    form_class = type(page).get_edit_handler().get_form_class()
    draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    parent = page.get_parent()
    if data is None:
        unbound = form_class(instance=draft, for_user=user, parent_page=parent)
        data = filled(BeautifulSoup(unbound.as_p(), "html.parser"))
        draft = type(page).objects.get(pk=page.pk).get_latest_revision_as_object()
    form = form_class({**data, **changes}, instance=draft, for_user=user, parent_page=parent)
    form.defer_required_fields()
    return form


def save(page: Page, user: Any, *args: Any, **changes: Any) -> Any:
    """The draft after a user has saved it."""
    form = form_of(page, user, *args, **changes)
    assert form.is_valid(), (form.errors, {name: rows.errors for name, rows in form.formsets.items()})
    form.save(commit=not page.live).save_revision(user=user, clean=False)
    return draft_of(page)


def draft_of(page: Page) -> Any:
    return type(page).objects.get(pk=page.pk).get_latest_revision_as_object()


def facts_of(row: Any) -> tuple:
    codes = ([code.pk for code in row.cpv_codes.all()], [category.path for category in row.categories.all()])
    return (row.key, row.name_da, row.description_da, row.capacity_da, row.kind, *codes)


# ---- rows that only the draft has -----------------------------------------------------------------------------------
def test_a_translation_of_a_row_that_only_the_draft_has_changes_nothing_else(page: Page, translator: Any) -> None:
    before = facts_of(draft_of(page).offers.all()[1])
    after = save(page, translator, **{"offers-1-name_sv": "Korgar"}).offers.all()[1]
    assert after.name_sv == "Korgar"
    assert facts_of(after) == before


def test_rows_keep_their_keys_through_every_save(page: Page, admin_user: Any) -> None:
    before = [row.key for row in draft_of(page).offers.all()]
    for word in ("Kurve", "Store kurve"):
        after = save(page, admin_user, **{"offers-1-name_da": word})
    assert [row.key for row in after.offers.all()] == before
    after.save_revision().publish()
    assert list(EnterprisePage.objects.get(pk=page.pk).offers.values_list("key", flat=True)) == before


def test_untouched_rows_are_unchanged(page: Page, admin_user: Any) -> None:
    rows = form_of(page, admin_user).formsets["offers"]
    assert [form.changed_data for form in rows] == [[], []]


def test_an_editor_reorders_and_deletes_rows_that_only_the_draft_has(page: Page, admin_user: Any) -> None:
    after = save(page, admin_user, **{"offers-0-ORDER": "2", "offers-1-ORDER": "1"})
    assert [row.name_da for row in after.offers.all()] == ["Kurve", "Vask"]
    after = save(page, admin_user, **{"offers-0-DELETE": "on"})
    assert [row.name_da for row in after.offers.all()] == ["Vask"]


def test_a_row_that_was_not_posted_stays(page: Page, admin_user: Any) -> None:
    """Somebody else saved it while this editor's form was open."""
    posted = filled(BeautifulSoup(form_of(page, admin_user).as_p(), "html.parser"))
    posted |= {"offers-INITIAL_FORMS": "1", "offers-TOTAL_FORMS": "1"}
    after = save(page, admin_user, posted)
    assert [row.name_da for row in after.offers.all()] == ["Vask", "Kurve"]


def test_a_form_that_stays_open_learns_the_key_of_a_new_row(page: Page, admin_user: Any) -> None:
    new = {"offers-TOTAL_FORMS": "3", "offers-2-name_da": "Borde", "offers-2-kind": "product", "offers-2-ORDER": "3"}
    posted = filled(BeautifulSoup(form_of(page, admin_user).as_p(), "html.parser")) | new
    form = form_of(page, admin_user, posted)
    assert form.is_valid(), form.formsets["offers"].errors
    form.save(commit=False).save_revision(user=admin_user, clean=False)
    updates = dict(form.get_field_updates_for_resave())
    key = draft_of(page).offers.all()[2].key
    assert updates == {"offers-INITIAL_FORMS": "3", "offers-2-key": str(key)}
    after = save(page, admin_user, posted | updates, **{"offers-2-name_da": "Bord"})
    assert [(row.name_da, row.key == key) for row in after.offers.all()][2:] == [("Bord", True)]


@pytest.mark.parametrize(
    "forged",
    [
        {"offers-INITIAL_FORMS": "9"},
        {"offers-INITIAL_FORMS": "9", "offers-TOTAL_FORMS": "9"},
        {"offers-0-id": "", "offers-0-key": ""},
        {"offers-0-id": "x", "offers-0-key": "x"},
        {"offers-TOTAL_FORMS": "3", "offers-2-name_sv": "Ny"},
        {"pictures-INITIAL_FORMS": "1", "pictures-TOTAL_FORMS": "1", "pictures-0-alt_sv": "Ny"},
        {"links-INITIAL_FORMS": "1", "links-TOTAL_FORMS": "1", "links-0-label_sv": "Ny", "links-0-url": "https://a.dk"},
        {"offers-0-DELETE": "on", "offers-1-DELETE": "on"},
        {"offers-0-ORDER": "2", "offers-1-ORDER": "1"},
    ],
)
def test_a_translator_adds_removes_and_moves_no_row(page: Page, translator: Any, forged: dict) -> None:
    after = save(page, translator, **forged)
    assert [row.name_da for row in after.offers.all()] == ["Vask", "Kurve"]
    assert not after.pictures.exists()
    assert not after.links.exists()


def test_forged_counts_are_no_error_of_the_server(page: Page, admin_user: Any) -> None:
    form = form_of(page, admin_user, **{"offers-INITIAL_FORMS": "9", "offers-TOTAL_FORMS": "9"})
    assert not form.is_valid()
    assert not form_of(page, admin_user, {"title_da": "Bækbo", "slug": "baekbo"}).is_valid()
