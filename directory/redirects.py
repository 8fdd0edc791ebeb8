"""A category that is called something else in addresses is still found by what it was called."""

from django.utils.translation import override

from directory.models import Category, DirectoryPage
from home import redirects
from torv.languages import LANGUAGES


def follow_category(old: Category, new: Category) -> None:
    """Lead from the category's earlier addresses to its own, in every language."""
    if all(old.slug_in(language) == new.slug_in(language) for language in LANGUAGES):
        return
    for page in DirectoryPage.objects.all():
        for language in LANGUAGES:
            before, after = page.category_path(old, language), page.category_path(new, language)
            if before != after:
                with override(language):
                    redirects.rename_below(page, before, after)
