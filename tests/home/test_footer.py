"""What stands at the foot of every page: what editors wrote, and the page tree where they wrote nothing."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Site
from wagtail.test.utils.form_data import nested_form_data, streamfield

from directory.actions import ensure_roles
from directory.permissions import EDITORS, translators
from home.models import Footer
from tests.factories.home import PageFactory

pytestmark = pytest.mark.django_db


def foot_of(client: Client, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).content, "html.parser").select_one(".foot")


def columns_of(client: Client, path: str) -> dict[str, list[str]]:
    found = foot_of(client, path).select(".grid > div:has(h2)")
    return {column.h2.get_text(): [a.get_text(strip=True) for a in column.select("a")] for column in found}


@pytest.fixture
def about(home_page):
    return PageFactory(title_da="Om os", title_sv="Om oss", slug="om-os", slug_sv="om-oss")


@pytest.fixture
def write(home_page):
    def write(*columns, **values):
        foot = Footer(site=Site.objects.get(is_default_site=True), **values)
        stream = Footer._meta.get_field("columns").stream_block
        foot.columns = stream.to_python([{"type": "column", "value": column} for column in columns])
        foot.save()
        return foot

    return write


def page_link(page):
    return {"type": "page", "value": page.pk}


def test_without_a_word_from_editors_the_columns_follow_the_tree(client, about):
    assert columns_of(client, "/da/") == {"Om webstedet": ["Om os"]}
    assert "Torvet, hvor" in foot_of(client, "/da/").p.find_next("p").get_text()


def test_columns_say_what_editors_wrote_in_the_readers_language(client, about, write):
    outside = {"label_da": "Regionen", "label_sv": "Regionen (sv)", "address": "https://region.example.org/"}
    links = [page_link(about), {"type": "outside", "value": outside}]
    write({"heading_da": "Om os alle", "heading_sv": "Om oss alla", "links": links})
    assert columns_of(client, "/da/") == {"Om os alle": ["Om os", "Regionen"]}
    assert columns_of(client, "/sv/") == {"Om oss alla": ["Om oss", "Regionen (sv)"]}
    assert [a["href"] for a in foot_of(client, "/sv/").select(".grid a")] == [
        "/sv/om-oss/",
        "https://region.example.org/",
    ]


def test_what_is_missing_in_a_language_says_in_which_it_is(client, about, write):
    write({"heading_da": "Om os", "links": [page_link(about)]}, text_da="Vi er os")
    foot = foot_of(client, "/en/")
    assert foot.h2["lang"] == foot.select_one(".links a")["lang"] == "da"
    assert foot.find("p", string="Vi er os")["lang"] == "da"


def test_pages_that_are_not_public_and_columns_without_links_are_left_out(client, about, write):
    draft = PageFactory(title_da="Kladde", slug="kladde", live=False)
    write(
        {"heading_da": "Tom", "links": [page_link(draft)]}, {"heading_da": "Fuld", "links": [page_link(about)]}
    )  # fmt: skip
    assert columns_of(client, "/da/") == {"Fuld": ["Om os"]}


def test_a_page_that_is_deleted_takes_its_link_with_it(client, about, write):
    gone = PageFactory(title_da="Væk", slug="vaek")
    write({"heading_da": "Fuld", "links": [page_link(about), page_link(gone)]})
    gone.delete()
    assert columns_of(client, "/da/") == {"Fuld": ["Om os"]}


def test_contact_of_whoever_runs_the_site_can_be_used(client, about, write):
    write(email="os@region.example.org", phone="+45 00 12 34 56", address="Torvet 1\n0000 Sted", text_da="<b>Vi</b>")
    foot = foot_of(client, "/da/")
    assert [a["href"] for a in foot.address.select("a")] == ["mailto:os@region.example.org", "tel:+4500123456"]
    assert foot.address.br is not None
    assert foot.b is None  # text is text
    assert columns_of(client, "/da/") == {"Om webstedet": ["Om os"]}


def test_an_empty_column_set_makes_no_empty_headings(client, home_page):
    assert foot_of(client, "/da/").select("h2") == []


def test_number_of_queries_does_not_grow_with_the_links(client, about, write):
    def measured() -> int:
        client.get("/da/om-os/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/da/om-os/")
        return len(queries)

    foot = write({"heading_da": "A", "links": [page_link(about)]})
    before = measured()
    pages = [PageFactory(parent=about, title_da=f"S{n}", slug=f"s{n}") for n in range(5)]
    foot.delete()
    write(*({"heading_da": f"K{n}", "links": [page_link(page) for page in pages]} for n in range(3)))
    assert measured() == before


def form(**values):
    texts = {f"text_{language}": "" for language in ("da", "sv", "en")}
    return nested_form_data({**texts, "email": "", "phone": "", "address": "", "columns": streamfield([]), **values})


@pytest.fixture
def user(home_page, django_user_model):
    def user(group):
        ensure_roles()
        made = django_user_model.objects.create_user("somebody", password="x")
        made.groups.add(Group.objects.get(name=group))
        return made

    return user


def address(site):
    return reverse("wagtailsettings:edit", args=["home", "footer", site.pk])


def test_editors_write_the_foot_of_the_pages(client, about, user):
    client.force_login(user(EDITORS))
    column = {
        "heading_da": "Om os", "heading_sv": "", "heading_en": "",
        "links": streamfield([("page", str(about.pk))]),
    }  # fmt: skip
    site = Site.objects.get(is_default_site=True)
    response = client.post(address(site), form(text_sv="Torget", columns=streamfield([("column", column)])))
    assert response.status_code == 302
    client.logout()
    assert columns_of(client, "/da/") == {"Om os": ["Om os"]}
    assert "Torget" in foot_of(client, "/sv/").get_text()


def test_a_column_without_any_heading_is_refused(client, about, user):
    client.force_login(user(EDITORS))
    column = {"heading_da": "", "heading_sv": " ", "heading_en": "", "links": streamfield([("page", str(about.pk))])}
    site = Site.objects.get(is_default_site=True)
    response = client.post(address(site), form(columns=streamfield([("column", column)])))
    assert response.status_code == 200
    assert not any(foot.columns for foot in Footer.objects.all())


def test_columns_that_cannot_be_read_are_said_and_kept(client, about, user, write):
    foot = write({"heading_da": "Om os", "links": [page_link(about)]})
    client.force_login(user(EDITORS))
    response = client.post(address(foot.site), {**form(text_sv="Torget"), "columns-count": "x"})
    assert response.context["form"].errors.keys() == {"columns"}
    foot.refresh_from_db()
    assert len(foot.columns) == 1


def test_a_translator_writes_only_the_own_language(client, about, user, write):
    foot = write({"heading_da": "Om os", "links": [page_link(about)]}, text_da="Dansk", email="os@example.org")
    client.force_login(user(translators("sv")))
    response = client.post(
        address(foot.site), form(text_da="Ødelagt", text_sv="Svenska", email="x@example.org", columns=streamfield([]))
    )
    assert response.status_code == 302
    foot.refresh_from_db()
    assert (foot.text_da, foot.text_sv, foot.email) == ("Dansk", "Svenska", "os@example.org")
    assert len(foot.columns) == 1
