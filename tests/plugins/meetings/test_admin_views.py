"""Changing the status of a meeting in the editors' interface."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import reverse

from directory.actions import ensure_roles
from directory.models import Place
from plugins.meetings.actions import cancel_meeting, move_meeting
from plugins.meetings.models import StatusChange
from tests.factories.meetings import MeetingFactory, RegistrationFactory, calendar
from torv.plugins import hookimpl, plugins

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client, admin_user):
    client.force_login(admin_user)
    return client


def change(page, action: str) -> str:
    return reverse("meetings_change", args=[page.pk, action])


def soup_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def test_the_form_comes_with_reasons_in_three_languages(editor, meeting) -> None:
    soup = soup_of(editor.get(change(meeting, "cancel")))
    written = {area["lang"]: area.get_text(strip=True) for area in soup.select("textarea")}
    assert set(written) == {"da", "sv", "en"}
    assert written["da"].startswith("Mødet er aflyst.")
    assert written["en"].startswith("The meeting is cancelled.")


def test_who_is_told_is_shown_before_anything_happens(editor, meeting) -> None:
    date = meeting.occurrences.get()
    RegistrationFactory.create_batch(2, occurrence=date)
    RegistrationFactory(occurrence=date, language="sv")
    soup = soup_of(editor.post(change(meeting, "cancel"), {"reason_da": "Sygdom"}))
    preview = soup.select_one("#preview")
    assert "3" in preview.h2.get_text()
    assert len(preview.select("ul:not(#results) li")) == 2
    assert meeting.occurrences.get().status == "scheduled"
    assert not StatusChange.objects.exists()


def test_confirming_cancels(editor, meeting, admin_user) -> None:
    response = editor.post(change(meeting, "cancel"), {"reason_da": "Sygdom", "confirm": "yes"})
    assert response.status_code == 302
    date = meeting.occurrences.get()
    assert (date.status, date.reason_da) == ("cancelled", "Sygdom")
    assert StatusChange.objects.get().by == admin_user


def test_one_date_of_a_series_is_chosen(editor, series) -> None:
    second = series.occurrences.all()[1]
    editor.post(change(series, "cancel"), {"date": second.pk, "confirm": "yes"})
    assert list(series.occurrences.values_list("status", flat=True)).count("cancelled") == 1


def test_a_whole_series_is_cancelled_without_a_chosen_date(editor, series) -> None:
    editor.post(change(series, "cancel"), {"date": "", "confirm": "yes"})
    assert set(series.occurrences.values_list("status", flat=True)) == {"cancelled"}


def test_moving_takes_local_time(editor, meeting) -> None:
    day = meeting.date + dt.timedelta(days=7)
    editor.post(change(meeting, "move"), {"new_date": day, "start_time": "12:00", "confirm": "yes"})
    date = meeting.occurrences.get()
    assert date.status == "moved"
    assert date.ends_at - date.starts_at == dt.timedelta(hours=4)


def test_moving_to_another_place(editor, meeting) -> None:
    editor.post(change(meeting, "move"), {"venue_name": "Rådhuset", "city": "Herning", "confirm": "yes"})
    assert meeting.occurrences.get().venue == "Rådhuset, Herning"


@pytest.fixture
def somewhere(home_page):
    """A meeting with a municipality, and the code of another one."""
    for code, level in (("DK", "country"), ("DK/1082", "region"), ("DK/1082/0760", "municipality")):
        Place.objects.create(code=code, level=level, name=code, parent_id=code.rpartition("/")[0] or None)
    Place.objects.create(code="DK/1082/0657", level="municipality", name="Herning", parent_id="DK/1082")
    return MeetingFactory(street="Vestergade 42", municipality_id="DK/1082/0760")


def filled_in(response, **values) -> dict[str, str]:
    """What stands in the form, with these values instead."""
    fields = soup_of(response).select("form input[name], form textarea[name]")
    written = {field["name"]: field.get("value", "") if field.name == "input" else field.text for field in fields}
    return {**{name: value for name, value in written.items() if name != "also_news"}, **values}


def test_moving_begins_with_the_place_as_it_is(editor, somewhere) -> None:
    form = filled_in(editor.get(change(somewhere, "move")))
    assert (form["venue_name"], form["street"], form["city"]) == ("Opdigtet Hus", "Vestergade 42", "Skjern")
    assert form["municipality"] == "DK/1082/0760"


def test_moving_in_time_leaves_the_place_alone(editor, somewhere) -> None:
    day = (somewhere.date + dt.timedelta(days=7)).isoformat()
    editor.post(
        change(somewhere, "move"), filled_in(editor.get(change(somewhere, "move")), new_date=day, confirm="yes")
    )
    date = somewhere.occurrences.get()
    assert (date.status, date.has_own_venue, date.previous_venue) == ("moved", False, "")


def test_what_moving_comes_to_is_shown_before_anybody_is_told(editor, somewhere) -> None:
    form = filled_in(editor.get(change(somewhere, "move")), start_time="12:00", city="Herning")
    response = editor.post(change(somewhere, "move"), {**form, "municipality": "DK/1082/0657"})
    [result] = soup_of(response).select("#preview #results li")
    assert "10.00–14.00" in result.s.get_text()
    assert "Skjern" in result.s.get_text()
    result.s.extract()
    assert "12.00–16.00" in result.get_text()
    assert "Opdigtet Hus, Vestergade 42, Herning" in result.get_text()
    assert somewhere.occurrences.get().status == "scheduled"


def test_a_moved_meeting_is_found_where_it_is(client, editor, somewhere) -> None:
    form = filled_in(editor.get(change(somewhere, "move")), city="Herning", municipality="", confirm="yes")
    response = editor.post(change(somewhere, "move"), form)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["municipality"])
    editor.post(change(somewhere, "move"), {**form, "municipality": "DK/1082/0657"})
    found = {code: client.get("/api/v3/meetings/", {"place": code}).json()["total"] for code in ("DK/1082/0657", "DK")}
    assert found == {"DK/1082/0657": 1, "DK": 1}


def test_a_move_within_the_town_keeps_its_municipality(somewhere, admin_user) -> None:
    move_meeting(meeting=somewhere, by=admin_user, reasons={}, venue={"venue_name": "Andet Hus", "city": "Skjern"})
    assert somewhere.occurrences.get().municipality_id == "DK/1082/0760"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, None),
        ({"new_date": "2001-01-01"}, "start_time"),
        ({"new_date": "31/31/2027"}, "new_date"),
        ({"new_date": "2027-03-28", "start_time": "02:30"}, "start_time"),
        ({"new_date": "2027-10-31", "start_time": "02:30"}, "start_time"),
        ({"new_date": "2027-05-05", "start_time": "12:00", "end_time": "11:00"}, "end_time"),
        ({"online_url": "javascript:alert(1)"}, "online_url"),
        ({"venue_name": "Ø" * 201}, "venue_name"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_at_its_field(editor, meeting, data, field) -> None:
    response = editor.post(change(meeting, "move"), {**data, "confirm": "yes"})
    assert response.status_code == 422
    form = response.context["form"]
    assert field in form.errors if field else form.non_field_errors()
    assert meeting.occurrences.get().status == "scheduled"


def test_what_cannot_be_done_now_is_not_offered(editor, meeting) -> None:
    soup = soup_of(editor.get(reverse("meetings_status", args=[meeting.pk])))
    offered = {link["href"].rstrip("/").rpartition("/")[2] for link in soup.select("dl a")}
    assert offered == {"cancel", "postpone", "move"}
    assert editor.get(change(meeting, "reinstate")).status_code == 302


def test_an_unknown_action_or_meeting_is_not_found(editor, meeting) -> None:
    assert editor.get(change(meeting, "explode")).status_code == 404
    assert editor.get(reverse("meetings_status", args=[999999])).status_code == 404


def test_a_second_click_on_confirm_is_refused_in_the_form(editor, meeting) -> None:
    data = {"reason_da": "Sygdom", "confirm": "yes"}
    editor.post(change(meeting, "cancel"), data)
    assert editor.post(change(meeting, "cancel"), data).status_code == 422
    assert StatusChange.objects.count() == 1


def test_somebody_without_the_permission_is_sent_away(client, meeting, django_user_model) -> None:
    user = django_user_model.objects.create_user("translator")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    response = client.post(change(meeting, "cancel"), {"confirm": "yes"})
    assert response.status_code == 302
    assert meeting.occurrences.get().status == "scheduled"


def test_editors_may_change_the_status(home_page) -> None:
    editors = next(group for group in ensure_roles() if group.name == "Editors")
    names = set(editors.permissions.filter(content_type__app_label="meetings").values_list("codename", flat=True))
    assert names == {"change_status", "manage_registrations", "view_needs"}


def test_without_the_plugin_the_roles_are_cores(home_page) -> None:
    with plugins.unplugged("meetings"):
        editors = next(group for group in ensure_roles() if group.name == "Editors")
    assert not editors.permissions.filter(content_type__app_label="meetings").exists()


def test_the_editor_of_a_page_leads_to_changing_its_status(editor, meeting) -> None:
    text = editor.get(reverse("wagtailadmin_pages:edit", args=[meeting.pk])).content.decode()
    assert reverse("meetings_status", args=[meeting.pk]) in text


def test_the_list_of_pages_says_what_became_of_them(editor, meeting) -> None:
    editor.post(change(meeting, "cancel"), {"confirm": "yes"})
    text = editor.get(reverse("wagtailadmin_explore", args=[calendar().pk])).content.decode()
    assert f"({meeting.date}, " in text


def test_the_first_page_of_the_editors_shows_the_next_meetings(editor, meeting) -> None:
    RegistrationFactory.create_batch(2, occurrence=meeting.occurrences.get())
    panel = soup_of(editor.get(reverse("wagtailadmin_home"))).select_one("#next-meetings-section")
    assert reverse("meetings_status", args=[meeting.pk]) in str(panel)


def test_the_first_page_of_the_editors_leaves_out_what_is_cancelled(editor, meeting, admin_user) -> None:
    cancel_meeting(meeting=meeting, by=admin_user, reasons={})
    panel = soup_of(editor.get(reverse("wagtailadmin_home"))).select_one("#next-meetings-section")
    assert reverse("meetings_status", args=[meeting.pk]) not in str(panel)


def test_somebody_who_writes_news_is_asked_when_ticked(editor, meeting) -> None:
    class News:
        @hookimpl
        def announce(self, announcement):
            yield f"/da/nyheder/{announcement.about.pk}/"

    with plugins.plugged(News(), "paper"):
        assert soup_of(editor.get(change(meeting, "cancel"))).select_one("#id_also_news")
        editor.post(change(meeting, "cancel"), {"also_news": "on", "confirm": "yes"})
    assert meeting.occurrences.get().status == "cancelled"


# ---- editing the page instead ---------------------------------------------------------------------------------------
def publish_in_the_editor(editor, meeting, action="publish", **values):
    """Send the editor's form with what stands in it, and these values."""
    url = reverse("wagtailadmin_pages:edit", args=[meeting.pk])
    form = soup_of(editor.get(url)).select_one("#page-edit-form")
    data = {}
    for field in form.select("input[name], select[name], textarea[name]"):
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        if field.name == "select":
            data[field["name"]] = [option["value"] for option in field.select("option[selected]")]
        else:
            data[field["name"]] = field.get_text() if field.name == "textarea" else field.get("value", "")
    button = {} if action == "draft" else {f"action-{action}": f"action-{action}"}
    return editor.post(url, {**data, **values, **button}, follow=True)


