"""Tile maps: one square for each municipality (or region), about where it lies. Positions are data of `Place`."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from directory.models import Place
from directory.reference import short_name
from torv.text import text_of

MAPS = 2  # that many regions are shown tile by tile: those that were chosen, then those with most suppliers
# What a region's name says beside its own: "Region Midtjylland", "Örebro län", "Central Denmark Region".
REGION_WORDS = re.compile(r"^Region( of)? | (Region|County|län)$")


@dataclass(frozen=True)
class Tile:
    """One place. `level` 0 to 3 is how dark it is."""

    code: str
    name: str
    short: str
    language: str
    row: int
    column: int
    count: int
    level: int
    selected: bool
    url: str


@dataclass(frozen=True)
class TileMap:
    """The tiles of one region (or country); `wide` ones are laid out anew on narrow screens."""

    name: str
    language: str
    columns: int
    tiles: list[Tile]

    @property
    def wide(self) -> bool:
        return self.columns > 3


def supplier_maps(counts: Mapping[str, int], selected: Collection[str], link: Callable[[str], str]) -> list[TileMap]:
    """Maps of where the suppliers are. `counts` is code -> suppliers; `link(code)` is the address that filters by it.

    A chosen country gives the map of its regions. One query, however many places there are.
    """
    chosen = {code.rpartition("/")[0] if code.count("/") == 2 else code for code in selected}
    regions = [code for code, count in counts.items() if code.count("/") == 1 and count and code not in chosen]
    most = sorted(regions, key=lambda code: (-counts[code], code))
    areas = chosen | set(most[: max(0, MAPS - len(chosen))])
    places = Place.objects.filter(parent__in=areas, tile_row__isnull=False).select_related("parent")
    return _maps(places, counts, selected, link)


def served_maps(areas: Iterable[Place], home: Place | None) -> list[TileMap]:
    """Maps of the municipalities an enterprise serves: level 1 served, 3 where it has its own address too."""
    codes = {place.code for place in areas}
    regions = {code.rpartition("/")[0] for code in codes if code.count("/") == 2}
    own = home.code if home else ""
    counts = {code: 3 if code == own else 1 for code in codes if code.count("/") == 2}
    places = Place.objects.filter(parent__in=regions, tile_row__isnull=False).select_related("parent")
    return _maps(places, counts, {own} & codes, lambda code: "")


def _maps(
    places: Iterable[Place], counts: Mapping[str, int], selected: Collection[str], link: Callable[[str], str]
) -> list[TileMap]:
    by_parent: dict[Place, list[Place]] = {}
    for place in sorted(places, key=lambda place: (place.tile_row or 0, place.tile_column or 0)):
        by_parent.setdefault(place.parent, []).append(place)
    found = [count for group in by_parent.values() for place in group if (count := counts.get(place.code, 0))]
    scale = (min(found, default=0), max(found, default=0))
    maps = []
    for parent, group in by_parent.items():
        tiles = [_tile(place, counts.get(place.code, 0), scale, place.code in selected, link) for place in group]
        name = text_of(parent, "name")
        maps.append(TileMap(str(name), name.language, max(tile.column for tile in tiles), tiles))
    return sorted(maps, key=lambda found: (found.columns, found.name))


def _tile(place: Place, count: int, scale: tuple[int, int], selected: bool, link: Callable[[str], str]) -> Tile:
    name = text_of(place, "name")
    least, most = scale
    # Thirds between the smallest and the largest count, so that differences show; nothing at all stays white.
    level = 0 if not count else 1 + min(2, (count - least) * 3 // max(1, most - least))
    return Tile(
        code=place.code,
        name=str(name),
        short=short_name(place.code, REGION_WORDS.sub("", str(name))),
        language=name.language,
        row=place.tile_row or 1,
        column=place.tile_column or 1,
        count=count,
        level=level,
        selected=selected,
        url=link(place.code) if count or selected else "",
    )
