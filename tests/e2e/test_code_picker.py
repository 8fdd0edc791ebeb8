"""An editor chooses CPV codes by word, with the keyboard alone; without JavaScript a line of codes does."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.editor import EDITOR

PICKER = "code-picker[data-url$='/codes/cpv/']"


@pytest.fixture
def category_form(visit: Callable) -> Callable[..., Page]:
    """Opens the form of a new category, logged in as an editor of the demonstration."""

    def open_form(**window: object) -> Page:
        visitor = visit(**window)
        page = visitor.go("/cms/login/?next=/cms/directory_categories/new/")
        page.fill("[name=username]", EDITOR["name"])
        page.fill("[name=password]", EDITOR["password"])
        page.locator("form [type=submit]").first.click()
        page.wait_for_url("**/directory_categories/new/")
        return page

    return open_form


def stored(page: Page) -> str:
    return page.locator(PICKER).locator("input[name=cpv_codes]").input_value()


def test_choosing_and_removing_codes_with_the_keyboard(category_form: Callable[..., Page]) -> None:
    page = category_form()
    picker = page.locator(PICKER)
    field = picker.get_by_role("combobox")
    field.focus()
    page.keyboard.type("skolstädning")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"[id='{active}']")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    first = stored(page)
    assert len(first) == 8
    expect(picker.get_by_role("status")).not_to_be_empty()
    page.keyboard.type("98311200")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    assert stored(page) == f"{first}, 98311200"
    picker.locator("li", has_text=first).get_by_role("button").press("Enter")
    assert stored(page) == "98311200"
    expect(field).to_be_focused()


def test_escape_closes_the_suggestions(category_form: Callable[..., Page]) -> None:
    page = category_form()
    field = page.locator(PICKER).get_by_role("combobox")
    field.fill("rengøring")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Escape")
    expect(field).to_have_attribute("aria-expanded", "false")
    assert stored(page) == ""


def test_axe_finds_nothing_in_the_picker(category_form: Callable[..., Page]) -> None:
    page = category_form()
    field = page.locator(PICKER).get_by_role("combobox")
    field.fill("98311200")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Enter")
    field.fill("rengøring")
    expect(field).to_have_attribute("aria-expanded", "true")
    results = Axe().run(page, context=PICKER)
    assert results.violations_count == 0, results.generate_report()


def test_codes_are_typed_without_javascript(category_form: Callable[..., Page]) -> None:
    page = category_form(javascript=False)
    field = page.locator(PICKER).locator("input[name=cpv_codes]")
    expect(field).to_be_visible()
    field.fill("98311200, 90919300-2")
    assert stored(page) == "98311200, 90919300-2"
