"""The editors' pages: the code search, import and export, lists and reports."""

import io
import json
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from directory.actions import ensure_roles, make_owner
from directory.models import Category, EnterprisePage, ImportUpload
from directory.permissions import EDITORS, translators
from tests.factories.directory import CategoryFactory, EnterprisePageFactory, PlaceFactory, make_offer

pytestmark = pytest.mark.django_db


def client_of(user: Any) -> Client:
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "en"})
    client = Client()
    client.force_login(user)
    return client


def member(group: str, name: str = "member") -> Any:
    user = get_user_model().objects.create_user(name)
    user.groups.set(Group.objects.filter(name=group))
    return user


@pytest.fixture
def editor(enterprise: EnterprisePage) -> Client:
    ensure_roles()
    return client_of(member(EDITORS))


def upload(client: Client, **files: bytes) -> Any:
    data = {name: SimpleUploadedFile(f"{name}.csv", content) for name, content in files.items()}
    return client.post(reverse("directory_import"), data)


# ---- codes ----------------------------------------------------------------------------------------------------------
def test_code_search_answers_as_json(editor: Client, codes: SimpleNamespace) -> None:
    response = editor.get("/cms/directory/codes/cpv/?q=skole")
    [item] = response.json()["items"]
    assert (item["code"], item["language"], len(item["parents"])) == ("90919300", "en", 4)


@pytest.mark.parametrize("kind", ["cpv", "place", "category"])
@pytest.mark.parametrize("query", ["", "%00", "a" * 5000, "%F0%9F%92%A9", "%ff", "'\"<"])
def test_code_search_survives_anything(editor: Client, kind: str, query: str) -> None:
    assert editor.get(f"/cms/directory/codes/{kind}/?q={query}").json() == {"items": []}


def test_code_search_of_another_kind_is_not_found(editor: Client) -> None:
    assert editor.get("/cms/directory/codes/colour/").status_code == 404


def test_code_search_is_for_the_admin_only(codes: SimpleNamespace) -> None:
    assert Client().get("/cms/directory/codes/cpv/?q=a").status_code == 302


# ---- import ---------------------------------------------------------------------------------------------------------
def test_upload_shows_what_will_change_and_changes_nothing(editor: Client) -> None:
    response = upload(editor, enterprises=b"key,city\nbaekbo,Skive\n")
    review = editor.get(response["Location"])
    text = review.content.decode()
    assert "1 enterprise changes" in text
    assert "baekbo" in text
    assert "city" in text
    assert EnterprisePage.objects.get().city == "Viborg"


def test_yes_imports_and_says_so(editor: Client) -> None:
    location = upload(editor, enterprises="key;name_da\nny;Nyt værksted\n".encode())["Location"]
    response = editor.post(location, follow=True)
    assert "1 enterprise was imported." in response.content.decode()
    assert EnterprisePage.objects.filter(key="ny", title_da="Nyt værksted").exists()
    assert not ImportUpload.objects.exists()


def test_errors_are_a_table_of_rows_and_columns(editor: Client) -> None:
    location = upload(editor, enterprises=b"key,city,employees\nbaekbo,Skive,many\n")["Location"]
    text = editor.get(location).content.decode()
    assert "nothing was imported" in text
    assert "<td>enterprises.csv</td>" in text
    assert "<code>employees</code>" in text
    assert "Import all of it" not in text
    response = editor.post(location)
    assert response.status_code == 422
    assert EnterprisePage.objects.get().city == "Viborg"


def test_offers_file_under_any_name(editor: Client) -> None:
    offers = SimpleUploadedFile("min liste (2).csv", b"key,enterprise,name_da\n1,baekbo,Vinduer\n")
    location = editor.post(reverse("directory_import"), {"offers": offers})["Location"]
    editor.post(location)
    assert EnterprisePage.objects.get().offers.filter(name_da="Vinduer").exists()


def test_export_comes_back_as_nothing_to_import(editor: Client) -> None:
    content = editor.get(reverse("directory_export")).content
    archive = SimpleUploadedFile("torv.zip", content)
    location = editor.post(reverse("directory_import"), {"archive": archive})["Location"]
    assert "Nothing to import" in editor.get(location).content.decode()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "Choose at least one file."),
        ({"archive": b"no zip"}, "This is not a ZIP file that can be read."),
        ({"enterprises": b""}, "The submitted file is empty."),
    ],
)
def test_upload_that_is_no_file_is_refused(editor: Client, files: dict, says: str) -> None:
    response = upload(editor, **files)
    assert response.status_code == 422
    assert says in response.content.decode()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"key\n\x00", b"a;b\n1;2", b'key\n"', b"key,key\n1,2", b"\n\n", "kéy\n1".encode("latin-1")],
)
def test_malformed_file_is_reported(editor: Client, content: bytes) -> None:
    location = upload(editor, enterprises=content)["Location"]
    assert "nothing was imported" in editor.get(location).content.decode()
    assert editor.post(location).status_code == 422


def test_cell_is_escaped_in_the_report(editor: Client) -> None:
    location = upload(editor, enterprises=b"key,country\n<script>x</script>,<script>y</script>\n")["Location"]
    assert "<script>y" not in editor.get(location).content.decode()


