"""A themed page carries its theme, from the site's own address."""

import pytest
from bs4 import BeautifulSoup

from torv.theming import theme


@pytest.fixture
def themed(settings, tmp_path):
    (tmp_path / "n.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    path = tmp_path / "nord.toml"
    path.write_text('brand = ["#cfe4ef", "#14303f"]\nlogo = "n.svg"\nfont = ["Arial"]')
    settings.TORV_THEME = str(path)
    settings.WAGTAIL_SITE_NAME = "Socialt marked Nord"


@pytest.mark.django_db
def test_a_page_wears_the_regions_colours_font_logo_and_name(client, home_page, themed):
    response = client.get("/da/")
    soup = BeautifulSoup(response.content, "html.parser")
    sheets = [link["href"] for link in soup.select("link[rel=stylesheet]")]
    assert sheets == ["/static/torv/torv.css", f"/theme/{theme().digest}/theme.css"]
    assert soup.select_one("link[as=font]") is None  # Arial is the reader's own
    assert soup.select_one("link[rel=icon]")["href"] == f"/theme/{theme().digest}/logo.svg"
    assert soup.select_one(".head .logo img")["src"] == f"/theme/{theme().digest}/logo.svg"
    assert soup.select_one(".head .logo").get_text(strip=True) == "Socialt marked Nord"
    assert not soup.select("style, [style]")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert b"--brand: light-dark(#cfe4ef, #14303f);" in client.get(sheets[1]).content


@pytest.mark.django_db
def test_the_error_page_wears_it_too(themed):
    from django.test import RequestFactory

    from torv.views import server_error

    content = server_error(RequestFactory().get("/da/")).content.decode()
    assert f"/theme/{theme().digest}/theme.css" in content
    assert "<title>Socialt marked Nord</title>" in content


@pytest.mark.parametrize(
    ("name", "kind"), [("theme.css", "text/css; charset=utf-8"), ("logo.svg", "image/svg+xml")]
)  # fmt: skip
def test_files_are_kept_for_ever_under_their_own_address(client, themed, name, kind):
    response = client.get(f"/theme/{theme().digest}/{name}")
    assert response["Content-Type"] == kind
    assert "immutable" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get(f"/theme/older/{name}")["Cache-Control"] == "no-cache"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["font.woff2", "nord.toml", "..%2Fnord.toml", "x"])
def test_only_the_themes_own_files_are_served(client, themed, name):
    assert client.get(f"/theme/{theme().digest}/{name}", follow=True).status_code == 404


def test_files_change_nothing(client, themed):
    assert client.post(f"/theme/{theme().digest}/theme.css").status_code == 405
