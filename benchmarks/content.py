"""Synthetic, plausible content: names, sentences, categories and codes of the demo directory, mixed anew.

Rows are written past the page tree's own methods, because a hundred thousand saves would measure those.
"""

from __future__ import annotations

import datetime
import random
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction

from directory.models import Category, CpvCode, DirectoryPage, EnterprisePage, Offer, Place
from home.models import HomePage, Page

DEMO = Path(__file__).resolve().parents[1] / "directory" / "demo"
OFFERS_EACH = 3
CHUNK = 2_000


def _material() -> list[dict[str, Any]]:
    """Offers of the demo: names and sentences by language, with their codes."""
    found = []
    for path in sorted(DEMO.glob("enterprises_*.yaml")):
        for enterprise in yaml.safe_load(path.read_text(encoding="utf-8")):
            found += [offer for offer in enterprise.get("offers", []) if len(offer["name"]) > 1]
    return found


def _root() -> DirectoryPage:
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node()
        for page in root.get_children():
            page.delete()
        root.refresh_from_db()
        home = root.add_child(instance=HomePage(title_da="Forside", title_sv="Hem", title_en="Home", slug="forside"))
        from wagtail.models import Site

        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Torv"}
        )
        Site.clear_site_root_paths_cache()
    return DirectoryPage.objects.first() or home.add_child(
        instance=DirectoryPage(
            title_da="Leverandører", title_sv="Leverantörer", title_en="Suppliers",
            slug="leverandoerer", slug_sv="leverantorer", slug_en="suppliers",
        )
    )  # fmt: skip


def fill(offers: int, seed: int = 1) -> None:
    """Make that many offers, three to an enterprise, in one to three languages."""
    call_command("load_reference_data", verbosity=0)
    chance = random.Random(seed)
    material, places = _material(), list(Place.objects.filter(level="municipality"))
    regions = list(Place.objects.filter(level="region"))
    categories = {category.path: category for category in Category.objects.all()}
    divisions: dict[str, list[str]] = defaultdict(list)  # what else an enterprise may do is of the same trade
    for code in CpvCode.objects.values_list("pk", flat=True):
        divisions[code[:2]].append(code)
    parent = _root()
    local = list(EnterprisePage._meta.local_concrete_fields)
    kind = ContentType.objects.get_for_model(EnterprisePage)
    now = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    number = offers // OFFERS_EACH
    for start in range(0, number, CHUNK):
        pages = []
        for index in range(start, min(start + CHUNK, number)):
            pages.append(_enterprise(index, chance, material, places, parent, kind, now))
        with transaction.atomic():
            made = Page.objects.bulk_create([Page(**_columns(page)) for page in pages], batch_size=200)
            for page, base in zip(pages, made, strict=True):
                page.pk = page.page_ptr_id = page.id = base.pk
            for at in range(0, len(pages), 200):
                EnterprisePage._base_manager._insert(pages[at : at + 200], fields=local, using="default")
            served = EnterprisePage.areas.through
            wide = [chance.choice(regions if chance.random() < 0.2 else places).pk for _ in pages]
            served.objects.bulk_create(
                served(enterprisepage_id=page.pk, place_id=place) for page, place in zip(pages, wide, strict=True)
            )
            _offers(pages, chance, material, categories, divisions)
    Page.objects.filter(pk=parent.pk).update(numchild=number)


def _columns(page: EnterprisePage) -> dict[str, Any]:
    names = [field.attname for field in Page._meta.concrete_fields if field.attname != "id"]
    return {name: getattr(page, name) for name in names}


