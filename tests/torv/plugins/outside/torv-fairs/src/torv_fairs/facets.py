"""What suppliers can be narrowed by because there are fairs."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from search.facets import AddedFacet
from search.types import Label
from torv.text import text_of

from .models import FairPage, Stand


class ExhibitsAt(AddedFacet):
    """The fairs at which an enterprise has a stand; a code is the fair's slug."""

    name, label = "fairs", _("Exhibits at")

    def codes(self, ids: Sequence[str]) -> Mapping[str, Iterable[str]]:
        found: dict[str, list[str]] = {}
        stands = Stand.objects.filter(exhibitor__in=ids, fair__live=True)
        for number, slug in stands.values_list("exhibitor_id", "fair__slug"):
            found.setdefault(str(number), []).append(slug)
        return found

    def labels(self, codes: Collection[str], language: str) -> Mapping[str, Label]:
        titles = {
            fair.slug: text_of(fair, "title", language) for fair in FairPage.objects.live().filter(slug__in=codes)
        }
        return {slug: Label(str(title), title.language) for slug, title in titles.items()}

    def watch(self) -> Mapping[type[Model], Callable[[Any], Iterable[Any]]]:
        return {
            Stand: lambda stand: [stand.exhibitor_id] if stand.exhibitor_id else [],
            FairPage: lambda fair: fair.stands.exclude(exhibitor=None).values_list("exhibitor_id", flat=True),
        }
