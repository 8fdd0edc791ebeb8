"""Registering in a browser, with and without scripts; axe-core looks at every page on the way, narrow and wide."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.e2e.conftest import Visit
from tests.e2e.registering import THINKING, confirm, link_in, mails_to, register, send
from tests.e2e.test_accessibility import RULES
from tests.torv.mail.server import MailServer

OPEN = {
    "da": "/da/moeder/byd-sammen/",
    "sv": "/sv/traffar/lamna-anbud-tillsammans/",
    "en": "/en/meetings/bidding-together/",
}
FULL = "/sv/traffar/las-ett-upphandlingsunderlag/"
CLOSED = {"cancelled": "/da/moeder/sociale-klausuler/", "postponed": "/en/meetings/workshop-visit/"}


@pytest.fixture(scope="module")
def links(browser: Browser, site: str, mail_server: MailServer) -> dict[str, str]:
    """The path of each page of a registration: people have registered on the way, without scripts."""
    context = browser.new_context(java_script_enabled=False)
    visitor, inbox = Visit(context, site), mail_server.inbox
    first = register(visitor, inbox, OPEN["da"], "anna@example.org")
    found = {
        "asked": register(visitor, inbox, OPEN["en"], "eve@example.org"),
        "registered": confirm(visitor, first),
        "waiting": confirm(visitor, register(visitor, inbox, FULL, "vera@example.org")),
        "withdrawn": confirm(visitor, register(visitor, inbox, OPEN["sv"], "sven@example.org")),
        "forged": "/en/go/meetings/confirm/forged/",
    }
    visitor.go(found["withdrawn"]).locator("main form button").click()
    assert visitor.page.locator("main form").count() == 0, "withdrawn"
    for name, path in {"form": OPEN["da"], "full": FULL}.items():
        found[name] = visitor.go(path).locator("form[action*='/register/']").get_attribute("action") or ""
    found["sent"] = found["form"].replace("/da/", "/sv/") + "sent/"
    context.close()
    return found


def look_at(visitor: Visit) -> None:
    """Nothing for axe to find, nothing wider than the window, nothing from elsewhere, no cookie."""
    results = Axe().run(visitor.page, options=RULES)
    assert results.violations_count == 0, f"{visitor.page.url}\n{results.generate_report()}"
    assert visitor.overflow() <= 0
    assert visitor.foreign_requests() == []
    assert visitor.context.cookies() == []
    assert visitor.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_on_the_pages_of_a_registration(
    visit: Callable, links: dict[str, str], width: int, scheme: str
) -> None:
    visitor = visit(width=width, scheme=scheme)
    for path in links.values():
        visitor.go(path)
        look_at(visitor)


@pytest.mark.parametrize(("width", "language"), [(320, "sv"), (1280, "en")])
def test_a_form_with_faults_says_them_all_and_leads_to_each(visit: Callable, width: int, language: str) -> None:
    visitor = visit(width=width)
    page = visitor.go(OPEN[language])
    page.locator("#reg-email").fill("nobody")
    send(page)
    assert page.locator("#reg-errors").is_visible()
    look_at(visitor)
    for link in page.locator("#reg-errors a").all():
        field = page.locator(link.get_attribute("href") or "")
        assert field.get_attribute("aria-invalid") == "true"
        described = [page.locator(f"#{name}") for name in (field.get_attribute("aria-describedby") or "").split()]
        assert any(link.inner_text() in text.inner_text() for text in described)
    assert page.locator("#reg-email").input_value() == "nobody"


@pytest.mark.parametrize("name", CLOSED)
def test_what_does_not_take_place_takes_nobody(visit: Callable, links: dict[str, str], name: str) -> None:
    visitor = visit(width=320)
    page = visitor.go(CLOSED[name])
    assert page.locator("form[action*='/register/']").count() == 0
    look_at(visitor)


def test_what_is_cancelled_says_so_in_place_of_the_form(visit: Callable, links: dict[str, str], site: str) -> None:
    """By the address of a form that somebody has kept."""
    visitor = visit()
    feed = visitor.go(CLOSED["cancelled"])
    number = int(re.search(r"/register/(\d+)/", links["form"])[1])
    for other in range(1, number + 30):
        answer = feed.request.get(f"{site}/da/go/meetings/register/{other}/")
        if answer.status == 409 and "Sociale klausuler" in answer.text():
            break
    visitor.go(f"/da/go/meetings/register/{other}/")
    assert visitor.page.locator(".notice--stop").is_visible()
    look_at(visitor)


def test_the_meter_shows_how_many_places_are_taken(visit: Callable) -> None:
    meter = visit().go(OPEN["da"]).locator("progress.seats__meter")
    box = meter.bounding_box() or {}
    assert (box["height"], meter.evaluate("(meter) => getComputedStyle(meter).appearance")) == (16, "none")
    assert 0 < float(meter.get_attribute("value") or 0) < float(meter.get_attribute("max") or 0)


def test_one_registers_and_withdraws_by_keyboard(visit: Callable, links: dict[str, str], mail_server: Any) -> None:
    visitor = visit()
    page = visitor.go(OPEN["sv"])
    page.locator("#reg-name").focus()
    page.keyboard.type("Kaja Opdigt")
    for key in ("Tab", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("kaja@example.org")
    for key in ("Tab", "Tab", "Tab", "Space"):
        page.keyboard.press(key)
    page.wait_for_timeout(THINKING * 1000)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sent/")
    page.goto(visitor.site + link_in(mails_to(mail_server.inbox, "kaja@example.org", 1)[0], "confirm"))
    page.locator("main form button").press("Enter")
    page.wait_for_url("**/go/meetings/registration/**")
    page.locator("main form button").press("Enter")
    page.wait_for_load_state()
    assert page.locator("main form").count() == 0
    assert mails_to(mail_server.inbox, "kaja@example.org", 3)[2]["Content-Language"] == "sv"
