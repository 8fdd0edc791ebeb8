"""Which fields are translated: each gets one column for each language."""

from modeltranslation.translator import TranslationOptions, register

from home.models import Footer, HomePage, Page, StandardPage


@register(Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "seo_title", "search_description")


@register(HomePage)
class HomePageTranslation(TranslationOptions):
    fields = ("introduction", "often_searched", "body")


@register(StandardPage)
class StandardPageTranslation(TranslationOptions):
    fields = ("introduction", "body")


@register(Footer)
class FooterTranslation(TranslationOptions):
    fields = ("text",)
