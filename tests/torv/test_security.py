"""Headers on every answer, no cookie for visitors, and production settings that Django's own checks find nothing in."""

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from wagtail.test.utils.form_data import nested_form_data, streamfield

from home.models import Page
from tests.factories.home import PageFactory
from tests.torv.plugins.packages import ROOT
from torv.languages import LANGUAGES
from torv.security import EDITORS, PREVIEW, VISITORS, SecurityHeadersMiddleware, VisitorsMiddleware, policy_text

VISITORS_ADDRESSES = (
    "/",
    "/da/",
    "/sv/",
    "/en/",
    "/da/om/",
    "/sv/om/",
    "/da/findes-ikke/",
    "/da/soeg/",
    "/robots.txt",
    "/sitemap.xml",
    "/api/v3/pages/",
    "/api/v3/openapi.json",
    "/api/v3/docs/",
    "/api/v3/search/suppliers/",
    "/api/v3/search/suppliers/?size=100000",
    "/health/live",
    "/health/ready",
)


@pytest.fixture
def pages(home_page: Any) -> None:
    PageFactory(title_da="Om", slug="om")


# ------------------------------------------------------------------ cookies


@pytest.mark.parametrize("address", VISITORS_ADDRESSES)
@pytest.mark.usefixtures("pages")
def test_a_visitor_gets_no_cookie_and_nothing_that_varies_by_one(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code < 500
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").lower()


@pytest.mark.usefixtures("pages")
def test_another_sites_cookie_changes_nothing(client: Client) -> None:
    client.cookies["consent"] = "yes"
    response = client.get("/da/om/")
    assert "cookie" not in response.get("Vary", "").lower()


def answer(request: HttpRequest, vary: str = "Accept-Language, Cookie", cookie: str = "") -> HttpResponse:
    def view(request: HttpRequest) -> HttpResponse:
        response = HttpResponse("…", headers={"Vary": vary} if vary else {})
        if cookie:
            response.set_cookie(cookie, "1")
        return response

    return VisitorsMiddleware(view)(request)


def test_without_a_session_the_answer_does_not_vary_by_cookie() -> None:
    assert answer(RequestFactory().get("/da/"))["Vary"] == "Accept-Language"
    assert "Vary" not in answer(RequestFactory().get("/da/"), vary="Cookie")


def test_with_a_session_the_answer_is_the_readers_alone() -> None:
    request = RequestFactory().get("/da/")
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "abc"
    response = answer(request)
    assert response["Vary"] == "Accept-Language, Cookie"
    assert response["Cache-Control"] == "private"


def test_an_answer_that_sets_a_cookie_keeps_what_it_says() -> None:
    assert "Cookie" in answer(RequestFactory().get("/da/"), cookie="sessionid")["Vary"]


def test_the_editors_interface_keeps_what_it_says() -> None:
    assert "Cookie" in answer(RequestFactory().get("/cms/login/"))["Vary"]


@pytest.mark.django_db
def test_an_editor_can_sign_in(client: Client, admin_user: AbstractUser) -> None:
    response = client.post("/cms/login/", {"username": "admin", "password": "password"})
    assert response.status_code == 302
    assert settings.SESSION_COOKIE_NAME in response.cookies


# ------------------------------------------------------------------ headers


@pytest.mark.parametrize("address", VISITORS_ADDRESSES)
@pytest.mark.usefixtures("pages")
def test_every_answer_to_visitors_forbids_what_no_page_needs(client: Client, address: str) -> None:
    response = client.get(address)
    assert response["Content-Security-Policy"] == policy_text(VISITORS)
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Frame-Options"] == "DENY"


def test_the_visitors_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    sources = {source for values in VISITORS.values() for source in values}
    assert sources == {"'self'", "'none'", "data:"}


@pytest.mark.django_db
def test_the_editors_interface_has_a_policy_of_its_own(client: Client) -> None:
    assert client.get("/cms/login/")["Content-Security-Policy"] == policy_text(EDITORS)


@pytest.mark.usefixtures("pages")
def test_a_preview_is_held_to_the_visitors_policy_and_may_stand_beside_the_form(admin_client: Client) -> None:
    page = Page.objects.get(slug="om")
    address = f"/cms/pages/{page.pk}/edit/preview/"
    form = {"title_da": "Om", "slug": "om", "slug_sv": "", "slug_en": ""}
    admin_client.post(address, nested_form_data({**form, **{f"body_{lang}": streamfield([]) for lang in LANGUAGES}}))
    response = admin_client.get(address, {"mode": "da"})
    assert response["Content-Security-Policy"] == policy_text(PREVIEW)
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_view_that_sets_its_own_policy_keeps_it() -> None:
    middleware = SecurityHeadersMiddleware(lambda request: HttpResponse(headers={"Content-Security-Policy": "sandbox"}))
    assert middleware(RequestFactory().get("/da/"))["Content-Security-Policy"] == "sandbox"


class Inline(HTMLParser):
    """Collects what the visitors' policy would block: inline scripts, styles and handlers, and addresses elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type", "").endswith("json")
        if tag == "style" or (tag == "script" and not given.get("src") and not data):
            self.found.append(f"<{tag}>")
        self.found += [name for name in given if name == "style" or name.startswith("on")]
        loaded = given.get("src") or (given.get("href") if tag == "link" and given.get("rel") == "stylesheet" else None)
        if loaded and not re.match(r"/(?!/)|data:", loaded):
            self.found.append(loaded)


@pytest.mark.parametrize("address", ["/da/", "/da/om/", "/da/findes-ikke/", "/da/soeg/", "/api/v3/docs/"])
@pytest.mark.usefixtures("pages")
def test_pages_have_nothing_inline_and_nothing_from_elsewhere(client: Client, address: str) -> None:
    parser = Inline()
    parser.feed(client.get(address).content.decode())
    assert parser.found == []


# ------------------------------------------------------------------ requests


@pytest.mark.parametrize("host", ["other.example.org", "torv example", "torv.example.org:port", ""])
@pytest.mark.parametrize(
    ("address", "kind"), [("/da/", "text/html"), ("/api/v3/search/suppliers/", "application/json")]
)
@pytest.mark.usefixtures("pages")
def test_a_host_that_is_not_ours_is_refused_in_our_own_words(
    client: Client, settings: Any, host: str, address: str, kind: str
) -> None:
    settings.ALLOWED_HOSTS = ["torv.example.org"]
    client.raise_request_exception = False
    response = client.get(address, headers={"host": host})
    assert response.status_code == 400
    assert response["Content-Type"].startswith(kind)


@pytest.mark.django_db
def test_a_form_of_a_large_page_is_not_too_large(client: Client) -> None:
    fields = {f"offers-{number}-name": "Lak" for number in range(5000)}
    assert client.post("/cms/login/", fields).status_code == 200


# ------------------------------------------------------------------ production


PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "torv.settings.production",
    "TORV_SECRET_KEY": "n0t-a-real-0ne-but-l0ng-and-varied-en0ugh-f0r-the-check-3f9c1e7a55",
    "TORV_ALLOWED_HOSTS": "torv.example.org",
    "TORV_BASE_URL": "https://torv.example.org",
}


def in_production(*command: str, **changes: str | None) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("TORV_", "DJANGO_"))}
    environment |= {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "site")]), **PRODUCTION}
    environment |= {name: value for name, value in changes.items() if value is not None}
    for name in [name for name, value in changes.items() if value is None]:
        del environment[name]
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )


def test_djangos_own_deployment_check_finds_nothing() -> None:
    done = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["TORV_SECRET_KEY", "TORV_ALLOWED_HOSTS", "TORV_BASE_URL"])
def test_what_is_missing_stops_the_start_and_is_named(name: str) -> None:
    done = in_production("-c", "from django.conf import settings; settings.DEBUG", **{name: None})
    assert done.returncode != 0
    assert f"Set the {name} environment variable" in done.stderr


LOOK = """
import json
from django.conf import settings
names = ("DEBUG", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
         "SECURE_PROXY_SSL_HEADER", "EMAIL_HOST", "WAGTAILADMIN_BASE_URL")
print(json.dumps({name: getattr(settings, name) for name in names}))
"""


def test_production_is_safe_by_default() -> None:
    found = json.loads(in_production("-c", LOOK).stdout)
    assert found == {
        "DEBUG": False,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 31536000,
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_PROXY_SSL_HEADER": ["HTTP_X_FORWARDED_PROTO", "https"],
        "EMAIL_HOST": "localhost",
        "WAGTAILADMIN_BASE_URL": "https://torv.example.org",
    }


def test_the_environment_decides() -> None:
    found = json.loads(
        in_production(
            "-c", LOOK, TORV_HSTS_SECONDS="60", TORV_BEHIND_PROXY="0", TORV_EMAIL_URL="smtp://mail.example.org:587"
        ).stdout
    )
    assert found["SECURE_HSTS_SECONDS"] == 60
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert found["EMAIL_HOST"] == "mail.example.org"


SERVE = """
import django, json
django.setup()
from django.core.management import call_command
call_command("collectstatic", interactive=False, verbosity=0)
from pathlib import Path
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client
client = Client(headers={"host": "torv.example.org", "accept-encoding": "br"})
plain = client.get("/da/")
health = client.get("/health/live")
styles = client.get(staticfiles_storage.url("torv/torv.css"), secure=True)
found = {
    "redirect": [plain.status_code, plain["Location"]],
    "health": health.status_code,
    "styles": [styles.status_code, styles["Content-Encoding"], styles["Cache-Control"]],
    "hsts": client.get("/robots.txt", secure=True)["Strict-Transport-Security"],
}
print("\\n" + json.dumps(found))
"""


def test_in_production_transport_is_strict_and_static_files_are_compressed_and_kept(tmp_path: Any) -> None:
    done = in_production("-c", SERVE, TORV_VAR=str(tmp_path), TORV_DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}")
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.strip().splitlines()[-1])
    assert found["redirect"] == [301, "https://torv.example.org/da/"]
    assert found["health"] == 200
    assert found["styles"] == [200, "br", "max-age=315360000, public, immutable"]
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
