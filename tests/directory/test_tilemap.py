"""Tile maps: where suppliers are, and where one delivers."""

import pytest

from directory.tilemap import served_maps, supplier_maps
from tests.factories import directory as make


@pytest.fixture
def tiles(db):
    for code, row, column in (
        ("DK/1082/0791", 1, 1),
        ("DK/1082/0751", 2, 3),
        ("SE/18/1880", 1, 1),
        ("SE/19/1980", 1, 1),
    ):
        make.PlaceFactory(code=code, name_da=code[-4:], tile_row=row, tile_column=column)


def test_the_two_regions_with_most_suppliers_are_mapped(tiles):
    counts = {"DK/1082": 5, "SE/18": 4, "SE/19": 1, "DK/1082/0791": 5, "SE/18/1880": 4, "SE/19/1980": 1}
    maps = supplier_maps(counts, (), lambda code: f"?place={code}")
    assert {tile.code for map in maps for tile in map.tiles} == {"DK/1082/0791", "DK/1082/0751", "SE/18/1880"}


def test_a_chosen_place_brings_its_region_to_the_map(tiles):
    counts = {"DK/1082": 5, "SE/18": 4, "SE/19": 1, "SE/19/1980": 1}
    maps = supplier_maps(counts, ("SE/19/1980",), lambda code: "?")
    chosen = [tile for map in maps for tile in map.tiles if tile.selected]
    assert [tile.code for tile in chosen] == ["SE/19/1980"]


def test_tiles_are_darker_where_there_are_more(tiles):
    counts = {"DK/1082": 9, "DK/1082/0791": 9, "DK/1082/0751": 1}
    (tile_map,) = supplier_maps(counts, (), lambda code: "?")
    assert {tile.code: tile.level for tile in tile_map.tiles} == {"DK/1082/0791": 3, "DK/1082/0751": 1}


def test_a_place_without_suppliers_is_white_and_leads_nowhere(tiles):
    (tile_map,) = supplier_maps({"DK/1082": 1, "DK/1082/0791": 1}, (), lambda code: "?")
    empty = next(tile for tile in tile_map.tiles if tile.code == "DK/1082/0751")
    assert (empty.level, empty.url) == (0, "")


def test_served_places_are_marked_and_the_own_one_most(tiles):
    from directory.models import Place

    own = Place.objects.get(code="DK/1082/0791")
    (tile_map,) = served_maps(Place.objects.filter(code__startswith="DK/1082/"), own)
    assert {tile.code: (tile.level, tile.selected) for tile in tile_map.tiles} == {
        "DK/1082/0791": (3, True),
        "DK/1082/0751": (1, False),
    }
