"""The demonstration's pages say the same in three languages, with blocks that the editor knows."""

from pathlib import Path

import pytest
import yaml

from home.blocks import body_blocks
from torv.languages import LANGUAGES

FOLDER = Path(__file__).resolve().parents[3] / "home/demo"
PAGES = yaml.safe_load((FOLDER / "pages.yaml").read_text())
KEYS = [page["key"] for page in PAGES]
BLOCKS = dict(body_blocks())


def _blocks():
    return [block for page in PAGES for body in page["body"].values() for block in body]


def _of(kind):
    return [block["value"] for block in _blocks() if block["type"] == kind]


def test_parents_come_before_their_children():
    for position, page in enumerate(PAGES):
        assert page["parent"] is None or page["parent"] in KEYS[:position]


@pytest.mark.parametrize("page", PAGES, ids=KEYS)
def test_page_has_the_same_parts_in_every_language(page):
    for name in ("title", "slugs", "introduction", "body"):
        assert set(page[name]) == set(LANGUAGES)
    shapes = {tuple(block["type"] for block in body) for body in page["body"].values()}
    assert len(shapes) == 1


def test_addresses_differ_between_siblings_in_every_language():
    for language in LANGUAGES:
        addresses = [(page["parent"], page["slugs"][language]) for page in PAGES]
        assert len(set(addresses)) == len(addresses)


def test_every_block_of_the_editor_is_shown_and_no_other():
    assert {block["type"] for block in _blocks()} == set(BLOCKS)


@pytest.mark.parametrize("kind", ["quote", "facts", "accordion", "call_to_action", "suppliers", "image"])
def test_values_have_only_the_parts_of_their_block(kind):
    for value in _of(kind):
        assert set(value) <= set(BLOCKS[kind].child_blocks)


def test_calls_to_action_lead_to_pages_that_exist():
    for value in _of("call_to_action"):
        assert value["page"] in KEYS


def test_pictures_lie_beside_the_pages_and_have_a_text():
    for value in _of("image"):
        assert (FOLDER / value["image"]["file"]).is_file()
        assert value["image"]["alt_text"]


def test_foot_of_the_pages_names_pages_that_exist_and_says_all_in_three_languages():
    foot = yaml.safe_load((FOLDER / "footer.yaml").read_text())
    assert set(foot["text"]) == set(LANGUAGES)
    named = []
    for column in foot["columns"]:
        assert set(column["heading"]) == set(LANGUAGES)
        for link in column["links"]:
            assert "page" in link or set(link["label"]) == set(LANGUAGES)
            named += [link["page"]] if "page" in link else []
    assert set(named) <= {*KEYS, "directory"}
    assert {"accessibility", "privacy", "open-data", "contact"} <= set(named)
