""" "Was this page useful?": what readers send, what is kept of it, what editors see."""

import datetime as dt
import json
import re

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import rich_text, streamfield

from directory.actions import ensure_roles
from home.feedback.actions import LONGEST, MOST_IN_A_DAY, SALT
from home.models import PageFeedback
from tests.factories.home import PageFactory
from tests.home.test_editor import form

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home_page):
    return PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os")


def token(page, *, seconds_ago: int = 60, language: str = "da", path: str = "/da/om-os/", **changes) -> str:
    made = int(timezone.now().timestamp()) - seconds_ago
    return signing.dumps([page.pk, language, path, made], salt=changes.get("salt", SALT))


def send(client, page, path: str = "/da/feedback/", **data):
    return client.post(path, {"page": token(page), **data})


def said() -> list[tuple]:
    return list(PageFeedback.objects.order_by("pk").values_list("useful", "comment"))


def form_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser").select_one("section.useful form")


# ---- the form -------------------------------------------------------------------------------------------------------
def test_every_page_asks_and_sets_no_cookie(client, page):
    for path in ("/da/", "/da/om-os/", "/sv/om-os/"):
        response = client.get(path)
        form = form_of(response)
        assert form["action"] == f"{path[:3]}/feedback/"
        assert [button["value"] for button in form.select("button[name=useful]")] == ["yes", "no"]
        assert not response.cookies


def test_a_page_that_is_missing_does_not_ask(client, home_page):
    assert form_of(client.get("/da/findes-ikke/")) is None


def test_what_the_form_carries_is_accepted(client, page):
    carried = form_of(client.get("/sv/om-os/?q=1")).select_one("[name=page]")["value"]
    number, language, path, _made = signing.loads(carried, salt=SALT)
    assert (number, language, path) == (page.pk, "sv", "/sv/om-os/?q=1")


# ---- sending --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("answer", "kept"), [("yes", True), ("no", False)])
def test_an_answer_is_kept_and_thanked_for(client, page, answer, kept):
    response = send(client, page, useful=answer)
    assert response.status_code == 303
    assert not response.cookies
    thanks = client.get(response["Location"])
    assert BeautifulSoup(thanks.content, "html.parser").select_one("main a.btn")["href"] == "/da/om-os/"
    assert said() == [(kept, "")]


def test_it_needs_no_csrf_cookie(page):
    from django.test import Client

    assert send(Client(enforce_csrf_checks=True), page, useful="yes").status_code == 303
    assert said() == [(True, "")]


def test_a_comment_needs_no_yes_or_no(client, page):
    send(client, page, comment="Mangler priser.\r\nOg \x00tider.")
    assert said() == [(None, "Mangler priser.\nOg tider.")]


def test_a_double_click_is_kept_once(client, page):
    send(client, page, useful="yes")
    send(client, page, useful="yes")
    assert said() == [(True, "")]


def test_the_language_of_the_reader_is_kept(client, page):
    client.post("/sv/feedback/", {"page": token(page, language="sv"), "useful": "no"})
    assert PageFeedback.objects.get().language == "sv"


# ---- keeping out ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data",
    [{}, {"useful": "maybe"}, {"useful": "yes\x00"}, {"comment": "   "}, {"comment": "x" * (LONGEST + 1)}],
    ids=["nothing", "neither", "null", "blank", "long"],
)
def test_what_makes_no_sense_is_400_in_words(client, page, data):
    response = send(client, page, **data)
    assert response.status_code == 400
    assert BeautifulSoup(response.content, "html.parser").select_one("[role=alert]").get_text(strip=True)
    assert said() == []


@pytest.mark.parametrize("forged", ["", "x", "WzEsImRhIiwiLyIsMF0:x:y", "\x00", "é" * 2000])
def test_a_forged_form_is_400(client, page, forged):
    assert client.post("/da/feedback/", {"page": forged, "useful": "yes"}).status_code == 400
    assert client.get("/da/feedback/thanks/", {"page": forged}).status_code == 200


@pytest.mark.parametrize("content", [{}, [1], ["x", "da", "/", 1], [1, "de", "/", 1], [1, "da", "/", 10**30]])
def test_a_signed_form_of_another_shape_is_400(client, page, content):
    text = signing.dumps(content, salt=SALT)
    assert client.post("/da/feedback/", {"page": text, "useful": "yes"}).status_code == 400


def test_a_form_of_last_month_is_400(client, page):
    stale = token(page, seconds_ago=30 * 86400)
    assert client.post("/da/feedback/", {"page": stale, "useful": "yes"}).status_code == 400