def test_upload_of_somebody_else_is_not_found(editor: Client) -> None:
    location = upload(editor, enterprises=b"key,city\nbaekbo,Skive\n")["Location"]
    assert client_of(member(EDITORS, "other")).get(location).status_code == 404


@pytest.mark.parametrize("name", ["directory_import", "directory_export"])
def test_translator_neither_imports_nor_exports(editor: Client, name: str) -> None:
    response = client_of(member(translators("sv"), "translator")).get(reverse(name))
    assert response.status_code == 302
    assert response["Location"] == "/cms/"


def test_export_holds_all_files_and_is_not_kept_by_anybody(editor: Client) -> None:
    response = editor.get(reverse("directory_export"))
    assert set(ZipFile(io.BytesIO(response.content)).namelist()) >= {"enterprises.csv", "offers.csv", "contacts.csv"}
    assert "no-store" in response["Cache-Control"]


def test_page_lists_every_column(editor: Client) -> None:
    text = editor.get(reverse("directory_import")).content.decode()
    assert "description_sv" in text
    assert "cpv_codes" in text


# ---- lists ----------------------------------------------------------------------------------------------------------
def queries(client: Client, url: str, django_assert_max_num_queries: Any) -> int:
    with django_assert_max_num_queries(80) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_list_of_enterprises_costs_a_constant_number_of_queries(
    editor: Client, codes: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    EnterprisePageFactory(title_da="To", offers=[make_offer()])
    url = reverse("directory_enterprises:index")
    queries(editor, url, django_assert_max_num_queries)
    before = queries(editor, url, django_assert_max_num_queries)
    for number in range(3):
        EnterprisePageFactory(title_da=f"Flere {number}", municipality=codes.viborg, offers=[make_offer()])
    assert queries(editor, url, django_assert_max_num_queries) == before


def test_list_of_enterprises_shows_place_offers_and_languages(editor: Client) -> None:
    text = editor.get(reverse("directory_enterprises:index")).content.decode()
    assert "Viborg" in text
    assert "<strong>da</strong> <strong>sv</strong>" in text


def test_categories_are_listed_in_tree_order(editor: Client, codes: SimpleNamespace) -> None:
    CategoryFactory(code="art", name_en="Art")
    text = editor.get(reverse("directory_categories:index")).content.decode()
    assert text.index("Art") < text.index("— Schools")
    assert text.index("Cleaning") < text.index("— Schools")
    assert reverse("directory_categories:edit", args=[codes.schools.pk]) in text


def test_editor_makes_a_category_with_cpv_codes(editor: Client, codes: SimpleNamespace) -> None:
    data = {
        "parent": codes.clean.pk, "code": "windows", "position": 0, "icon": "", "cpv_codes": "90919300-2, 98311200",
        "name_da": "Vinduer", "name_sv": "Fönster", "name_en": "Windows", "slug_da": "vinduer", "slug_sv": "fonster",
        "slug_en": "windows", "synonyms_da": "ruder",
    }  # fmt: skip
    response = editor.post(reverse("directory_categories:add"), data)
    assert response.status_code == 302, response.context["form"].errors
    category = codes.clean.children.get(code="windows")
    assert (category.path, category.cpv_codes.count(), category.name_sv) == ("clean/windows", 2, "Fönster")


def test_unknown_cpv_code_is_an_error_of_the_form(editor: Client, codes: SimpleNamespace) -> None:
    response = editor.post(reverse("directory_categories:add"), {"code": "x", "name_da": "X", "cpv_codes": "11111111"})
    assert response.status_code == 200
    assert "cpv_codes" in response.context["form"].errors


def test_translator_changes_names_of_a_category_in_one_language(editor: Client, codes: SimpleNamespace) -> None:
    client = client_of(member(translators("sv"), "translator"))
    url = reverse("directory_categories:edit", args=[codes.clean.pk])
    client.post(url, {"name_sv": "Städ", "name_da": "KAPRET", "code": "kapret", "slug_sv": "", "synonyms_sv": ""})
    codes.clean.refresh_from_db()
    assert (codes.clean.name_sv, codes.clean.name_da, codes.clean.path) == ("Städ", "Rengøring", "clean")


def test_a_category_with_offers_is_not_deleted_and_says_whose_they_are(editor: Client, codes: SimpleNamespace) -> None:
    url = reverse("directory_categories:delete", args=[codes.schools.pk])
    text = editor.get(url).content.decode()
    assert "1 offer is in this category" in text
    assert "Bækbo Rengøring" in text
    assert "Yes, delete" not in text
    assert editor.post(url).status_code == 302
    assert codes.schools.offers.count() == 1


def test_a_category_without_offers_is_deleted(editor: Client) -> None:
    category = CategoryFactory(code="empty")
    url = reverse("directory_categories:delete", args=[category.pk])
    assert "Yes, delete" in editor.get(url).content.decode()
    editor.post(url)
    assert not Category.objects.filter(code="empty").exists()


def test_a_category_without_a_name_is_refused(editor: Client) -> None:
    response = editor.post(reverse("directory_categories:add"), {"code": "x", "position": 0, "cpv_codes": ""})
    assert "name_da" in response.context["form"].errors


@pytest.mark.parametrize(
    "name", ["directory_places", "directory_cpv", "directory_objectives", "directory_certifications"]
)
def test_code_lists_open(editor: Client, name: str) -> None:
    assert editor.get(reverse(f"{name}:index")).status_code == 200


def test_places_can_be_looked_at_and_not_changed(editor: Client, codes: SimpleNamespace) -> None:
    admin = client_of(get_user_model().objects.create_superuser("admin"))
    place = PlaceFactory(code="DK/1082/0760", name_da="Ringkøbing-Skjern")
    quoted = place.pk.replace("/", "_2F")
    assert "Ringkøbing-Skjern" in admin.get(f"/cms/directory_places/inspect/{quoted}/").content.decode()
    assert admin.get(f"/cms/directory_places/edit/{quoted}/").status_code == 302
    assert admin.get(reverse("directory_places:add")).status_code == 302


def test_report_puts_never_confirmed_first(editor: Client) -> None:
    EnterprisePageFactory(title_da="Bekræftet", last_confirmed="2026-01-01")
    text = editor.get(reverse("directory_confirmation_report")).content.decode()
    assert text.index("Bækbo Rengøring") < text.index("Bekræftet")


def test_report_costs_a_constant_number_of_queries(editor: Client, django_assert_max_num_queries: Any) -> None:
    url = reverse("directory_confirmation_report")
    queries(editor, url, django_assert_max_num_queries)
    before = queries(editor, url, django_assert_max_num_queries)
    for number in range(3):
        EnterprisePageFactory(title_da=f"Flere {number}")
    assert queries(editor, url, django_assert_max_num_queries) == before


def test_report_is_exported(editor: Client) -> None:
    response = editor.get(reverse("directory_confirmation_report") + "?export=csv")
    assert "baekbo" in b"".join(response).decode()


# ---- confirming -----------------------------------------------------------------------------------------------------
def test_owner_confirms_the_own_listing(editor: Client, enterprise: EnterprisePage) -> None:
    user = get_user_model().objects.create_user("owner")
    make_owner(user=user, enterprise=enterprise)
    client = client_of(user)
    url = reverse("directory_confirm", args=[enterprise.pk])
    assert url in client.get(reverse("wagtailadmin_pages:edit", args=[enterprise.pk])).content.decode()
    assert "It has never been confirmed." in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    enterprise.refresh_from_db()
    assert enterprise.last_confirmed == timezone.localdate()


def test_listing_of_others_cannot_be_confirmed(editor: Client, enterprise: EnterprisePage) -> None:
    user = get_user_model().objects.create_user("owner")
    make_owner(user=user, enterprise=enterprise)
    other = EnterprisePageFactory(title_da="En anden")
    client_of(user).post(reverse("directory_confirm", args=[other.pk]))
    other.refresh_from_db()
    assert other.last_confirmed is None


def test_scheduled_listing_says_why_it_cannot_be_confirmed(editor: Client, enterprise: EnterprisePage) -> None:
    revision = enterprise.save_revision()
    revision.approved_go_live_at = "2999-01-01T00:00:00Z"
    revision.save()
    response = editor.post(reverse("directory_confirm", args=[enterprise.pk]))
    assert response.status_code == 422
    assert "scheduled" in response.content.decode()


# ---- the page editor ------------------------------------------------------------------------------------------------
def test_editor_form_holds_pickers_and_language_tabs(editor: Client, enterprise: EnterprisePage) -> None:
    text = editor.get(reverse("wagtailadmin_pages:edit", args=[enterprise.pk])).content.decode()
    assert text.count("<code-picker") >= 8
    assert 'value="90919300, 98311200"' in text
    assert "directory/picker.js" in text


def test_new_enterprise_form_opens(editor: Client, enterprise: EnterprisePage) -> None:
    parent = enterprise.get_parent()
    url = reverse("wagtailadmin_pages:add", args=["directory", "enterprisepage", parent.pk])
    assert editor.get(url).status_code == 200


def test_owner_opens_the_own_listing_and_no_other(editor: Client, enterprise: EnterprisePage) -> None:
    user = get_user_model().objects.create_user("owner")
    make_owner(user=user, enterprise=enterprise)
    client = client_of(user)
    other = EnterprisePageFactory(title_da="En anden")
    assert client.get(reverse("wagtailadmin_pages:edit", args=[enterprise.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:edit", args=[other.pk])).status_code == 302


def test_strings_of_the_picker_are_json(editor: Client, enterprise: EnterprisePage) -> None:
    from bs4 import BeautifulSoup

    html = editor.get(reverse("wagtailadmin_pages:edit", args=[enterprise.pk])).content
    picker = BeautifulSoup(html, "html.parser").find("code-picker")
    assert set(json.loads(picker["data-strings"])) >= {"remove", "none", "many"}


def test_a_number_that_no_database_holds_is_no_enterprise(admin_client: Client) -> None:
    assert admin_client.get(f"/cms/directory/confirm/{2**63}/").status_code == 404
