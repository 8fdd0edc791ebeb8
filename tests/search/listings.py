"""Generated listings for search tests: plausible texts in three languages, tree and flat facets. No database."""

from __future__ import annotations

import datetime
import random
from collections.abc import Collection, Mapping
from typing import Any

from search.facets import ChoiceFacet, Facet, with_ancestors
from search.sources import Source
from search.types import Card, Document, Label, Query, TextField

WORDS = {
    "da": "rengøring rengøringsservice vinduespolering kantine kantinedrift havepleje have græsslåning vask arbejdstøj "
    "linned cykelværksted reparation genbrug møbler tryksager skilte pakning montage flytning maler tømrer "
    "skole skoler kontor kontorer virksomhed virksomhederne mødeforplejning brød kager blomster og af til i på",
    "sv": "städning städtjänster fönsterputs lunch lunchservering trädgård trädgårdsskötsel gräsklippning tvätt "
    "arbetskläder linne cykelverkstad reparation återbruk möbler trycksaker skyltar packning montering flytt måleri "
    "snickeri skola skolor kontor företag företaget möte möten bröd kakor blommor och av till i på",
    "en": "cleaning window cleaning canteen catering garden gardening mowing laundry workwear linen bicycle workshop "
    "repairs reuse furniture printing signs packing assembly moving painting carpentry school schools office offices "
    "company meeting meetings bread cakes flowers and of for in the",
}
NAMES = {
    "da": ["Ærlig", "Østre", "Åbne", "Aarhus", "Blå", "Grøn", "Zebra", "Aa", "Østergård", "Ager"],
    "sv": ["Ärlig", "Östra", "Åbro", "Öppna", "Blå", "Grön", "Zebra", "Ängen", "Åsa", "Ander"],
    "en": ["Honest", "Eastern", "Open", "Blue", "Green", "Zebra", "Meadow", "Apple", "Ångström", "Amber"],
}
CATEGORIES = [f"{top}/{low}" for top in ("clean", "food", "garden", "wash") for low in ("a", "b", "c")]
PLACES = [
    f"{land}/{region}/{number:04d}"
    for land, region in (("DK", "1082"), ("DK", "1083"), ("SE", "18"))
    for number in range(12)
]


class Tree(Facet):
    tree = True
    display = "tree"

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        return {code: Label(f"{self.name} {code}", language) for code in codes if code.startswith(tuple("cfgwDS9"))}


class Categories(Tree):
    concepts = True


class Listings(Source):
    """A source whose rows are documents already."""

    name, label, kind = "listings", "Listings", "listing"
    texts = (
        TextField("name", 4.0, "Name"),
        TextField("offers", 2.0, "Offers", snippet=True),
        TextField("about", 1.0, "About", snippet=True),
    )
    facets = (
        Categories(name="category", label="Category"),
        Tree(name="place", label="Place"),
        Tree(name="cpv", label="CPV", levels=2),
        ChoiceFacet(name="kind", label="Kind", choices={"service": "Service", "product": "Product"}),
        ChoiceFacet(name="language", label="Language", choices={"da": "Danish", "sv": "Swedish", "en": "English"}),
    )

    def __init__(self, documents: list[Document] | None = None) -> None:
        self.rows = {document.id: document for document in documents or []}

    def cards(self, ids: Any, language: str) -> Mapping[str, Card]:
        rows = [self.rows[number] for number in ids if number in self.rows]
        return {d.id: Card(d.name(language), language, f"/{d.id}/") for d in rows}


def make_listing(number: int, chance: random.Random) -> Document:
    """One listing in one to three languages."""
    languages = chance.sample(["da", "sv", "en"], chance.choice([1, 1, 2, 3]))
    languages.sort(key=["da", "sv", "en"].index)
    texts, names = {}, {}
    for language in languages:
        words = WORDS[language].split()
        names[language] = f"{chance.choice(NAMES[language])} {chance.choice(words)} {chance.randrange(40)}"
        texts[language] = {
            "name": names[language],
            "offers": " ".join(chance.choices(words, k=chance.randint(1, 6))),
            "about": " ".join(chance.choices(words, k=chance.randint(0, 20))),
        }
    day = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=chance.randrange(60))
    return Document(
        id=str(number),
        texts=texts,
        facets={
            "category": with_ancestors(chance.sample(CATEGORIES, chance.randint(0, 3))),
            "place": with_ancestors(chance.sample(PLACES, chance.randint(1, 4))),
            "cpv": with_ancestors(f"90/909/{chance.randrange(9000, 9400)}" for _ in range(chance.randint(0, 3))),
            "kind": tuple(sorted(set(chance.choices(["service", "product"], k=2)))),
            "language": tuple(languages),
        },
        names=names,
        phrases={language: tuple(texts[language]["offers"].split()[:2]) for language in languages},
        newest=None if number % 17 == 0 else day,
    )


def make_listings(number: int, seed: int = 7) -> list[Document]:
    chance = random.Random(seed)
    return [make_listing(n, chance) for n in range(1, number + 1)]


def make_query(chance: random.Random, **attributes: Any) -> Query:
    """A random request: 0 to 3 words, 0 to 3 facets, any sort and page."""
    language = chance.choice(["da", "sv", "en"])
    written = language if chance.random() < 0.8 else chance.choice(["da", "sv", "en"])
    words = chance.choices(WORDS[written].split(), k=chance.choice([0, 1, 1, 1, 2, 3]))
    if words and chance.random() < 0.1:
        words[0] = words[0][:-1]
    choices = {
        "category": [*CATEGORIES, "clean", "food", "garden", "wash"],
        "place": [*PLACES, "DK", "SE", "DK/1082", "DK/1083", "SE/18"],
        "cpv": ["90", "90/909", *(f"90/909/{n}" for n in range(9000, 9400, 7))],
        "kind": ["service", "product"],
        "language": ["da", "sv", "en"],
    }
    filters = {
        name: tuple(dict.fromkeys(chance.choices(choices[name], k=chance.randint(1, 3))))
        for name in chance.sample(sorted(choices), chance.choice([0, 0, 1, 1, 2, 3]))
    }
    asked = {
        "text": " ".join(words),
        "filters": filters,
        "sort": chance.choice(["relevance", "relevance", "name", "newest"]),
        "page": chance.choice([1, 1, 1, 2, 3]),
        "size": chance.choice([5, 20]),
        "unfold": ("cpv",) if chance.random() < 0.3 else (),
    }
    return Query("listings", language, **{**asked, **attributes})
