"""What Wagtail's copy leaves out: below a copied page, the other languages' slugs are free, and are kept."""

from django.db import transaction

from home.models import Page
from torv.languages import OTHERS

SLUGS = [f"slug_{language}" for language in OTHERS]


@transaction.atomic
def keep_slugs_below(*, source: Page, copy: Page) -> None:
    """Give the pages below ``copy`` the slugs of those below ``source``, on the page and in its newest draft.

    A copy itself stands beside its source and takes its own slugs; its descendants stand beside copies only.
    """
    pairs = zip(
        source.get_descendants().order_by("path"), copy.get_descendants().order_by("path").specific(), strict=True
    )
    for original, page in pairs:
        if not any(getattr(original, name) for name in SLUGS):
            continue
        for name in SLUGS:
            setattr(page, name, getattr(original, name))
        page.save(clean=False)
        draft = page.latest_revision
        if draft:
            draft.content = {**draft.content, **{name: getattr(original, name) for name in SLUGS}}
            draft.save(update_fields=["content"])
