"""The demo on a site: what is there afterwards, and that loading it again leaves everything alone."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import PageLogEntry, ReferenceIndex, Revision, Site

from directory.demo.content import enterprises
from directory.demo.site import load_all
from directory.demo.users import OWNED, USERS
from directory.models import Contact, DirectoryPage, EnterprisePage, Offer
from directory.permissions import EDITORS, OWNERS
from home.models import HomePage, Page, StandardPage
from torv.plugins import hookimpl, plugins

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]
ENTRIES = {entry["key"]: entry for entry in enterprises()}


def load_demo() -> list[str]:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue().splitlines()


def user(name: str) -> Any:
    return get_user_model().objects.get(username=name)


# ---- the command ----------------------------------------------------------------------------------------------------
def test_command_outside_debug_is_refused_with_a_sentence(settings: Any) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG"):
        call_command("load_demo")
    assert not get_user_model().objects.exists()


def test_command_without_reference_data_names_the_command_to_run_and_leaves_nothing(settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="load_reference_data"):
        call_command("load_demo")
    assert not get_user_model().objects.exists()
    assert not HomePage.objects.exists()


def test_command_prints_name_and_password_of_each_user(whole_demo: list[str], settings: Any) -> None:
    settings.DEBUG = True
    lines = load_demo()
    for name in ("editor", "translator-da", "translator-sv", "translator-en", "owner", "admin"):
        password = next(line for line in lines if line.startswith(f"{name} ")).split(" ")[1]
        assert authenticate(username=name, password=password), name


def test_command_says_so_when_a_password_was_changed(whole_demo: list[str], settings: Any) -> None:
    settings.DEBUG = True
    owner = user("owner")
    owner.set_password("another one")
    owner.save()
    assert "owner torv-owner" not in load_demo()
    assert user("owner").check_password("another one")


# ---- what is there --------------------------------------------------------------------------------------------------
def test_demo_publishes_every_listing_as_written(whole_demo: list[str]) -> None:
    pages = EnterprisePage.objects.all()
    assert {page.key: page.public_languages for page in pages} == {
        key: [language for language in ("da", "sv", "en") if language in entry["languages"]]
        for key, entry in ENTRIES.items()
    }
    assert all(page.live and not page.has_unpublished_changes and page.live_revision_id for page in pages)
    assert Offer.objects.count() == sum(len(entry["offers"]) for entry in ENTRIES.values())


def test_demo_listing_has_its_texts_facts_and_rows(whole_demo: list[str]) -> None:
    page = EnterprisePage.objects.get(key=OWNED)
    assert page.title_sv == "Bækbo Rengøring & Vask"
    assert page.description_en.startswith("<p>There are 31 of us")
    assert page.description_en.count("<p>") == 2
    assert page.municipality_id == "DK/1082/0791"
    assert page.areas.count() == 8
    offer = page.offers.first()
    assert (offer.name_da, offer.kind) == ("Daglig rengøring af skoler og daginstitutioner", "service")
    assert [category.path for category in offer.categories.all()] == ["clean/schools"]
    assert {code.pk for code in offer.cpv_codes.all()} == {"90919300", "90911200"}
    assert [contact.name for contact in page.public_contacts] == ["Mette Fiktivsen", "Kontoret"]
    assert page.eligibilities.get().status == "documented"
    assert page.certifications.count() == 3
    assert page.links.get().label_sv == "Senaste kvalitetsrapporten"


def test_demo_listing_is_its_draft(whole_demo: list[str]) -> None:
    page = EnterprisePage.objects.get(key=OWNED)
    draft = page.get_latest_revision_as_object()
    assert [offer.key for offer in draft.offers.all()] == [offer.key for offer in page.offers.all()]
    draft.full_clean()


def test_demo_text_without_a_language_stays_empty_in_it(whole_demo: list[str]) -> None:
    page = EnterprisePage.objects.get(key="rent-hjoerne-aarhus")
    assert (page.title_sv or "", page.summary_sv or "", page.purpose_en or "") == ("", "", "")


def test_demo_listings_became_public_over_the_last_year(whole_demo: list[str]) -> None:
    days = list(EnterprisePage.objects.values_list("first_published_at", flat=True))
    assert len(set(days)) == len(ENTRIES)
    assert timezone.now() - timedelta(days=366) < min(days) < timezone.now() - timedelta(days=300)
    assert timezone.now() - timedelta(days=7) < max(days) <= timezone.now()


def test_demo_confirms_no_listing_on_a_day_to_come(whole_demo: list[str]) -> None:
    assert not EnterprisePage.objects.filter(last_confirmed__gt=timezone.localdate()).exists()
    assert EnterprisePage.objects.filter(last_confirmed=None).exists()


def test_demo_is_in_the_audit_log_as_the_editors_work(whole_demo: list[str]) -> None:
    page = EnterprisePage.objects.get(key=OWNED)
    entries = PageLogEntry.objects.filter(page=page.pk, action__startswith="wagtail.").order_by("timestamp")
    assert list(entries.values_list("action", "user__username")) == [
        ("wagtail.create", "editor"),
        ("wagtail.publish", "editor"),
    ]


def test_demo_keeps_wagtails_index_of_references(whole_demo: list[str]) -> None:
    viborg = EnterprisePage.objects.get(key=OWNED).municipality
    assert ReferenceIndex.get_references_to(viborg).exists()


@pytest.mark.parametrize("host", ["localhost:8000", "localhost:8123", "127.0.0.1:8124", "torv.example.org"])
def test_demo_site_answers_on_any_host_and_port(whole_demo: list[str], rf: Any, host: str) -> None:
    assert Site.find_for_request(rf.get("/", headers={"host": host})) == Site.objects.get()


def test_demo_pages_lead_to_each_other(whole_demo: list[str]) -> None:
    front = HomePage.objects.get()
    target = next(block.value["page"] for block in front.body_sv if block.block_type == "call_to_action")
    assert target.specific.title_sv == "Om social upphandling"
    assert target.live


def test_demo_page_shows_its_picture(whole_demo: list[str]) -> None:
    page = StandardPage.objects.get(title_en="About social procurement")
    picture = next(block.value["image"] for block in page.body_en if block.block_type == "image")
    assert picture.contextual_alt_text
    assert picture.file.size > 0


def test_demo_pages_hold_what_the_editor_would_accept(whole_demo: list[str]) -> None:
    pages = [HomePage.objects.get(), *StandardPage.objects.all()]
    bodies = [getattr(page, f"body_{language}") for page in pages for language in ("da", "sv", "en")]
    assert len(bodies) >= 30
    for body in bodies:
        assert len(body) > 0
        body.stream_block.clean(body)


def test_demo_directory_has_its_address_in_each_language(whole_demo: list[str]) -> None:
    page = DirectoryPage.objects.get()
    assert (page.slug, page.slug_sv, page.slug_en) == ("leverandoerer", "leverantorer", "suppliers")
    assert page.live
    assert page.show_in_menus


# ---- users ----------------------------------------------------------------------------------------------------------
def test_demo_users_are_in_their_groups(whole_demo: list[str]) -> None:
    groups = {demo_user.name: set(user(demo_user.name).groups.values_list("name", flat=True)) for demo_user in USERS}
    assert groups["editor"] == {EDITORS}
    assert groups["translator-sv"] == {"Translators (sv)"}
    assert OWNERS in groups["owner"]
    assert groups["admin"] == set()
    assert user("admin").is_superuser
    assert [name for name in groups if user(name).is_superuser] == ["admin"]


def test_demo_editor_may_publish_and_owner_may_change_their_own_only(whole_demo: list[str]) -> None:
    own, other = EnterprisePage.objects.get(key=OWNED), EnterprisePage.objects.exclude(key=OWNED).first()
    assert other.permissions_for_user(user("editor")).can_publish()
    assert own.permissions_for_user(user("owner")).can_edit()
    assert not own.permissions_for_user(user("owner")).can_publish()
    assert not other.permissions_for_user(user("owner")).can_edit()


# ---- again ----------------------------------------------------------------------------------------------------------
def traces() -> list[Any]:
    """Whatever loading twice could leave behind."""
    counted = (Page, Revision, PageLogEntry, Offer, Contact, Site, get_user_model())
    rows = EnterprisePage.objects.order_by("pk").values_list(
        "pk", "last_published_at", "latest_revision_id", "title_da"
    )
    return [*(model._default_manager.count() for model in counted), *rows]


def test_demo_again_adds_and_changes_nothing(whole_demo: list[str]) -> None:
    before = traces()
    lines = load_all()
    assert traces() == before
    assert all(line.startswith("0 ") for line in lines[:3])


def test_demo_again_leaves_an_edited_listing_as_it_is(whole_demo: list[str]) -> None:
    EnterprisePage.objects.filter(key=OWNED).update(summary_da="Ny tekst")
    load_all()
    assert EnterprisePage.objects.get(key=OWNED).summary_da == "Ny tekst"


def test_demo_again_does_not_bring_back_what_was_deleted(whole_demo: list[str]) -> None:
    EnterprisePage.objects.get(key=OWNED).delete()
    StandardPage.objects.get(title_en="Contact").delete()
    load_all()
    assert not EnterprisePage.objects.filter(key=OWNED).exists()
    assert not StandardPage.objects.filter(title_en="Contact").exists()


def test_demo_again_makes_a_user_who_is_missing(whole_demo: list[str]) -> None:
    user("owner").delete()
    load_all()
    assert EnterprisePage.objects.get(key=OWNED).permissions_for_user(user("owner")).can_edit()


# ---- plugins --------------------------------------------------------------------------------------------------------
def test_demo_asks_plugins_last_and_prints_what_they_answer(whole_demo: list[str]) -> None:
    class Fairs:
        @hookimpl
        def demo_content(self, home: Any) -> list[str]:
            return [f"1 fair below {home.title_en}, beside {EnterprisePage.objects.count()} suppliers"]

    with plugins.plugged(Fairs(), "fairs"):
        lines = load_all()
    assert f"1 fair below Buy where it makes a difference, beside {len(ENTRIES)} suppliers" in lines
