"""Pages for tests: every factory places its page in the tree and publishes it, as an editor would."""

from typing import Any

import factory
from django.utils.text import slugify
from wagtail.models import Locale, Site

from home.models import HomePage, Page, StandardPage
from torv.languages import OTHERS


class PageFactory(factory.django.DjangoModelFactory):
    """``PageFactory(parent=page, title_da=…)``. Without a parent the page goes below the site's front page."""

    class Meta:
        model = StandardPage

    title_da = factory.Sequence(lambda n: f"Side {n}")
    slug = factory.LazyAttribute(lambda o: slugify(getattr(o, "title_da", None) or "side"))

    @classmethod
    def _create(cls, model_class: type[Page], *args: Any, **kwargs: Any) -> Page:
        parent = kwargs.pop("parent", None) or front_page()
        page = model_class(*args, **kwargs)
        return parent.add_child(instance=page)


class HomePageFactory(PageFactory):
    class Meta:
        model = HomePage

    title_da = "Forside"
    slug = "forside"


def _root() -> Page:
    """What Wagtail's migrations make, after a test that commits has emptied the tables."""
    locale, _created = Locale.objects.get_or_create(language_code="da")
    return Page.add_root(instance=Page(title_da="Root", slug="root", locale=locale))


def front_page() -> Page:
    """The front page of the default site; made when the site has none yet."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site and isinstance(site.root_page.specific, HomePage):
        return site.root_page.specific
    root = Page.get_first_root_node() or _root()
    for page in root.get_children():  # the welcome page that Wagtail's migrations make
        page.delete()
    root.refresh_from_db()
    titles = {f"title_{language}": "Home" for language in OTHERS}
    home = root.add_child(instance=HomePage(title_da="Forside", slug="forside", **titles))
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "root_page": home, "site_name": "Torv"}
    )
    Site.clear_site_root_paths_cache()
    return home