def test_a_form_of_a_page_that_is_gone_is_400(client, page):
    carried = token(page)
    page.delete()
    assert client.post("/da/feedback/", {"page": carried, "useful": "yes"}).status_code == 400


def test_only_post_is_answered(client, home_page):
    assert client.get("/da/feedback/").status_code == 405


def test_a_robot_that_fills_in_everything_is_thanked_and_forgotten(client, page):
    assert send(client, page, useful="yes", website="https://spam.example.org/").status_code == 303
    assert said() == []


def test_a_robot_that_is_too_fast_is_thanked_and_forgotten(client, page):
    response = client.post("/da/feedback/", {"page": token(page, seconds_ago=0), "useful": "yes"})
    assert response.status_code == 303
    assert said() == []


def test_the_way_back_leads_nowhere_else(client, page):
    for path in ("//example.org/", "https://example.org/", "javascript:alert(1)"):
        answer = client.get("/da/feedback/thanks/", {"page": token(page, path=path)})
        assert BeautifulSoup(answer.content, "html.parser").select_one("main a.btn") is None


def test_one_address_may_say_so_much_a_day(client, page):
    for number in range(MOST_IN_A_DAY):
        assert send(client, page, comment=str(number)).status_code == 303
    assert send(client, page, comment="one more").status_code == 429
    other = client.post("/da/feedback/", {"page": token(page), "useful": "yes"}, REMOTE_ADDR="192.0.2.7")
    assert other.status_code == 303
    assert PageFeedback.objects.count() == MOST_IN_A_DAY + 1


def test_no_address_is_kept_and_its_hash_for_a_day(client, page):
    send(client, page, useful="yes")
    first = PageFeedback.objects.get()
    assert re.fullmatch("[0-9a-f]{64}", first.sender)
    PageFeedback.objects.update(at=timezone.now() - dt.timedelta(days=1))
    send(client, page, useful="no")
    first.refresh_from_db()
    assert first.sender == ""


# ---- editors --------------------------------------------------------------------------------------------------------
@pytest.fixture
def editor(client, home_page, django_user_model):
    user = django_user_model.objects.create_user("editor", password="x")
    user.groups.add(next(group for group in ensure_roles() if group.name == "Editors"))
    client.force_login(user)
    return client


def test_editors_see_what_was_said(editor, page, django_assert_max_num_queries):
    PageFeedback.objects.create(page=page, language="da", useful=False, comment="<b>Mangler</b>")
    PageFeedback.objects.create(page=page, language="da", useful=True)
    answer = editor.get(reverse("page_feedback"))
    cells = [cell.get_text(strip=True) for cell in BeautifulSoup(answer.content, "html.parser").select("td")]
    assert cells[:6] == ["Om os", "1", "1", "1", "Om os (da)", "<b>Mangler</b>"]


