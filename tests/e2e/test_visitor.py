"""A public buyer's way through the site: search, narrow, open a supplier, write to it."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

LANGUAGES = {
    "da": {"directory": "/da/leverandoerer/", "word": "rengøring", "category": "kategori"},
    "sv": {"directory": "/sv/leverantorer/", "word": "städning", "category": "kategori"},
    "en": {"directory": "/en/suppliers/", "word": "cleaning", "category": "category"},
}
WIDTHS = [320, 1280]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("javascript", [True, False], ids=["javascript", "plain"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_buyer_finds_a_supplier(visit: Callable, language: str, javascript: bool, width: int) -> None:
    words = LANGUAGES[language]
    buyer = visit(width=width, javascript=javascript)
    page = buyer.go(f"/{language}/")
    assert page.locator("html").get_attribute("lang") == language
    assert buyer.overflow() <= 0 if javascript else True

    page.locator("#q").fill(words["word"])
    page.locator("#q").press("Enter")
    page.wait_for_url(re.compile(re.escape(words["directory"]) + r".*q="))
    hits = page.locator(".hit")
    assert hits.count() > 3
    assert page.locator(".hit mark").count() > 0
    assert page.locator(".hit .why").count() > 0
    total = page.locator("#found strong").inner_text()

    # Narrow by the first region that is offered.
    if width < 960:
        page.locator("#fold-filters > summary").click()
    box = page.locator('#finder input[name="place"]').nth(1)
    chosen = box.get_attribute("value")
    if javascript:
        page.evaluate("window.sameDocument = true")
        box.check()
    else:
        box.check()
        page.locator(".apply .btn").last.click()
    page.wait_for_url(lambda url: f"place={chosen}" in unquote(url))
    expect(page.locator(".chip")).to_have_count(1)
    assert page.locator("#found strong").inner_text() != "" != total
    if javascript:
        assert page.evaluate("window.sameDocument") is True  # no reload
    assert page.locator(f'#finder input[value="{chosen}"]').is_checked()

    # And take the filter away again.
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert "place=" not in page.url
    expect(page.locator("#found strong")).to_have_text(total)

    page.locator(".hit h2 a").first.click()
    expect(page.locator("#contact")).to_be_visible()
    assert page.locator('#contact a[href^="mailto:"], #contact a[href^="tel:"]').count() > 0
    if javascript:
        assert buyer.overflow() <= 0
    assert buyer.context.cookies() == []
    assert buyer.foreign_requests() == []
    assert buyer.complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_switcher_stays_on_the_search(visit: Callable, language: str) -> None:
    page = visit().go(LANGUAGES[language]["directory"] + "?category=clean&place=DK/1082&sort=name")
    for other, words in LANGUAGES.items():
        page.locator(f'#langs a[hreflang="{other}"]').click()
        page.wait_for_url(re.compile(re.escape(words["directory"]) + r"\?"))
        for part in ("category=clean", "place=DK/1082", "sort=name"):
            assert part in page.url.replace("%2F", "/")
        assert page.locator("html").get_attribute("lang") == other


def test_language_switcher_follows_what_changed_in_place(visit: Callable) -> None:
    page = visit().go("/da/leverandoerer/")
    page.locator('#finder input[value="clean"]').check()
    page.wait_for_url(re.compile("category=clean"))
    expect(page.locator('#langs a[hreflang="sv"]')).to_have_attribute("href", "/sv/leverantorer/?category=clean")


def test_the_number_of_results_is_announced(visit: Callable) -> None:
    page = visit().go("/en/suppliers/")
    live = page.locator("#announce")
    assert live.get_attribute("role") == "status"
    expect(live).to_be_empty()
    page.locator('#finder input[value="clean"]').check()
    expect(live).to_contain_text(re.compile(r"\d+"))


def test_a_choice_keeps_the_focus_and_what_was_unfolded(visit: Callable) -> None:
    page = visit().go("/da/leverandoerer/")
    fold = page.locator("#facet-purpose")
    fold.locator("summary").click()
    box = page.locator('#finder input[name="category"]').nth(2)
    name = box.get_attribute("id")
    box.focus()
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("category="))
    expect(page.locator(".chip")).to_have_count(1)
    assert page.evaluate("document.activeElement.id") == name
    assert page.locator("#facet-purpose").get_attribute("open") is not None


def test_choosing_a_part_lets_go_of_the_whole(visit: Callable) -> None:
    page = visit().go("/da/leverandoerer/?category=clean")
    page.locator('#finder input[value="clean/schools"]').check()
    page.wait_for_url(lambda url: "clean/schools" in unquote(url))
    expect(page.locator(".chip")).to_have_count(1)
    assert not page.locator('#finder input[value="clean"]').is_checked()


def test_the_back_button_brings_the_previous_results(visit: Callable) -> None:
    page = visit().go("/da/leverandoerer/")
    before = page.locator("#found strong").inner_text()
    page.locator('#finder input[value="clean"]').check()
    page.wait_for_url(re.compile("category=clean"))
    expect(page.locator("#found strong")).not_to_have_text(before)
    page.go_back()
    expect(page.locator("#found strong")).to_have_text(before)
    expect(page.locator('#finder input[value="clean"]')).not_to_be_checked()


def test_the_tile_map_filters_by_municipality(visit: Callable) -> None:
    page = visit().go("/da/leverandoerer/")
    tile = page.locator("a.tile").first
    count = tile.locator("b").inner_text()
    tile.click()
    page.wait_for_url(re.compile("place="))
    expect(page.locator("#found strong")).to_contain_text(re.compile(rf"^{count}\b"))
    assert page.locator("a.tile--on").count() == 1


def test_suggestions_can_be_chosen_with_the_keyboard(visit: Callable) -> None:
    buyer = visit()
    page = buyer.go("/da/leverandoerer/")
    field = page.locator("#q")
    field.press_sequentially("reng", delay=30)
    options = page.locator('[role="option"]')
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    field.press("Escape")
    expect(options.first).to_be_hidden()
    assert field.get_attribute("aria-expanded") == "false"
    assert buyer.complaints == []


def test_the_keyboard_alone_leads_to_a_supplier(visit: Callable) -> None:
    page = visit().go("/da/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _step in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "q":
            break
    page.keyboard.type("rengøring")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q="))
    for _step in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("!!document.activeElement.closest('.hit')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page.locator("#contact")).to_be_visible()


def test_printing_leaves_out_what_cannot_be_clicked(visit: Callable) -> None:
    page = visit().go("/da/leverandoerer/?q=rengøring")
    page.emulate_media(media="print")
    for selector in (".menu", ".langs", "#find", "#fold-filters", ".pager"):
        assert page.locator(selector).count() == 0 or not page.locator(selector).first.is_visible()
    expect(page.locator(".hit").first).to_be_visible()
