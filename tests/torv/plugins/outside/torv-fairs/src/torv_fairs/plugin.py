"""What fairs contribute."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Router
from wagtail import blocks

from torv.plugins import hookimpl
from torv.plugins.hookspecs import HealthCheck, NavigationItem

from .facets import ExhibitsAt
from .models import FairPage

router = Router()


@router.get("/", response=list[dict], auth=None, operation_id="fairs_list")
def fairs(request: Any) -> list[dict]:
    """Every public fair."""
    return list(FairPage.objects.live().values("id", "title"))


@hookimpl
def api_routers() -> list[tuple[str, Router]]:
    return [("", router)]


@hookimpl
def search_facets(source: str) -> list[ExhibitsAt]:
    return [ExhibitsAt()] if source == "suppliers" else []


@hookimpl
def stream_blocks(field: str) -> list[tuple[str, blocks.Block]] | None:
    if field != "home.StandardPage.body":
        return None
    return [("fairs_stand", blocks.StructBlock([("number", blocks.CharBlock())]))]


@hookimpl
def navigation(language: str) -> Iterator[NavigationItem]:
    yield NavigationItem(_("Fair"), f"/{language}/fairs/", position=60)


@hookimpl
def demo_content(home: Any) -> Iterator[str]:
    if not FairPage.objects.filter(slug="messe").exists():
        home.add_child(instance=FairPage(title_da="Messe", slug="messe", place_da="Hal 1"))
        yield "1 fair"


@hookimpl
def health_checks() -> list[HealthCheck]:
    return [HealthCheck("fairs", lambda: {"fairs": FairPage.objects.count()}, required=False)]