def test_the_report_makes_as_many_queries_for_one_as_for_ten(editor, page, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    PageFeedback.objects.create(page=page, language="da", comment="0")
    editor.get(reverse("page_feedback"))
    with CaptureQueriesContext(connection) as one:
        editor.get(reverse("page_feedback"))
    for number in range(9):
        PageFeedback.objects.create(page=PageFactory(), language="da", comment=str(number))
    with django_assert_num_queries(len(one)):
        editor.get(reverse("page_feedback"))


def test_editors_throw_away_what_names_somebody(editor, page):
    row = PageFeedback.objects.create(page=page, language="da", comment="Hr. Opdigtet var uvenlig")
    assert editor.post(reverse("page_feedback"), {"feedback": row.pk}).status_code == 302
    assert said() == []
    for wrong in ("", "x", "9" * 30, str(row.pk)):
        assert editor.post(reverse("page_feedback"), {"feedback": wrong}).status_code == 404


def test_the_first_page_of_the_editors_shows_the_newest_comments(editor, page):
    PageFeedback.objects.create(page=page, language="da", useful=False, comment="Mangler priser")
    answer = editor.get(reverse("wagtailadmin_home"))
    panel = BeautifulSoup(answer.content, "html.parser").select_one("#page-feedback-section")
    assert "Mangler priser" in panel.get_text()
    assert panel.select_one("a[href$='/reports/feedback/']") is not None


def test_others_do_not_see_it(client, home_page, django_user_model):
    client.force_login(django_user_model.objects.create_user("visitor"))
    assert client.get(reverse("page_feedback")).status_code == 302
    client.logout()
    answer = client.get(reverse("page_feedback"))
    assert answer["Location"].startswith(f"/cms/login/?next={reverse('page_feedback')}"), settings.LANGUAGE_CODE


# ---- last updated ---------------------------------------------------------------------------------------------------
def shown_day(client, path: str) -> str:
    answer = BeautifulSoup(client.get(path).content, "html.parser")
    return answer.select_one(".updated time")["datetime"]


def published(page, days_ago: int):
    """Publish, as if it had been done some days ago."""
    page.save_revision().publish()
    page = type(page).objects.get(pk=page.pk)
    now, then = f"{timezone.now():%Y-%m-%d}", f"{timezone.now() - dt.timedelta(days=days_ago):%Y-%m-%d}"
    stamps = {code: {**known, "at": known["at"].replace(now, then)} for code, known in page.updated_in.items()}
    type(page).objects.filter(pk=page.pk).update(updated_in=stamps)
    return type(page).objects.get(pk=page.pk)


def test_each_language_says_when_its_own_text_changed(client, page):
    page = published(page, 9)
    page.introduction_sv = "Ny inledning"
    page.save_revision().publish()
    assert shown_day(client, "/sv/om-os/") > shown_day(client, "/da/om-os/")


def test_the_first_edit_of_what_a_program_wrote_makes_no_other_language_newer(home_page, admin_client):
    facts = {"heading": "", "facts": [{"term": "Åbent", "text": "<p>Hver dag</p>"}]}
    text = "<p>Vi er <strong>her</strong> &amp; <em>der</em>.</p>\n<ul>\n  <li>Altid</li>\n</ul>"
    stream = [{"type": "text", "value": text}, {"type": "facts", "value": facts}]
    page = PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os", body_da=json.dumps(stream))
    page = published(page, 9)
    before = page.updated_in
    list_of_facts = streamfield([("item", {"term": "Åbent", "text": rich_text("<p>Hver dag</p>")})])
    written = [
        ("text", rich_text(text, features=["ul", "bold", "italic"])),
        ("facts", {"heading": "", "facts": list_of_facts}),
    ]
    data = form(title_sv="Om oss alla", slug_sv="", body_da=streamfield(written), **{"action-publish": "1"})
    assert admin_client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data).status_code == 302
    page.refresh_from_db()
    assert "data-block-key" in page.serializable_data()["body_da"]
    assert page.updated_in["da"] == before["da"]
    assert page.updated_in["sv"]["digest"] != before["sv"]["digest"]


def test_publishing_without_a_change_makes_nothing_newer(client, page):
    page = published(page, 9)
    before = shown_day(client, "/da/om-os/")
    page.save_revision().publish()
    assert shown_day(client, "/da/om-os/") == before


def test_an_old_draft_brings_no_old_dates_back(page):
    draft = page.save_revision()
    page = published(page, 9)
    stamps = page.updated_in
    draft.refresh_from_db()
    assert draft.as_object().updated_in == stamps


def test_a_changed_fact_is_new_in_every_language(home_page):
    from directory.models import EnterprisePage
    from tests.factories.directory import EnterprisePageFactory, make_offer

    page = EnterprisePageFactory(title_da="Bækbo", title_sv="Bækbo tvätt", offers=[make_offer(name_da="Vask")])
    page = published(page, 9)
    before = {code: known["at"] for code, known in page.updated_in.items()}
    page.city = "Viborg"
    page.save_revision().publish()
    after = EnterprisePage.objects.get(pk=page.pk).updated_in
    assert all(after[code]["at"] > before[code] for code in ("da", "sv"))


def test_an_offers_danish_text_makes_the_swedish_page_no_newer(home_page):
    from directory.models import EnterprisePage
    from tests.factories.directory import EnterprisePageFactory, make_offer

    page = EnterprisePageFactory(title_da="Bækbo", title_sv="Bækbo tvätt", offers=[make_offer(name_da="Vask")])
    page = published(page, 9)
    before = page.updated_in
    offer = page.offers.get()
    offer.description_da = "Nyt"
    page.offers = [offer]
    page.save_revision().publish()
    after = EnterprisePage.objects.get(pk=page.pk).updated_in
    assert after["sv"] == before["sv"]
    assert after["da"] != before["da"]


def test_a_copy_begins_anew(page):
    from wagtail.actions.copy_page import CopyPageAction

    page = published(page, 9)
    copy = CopyPageAction(page, update_attrs={"slug": "kopi", "title_da": "Kopi"}, keep_live=False).execute(
        skip_permission_checks=True
    )
    assert copy.updated_in == {}