def test_the_editor_is_told_how_many_are_told_of_an_edit(editor, meeting) -> None:
    RegistrationFactory.create_batch(2, occurrence=meeting.occurrences.get())
    response = publish_in_the_editor(editor, meeting, city="Herning")
    assert any(str(message).startswith("2 ") for message in response.context["messages"])
    assert StatusChange.objects.get().told == 2
    response = publish_in_the_editor(editor, meeting, organiser="Andre")
    assert not any(str(message).startswith("2 ") for message in response.context["messages"])


def test_the_editor_of_a_page_says_how_many_would_be_told(editor, meeting) -> None:
    RegistrationFactory.create_batch(2, occurrence=meeting.occurrences.get())
    soup = soup_of(editor.get(reverse("wagtailadmin_pages:edit", args=[meeting.pk])))
    panel = next(help for help in soup.select(".help-block") if help.select(f"a[href*='/meetings/{meeting.pk}/']"))
    assert "2 " in panel.select("p")[1].get_text()


def test_what_was_moved_by_an_edit_is_not_offered_to_be_reinstated(editor, meeting) -> None:
    RegistrationFactory(occurrence=meeting.occurrences.get())
    publish_in_the_editor(editor, meeting, city="Herning")
    soup = soup_of(editor.get(reverse("meetings_status", args=[meeting.pk])))
    offered = {link["href"].rstrip("/").rpartition("/")[2] for link in soup.select("dl a")}
    assert offered == {"cancel", "postpone", "move"}


def test_languages_spoken_are_ticked(editor, meeting) -> None:
    soup = soup_of(editor.get(reverse("wagtailadmin_pages:edit", args=[meeting.pk])))
    assert {box["type"] for box in soup.select("[name=languages_spoken]")} == {"checkbox"}
    publish_in_the_editor(editor, meeting, languages_spoken=["da", "sv"])
    meeting.refresh_from_db()
    assert meeting.languages_spoken == ["da", "sv"]
    publish_in_the_editor(editor, meeting, languages_spoken=[])
    meeting.refresh_from_db()
    assert meeting.languages_spoken == []
