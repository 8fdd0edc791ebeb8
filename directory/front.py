"""What the front page shows of the directory: counted by search, so that it says the same as the directory does."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from directory.models import Category, DirectoryPage, EnterprisePage
from search.collation import sort_key
from search.queries import blank, find
from search.types import FacetResult
from torv.languages import content_language
from torv.text import text_of

NEWEST = 4


def front(page: Any, url: str, request: HttpRequest | None = None) -> dict[str, Any]:
    """Everything around the search box. Three searches and a constant number of queries, whatever there is to show."""
    language = content_language()
    newest = find(blank("suppliers", language, size=NEWEST, sort="newest", facets=("place",)))
    offers = find(blank("offers", language, size=0, facets=("category",)))
    places = newest.facets.get("place")
    homes = set(EnterprisePage.objects.live().exclude(municipality=None).values_list("municipality_id", flat=True))
    often = text_of(page, "often_searched")
    return {
        "url": url,
        "suppliers": newest.total,
        "offers": offers.total,
        "municipalities": len(homes),
        "degraded": newest.degraded or offers.degraded,
        "stalls": stalls(offers.facets.get("category"), url, request),
        "places": place_groups(places, {code.rpartition("/")[0] for code in homes}) if places else [],
        "newest": newest.hits,
        "often": {"words": [w.strip() for w in str(often.text).splitlines() if w.strip()], "language": often.language},
    }


def stalls(counted: FacetResult | None, url: str, request: HttpRequest | None = None) -> list[dict[str, Any]]:
    """The top categories in the editors' order, each with its pictogram and the number of its offers."""
    counts = {bucket.code: bucket.count for bucket in counted.roots} if counted else {}
    directory = getattr(request, "_directory_page", None) or DirectoryPage.objects.live().first()
    language = content_language()
    found = []
    for category in Category.objects.filter(parent=None):
        name = text_of(category, "name")
        address = (
            directory.category_url(category, language, request) if directory else f"{url}?category={category.path}"
        )
        found.append(
            {
                "label": str(name),
                "language": name.language,
                "icon": category.icon or category.code,
                "count": counts.get(category.path, 0),
                "url": address,
            }
        )
    return found


def place_groups(places: FacetResult, regions: Collection[str]) -> list[dict[str, Any]]:
    """For the "Where?" field: the municipalities that are served in those regions, in the reader's alphabet."""
    language = content_language()
    groups = []
    for region in (bucket for bucket in places.buckets if bucket.code in regions):
        inside = sorted(places.children(region.code), key=lambda bucket: sort_key(bucket.label, language))
        groups.append({"label": region.label, "language": region.language, "code": region.code, "places": inside})
    return groups