def _enterprise(
    index: int, chance: random.Random, material: list, places: list, parent: Page, kind: ContentType, now: Any
) -> EnterprisePage:
    place = chance.choice(places)
    languages = chance.choice([("da",), ("sv",), ("da", "sv", "en"), ("da", "sv", "en"), ("da", "en"), ("sv", "en")])
    texts: dict[str, str] = {}
    for language in languages:
        about = [chance.choice(material)["description"] for _ in range(3)]
        sentences = [text[language] for text in about if language in text]
        name = chance.choice(material)["name"].get(language, "Service")[:40]
        texts[f"title_{language}"] = f"{place.name} {name} {index}"
        texts[f"summary_{language}"] = (sentences or ["."])[0][:300]
        texts[f"description_{language}"] = "<p>" + " ".join(sentences) + "</p>"
    slug = f"v{index}"
    page = EnterprisePage(
        path=EnterprisePage._get_path(parent.path, parent.depth + 1, index + 1), depth=parent.depth + 1,
        slug=slug, url_path=f"{parent.url_path}{slug}/", content_type=kind, live=True, first_published_at=now
        + datetime.timedelta(seconds=index), last_published_at=now, locale_id=parent.locale_id, country=place.code[:2],
        municipality=place, city=place.name, key=f"b{index}", draft_title=slug, translation_key=uuid.uuid4(), **texts,
    )  # fmt: skip
    for language in ("sv", "en"):
        setattr(page, f"url_path_{language}", f"{getattr(parent, f'url_path_{language}')}{slug}/")
    return page


def _offers(pages: list, chance: random.Random, material: list, categories: dict, divisions: dict) -> None:
    rows, sources = [], []
    for page in pages:
        languages = [language for language in ("da", "sv", "en") if getattr(page, f"title_{language}")]
        for position in range(OFFERS_EACH):
            source = chance.choice(material)
            texts = {}
            for language in languages:
                texts[f"name_{language}"] = f"{source['name'].get(language) or next(iter(source['name'].values()))}"
                more = chance.choice(material)["description"].get(language, "")
                texts[f"description_{language}"] = f"{source['description'].get(language, '')} {more}"[:600]
            kind = chance.choice(["service", "service", "product"])
            rows.append(Offer(page=page, sort_order=position, kind=kind, **texts))
            sources.append(source)
    made = Offer.objects.bulk_create(rows, batch_size=200)
    links = Offer.categories.through
    links.objects.bulk_create(
        (
            links(offer_id=offer.pk, category_id=categories[path].pk)
            for offer, source in zip(made, sources, strict=True)
            for path in source.get("categories", [])
            if path in categories
        ),
        batch_size=400,
    )
    links = Offer.cpv_codes.through
    links.objects.bulk_create(
        (
            links(offer_id=offer.pk, cpvcode_id=code)
            for offer, source in zip(made, sources, strict=True)
            for code in _codes(source.get("cpv_codes", [])[:2], divisions, chance)
        ),
        batch_size=400,
    )


def _codes(own: list[str], divisions: dict[str, list[str]], chance: random.Random) -> set[str]:
    """Those of the demo's offer and, half of the time, one more of the same division."""
    more = chance.sample(divisions[own[0][:2]], chance.randint(0, 1)) if own else []
    return {*own, *more}


def requests(number: int, seed: int = 3) -> Iterator[dict[str, Any]]:
    """Search requests as buyers make them: none to three words of some offer's name, none to three filters."""
    chance = random.Random(seed)
    material, places = _material(), list(Place.objects.exclude(level="country").values_list("code", flat=True))
    categories = list(Category.objects.values_list("path", flat=True))
    for _ in range(number):
        language = chance.choice(["da", "sv", "en"])
        name = chance.choice(material)["name"].get(language, "")
        words = [word for word in name.replace(",", "").split() if len(word) > 3]
        asked: dict[str, Any] = {"lang": language, "q": " ".join(words[: chance.choice([0, 1, 1, 1, 2, 2, 3])])}
        if chance.random() < 0.5:
            asked["place"] = chance.sample(places, chance.randint(1, 2))
        if chance.random() < 0.4:
            asked["category"] = chance.sample(categories, chance.randint(1, 2))
        if chance.random() < 0.2:
            asked["kind"] = "service"
        asked["sort"] = chance.choice(["relevance", "relevance", "relevance", "name", "newest"])
        yield asked
