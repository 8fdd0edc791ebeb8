"""axe-core finds nothing, light and dark, narrow and wide; and no page is wider than its window."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}
PAGES = {
    "home": "/da/",
    "home in Swedish": "/sv/",
    "directory": "/da/leverandoerer/",
    "results": "/sv/leverantorer/?q=städning&category=clean&place=SE/18&place=DK/1082/0751",
    "offers": "/en/suppliers/?show=offers&q=cleaning",
    "category": "/da/leverandoerer/kategori/rengoering/",
    "nothing found": "/en/suppliers/?q=pianoo+tunning&place=SE/18",
    "bad request": "/en/suppliers/?place=XX/99",
    "search of everything": "/da/soeg/?q=rengøring",
    "not found": "/sv/finns-inte/",
}


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "light"), (1280, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(visit: Callable, name: str, width: int, scheme: str) -> None:
    visitor = visit(width=width, scheme=scheme)
    visitor.go(PAGES[name])
    results = Axe().run(visitor.page, options=RULES)
    assert results.violations_count == 0, results.generate_report()
    assert visitor.overflow() <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["da", "sv", "en"])
def test_axe_finds_nothing_on_suppliers_and_standard_pages(visit: Callable, language: str, scheme: str) -> None:
    visitor = visit(scheme=scheme)
    page = visitor.go(f"/{language}/")
    links = [page.locator(".newest a").first.get_attribute("href"), page.locator(".menu a").last.get_attribute("href")]
    for link in links:
        visitor.go(link)
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{link}\n{results.generate_report()}"


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing_in_the_second_theme(visit: Callable, themed_site: str, width: int, scheme: str) -> None:
    visitor = visit(width=width, scheme=scheme)
    visitor.site = themed_site
    for path in PAGES.values():
        page = visitor.go(path)
        assert page.locator(".head .logo").inner_text() == "Fjordtorvet"
        results = Axe().run(page, options=RULES)
        assert results.violations_count == 0, f"{path}\n{results.generate_report()}"
        assert visitor.overflow() <= 0, path
    style = "getComputedStyle(document.documentElement).getPropertyValue('--radius')"
    assert page.evaluate(style) == "8px"
    assert visitor.foreign_requests() == []
    assert visitor.complaints == []


def test_axe_finds_nothing_with_everything_unfolded(visit: Callable) -> None:
    visitor = visit()
    page = visitor.go("/da/leverandoerer/?category=clean&place=DK/1082")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    results = Axe().run(page, options=RULES)
    assert results.violations_count == 0, results.generate_report()


def test_every_interactive_target_is_24_pixels(visit: Callable) -> None:
    visitor = visit(width=320)
    for path in PAGES.values():
        small = visitor.go(path).evaluate(
            """() => [...document.querySelectorAll(
                'button, select, label.opt, label.tick, summary, .chip, .tile, .pager a, .menu a, .langs a'
            )]
                .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
                .filter(([, box]) => box.width && box.height < 24)
                .map(([text]) => text)"""
        )
        assert small == [], path
