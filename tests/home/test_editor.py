"""An editor writes a page language by language."""

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from wagtail.models import GroupPagePermission
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home.models import Page, StandardPage
from tests.factories.home import PageFactory
from torv.languages import LANGUAGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(home_page: Page) -> StandardPage:
    return PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os", slug_sv="om-oss", introduction_da="Dansk")


def form(**values: object) -> dict:
    texts = {f"introduction_{language}": "" for language in LANGUAGES}
    bodies = {f"body_{language}": streamfield([]) for language in LANGUAGES}
    base = {
        "title_da": "Om os",
        "title_sv": "Om oss",
        "title_en": "",
        "slug": "om-os",
        "slug_sv": "om-oss",
        "slug_en": "",
    }
    search = {f"{name}_{language}": "" for name in ("seo_title", "search_description") for language in LANGUAGES}
    return nested_form_data({**base, **search, **texts, **bodies, "show_in_menus": False, **values})


def edit(client, page: Page, **values: object):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form(**values))


def translator(language: str, django_user_model):
    group = Group.objects.create(name=f"translators {language}")
    group.permissions.add(
        Permission.objects.get(codename="access_admin"), Permission.objects.get(codename=f"translate_{language}")
    )
    for kind in ("change", "publish"):
        GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission_type=kind)
    user = django_user_model.objects.create_user("translator", password="secret")
    user.groups.add(group)
    return user


def test_editor_has_a_tab_for_each_language(page: StandardPage, admin_client) -> None:
    body = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for name in ("title_da", "title_sv", "title_en", "slug_sv", "slug_en", "introduction_en"):
        assert f'name="{name}"' in body
    assert 'id="body_en"' in body


def test_editor_shows_the_source_beside_the_translation(page: StandardPage, admin_client) -> None:
    body = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert body.count('lang="da" role="group"') == 4  # the title and the introduction, Swedish and English
    assert "efter at oversættelsen" not in body


def test_editor_says_when_the_source_became_another_after_the_translation(page: StandardPage, admin_client) -> None:
    page.introduction_sv, page.introduction_en = "Svenska", "English"
    page.save_revision()
    page.introduction_da = "Dansk igen"
    page.save_revision().publish()
    page.introduction_en = "English again"
    page.save_revision()
    body = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert body.count("efter at oversættelsen blev skrevet") == 1  # the Swedish one


def test_text_areas_of_each_language_grow_with_their_text(page: StandardPage, admin_client) -> None:
    body = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    for language in LANGUAGES:
        (area,) = re.findall(rf'<textarea[^>]*name="introduction_{language}"[^>]*>', body)
        assert 'data-controller="w-autosize"' in area


def test_editor_has_one_input_for_each_field(page: StandardPage, admin_client) -> None:
    """Of two inputs with one name the last wins: an editor's change would be lost."""
    body = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert body.count('name="introduction_da"') == 1


def test_editor_shows_the_language_it_was_written_in_where_danish_is_missing(home_page: Page, admin_client) -> None:
    page = PageFactory(title_da=None, title_sv="Svensk", slug="svensk", introduction_sv="Skrevet på svensk")
    body = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert body.count('lang="sv" role="group"') == 4


def test_edit_publishes_every_language(page: StandardPage, admin_client) -> None:
    edit(admin_client, page, title_en="About", introduction_sv="Svenska", **{"action-publish": "1"})
    page.refresh_from_db()
    assert (page.title_en, page.introduction_sv) == ("About", "Svenska")


def test_edit_as_draft_leaves_the_live_page(page: StandardPage, admin_client) -> None:
    edit(admin_client, page, title_sv="Utkast")
    page.refresh_from_db()
    assert page.title_sv == "Om oss"
    assert page.latest_revision.as_object().title_sv == "Utkast"


def test_edit_by_an_editor_who_reads_swedish_writes_the_right_columns(page: StandardPage, admin_client) -> None:
    from wagtail.users.models import UserProfile

    user = page._meta.get_field("owner").related_model.objects.get(username="admin")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "sv"})
    edit(admin_client, page, title_da="Om os nu", title_sv="Om oss nu", **{"action-publish": "1"})
    page.refresh_from_db()
    assert (page.title_da, page.title_sv) == ("Om os nu", "Om oss nu")


def test_edit_with_a_taken_slug_says_so(page: StandardPage, admin_client) -> None:
    PageFactory(title_da="Kontakt", slug="kontakt", slug_sv="kontakta")
    response = edit(admin_client, page, slug_sv="kontakta")
    assert response.status_code == 200
    assert "slug_sv" in response.context["form"].errors


def test_edit_without_any_title_says_so(page: StandardPage, admin_client) -> None:
    response = edit(admin_client, page, title_da="", title_sv="")
    assert response.status_code == 200
    assert response.context["form"].errors


def test_create_in_swedish_only(home_page: Page, admin_client) -> None:
    url = reverse("wagtailadmin_pages:add", args=["home", "standardpage", home_page.pk])
    data = form(title_da="", title_sv="Bara svenska", slug="bara-svenska", slug_sv="", **{"action-publish": "1"})
    admin_client.post(url, data)
    page = StandardPage.objects.get(slug="bara-svenska")
    assert page.public_languages == ["sv"]


def test_translator_sees_only_the_own_language(page: StandardPage, client, django_user_model) -> None:
    client.force_login(translator("sv", django_user_model))
    body = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'name="title_sv"' in body
    assert 'name="title_da"' not in body


def test_translator_cannot_change_another_language(page: StandardPage, client, django_user_model) -> None:
    client.force_login(translator("sv", django_user_model))
    edit(client, page, title_da="Overskrevet", title_sv="Om oss nu", **{"action-publish": "1"})
    page.refresh_from_db()
    assert (page.title_da, page.title_sv) == ("Om os", "Om oss nu")


def test_copy_with_pages_below_keeps_their_slugs_in_every_language(page: StandardPage, admin_client) -> None:
    PageFactory(parent=page, title_da="Historie", slug="historie", slug_en="history")
    data = {
        "new_title": "Om os 2",
        "new_slug": "om-os-2",
        "new_parent_page": page.get_parent().pk,
        "copy_subpages": "on",
        "publish_copies": "on",
    }
    response = admin_client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    assert response.status_code == 302
    child = Page.objects.get(slug="om-os-2").get_children().get()
    assert (child.slug_en, child.url_path_en) == ("history", "/forside/om-os-2/history/")
