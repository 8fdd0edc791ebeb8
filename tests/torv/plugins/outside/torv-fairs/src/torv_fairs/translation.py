"""What is said in each language."""

from modeltranslation.translator import TranslationOptions, register

from .models import FairPage


@register(FairPage)
class FairPageTranslation(TranslationOptions):
    """The place may have a name in each language."""

    fields = ("place",)
