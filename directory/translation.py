"""Which fields are translated: each gets one column for each language."""

from modeltranslation.translator import TranslationOptions, register

from directory.models import (
    Category,
    Certification,
    Contact,
    CpvCode,
    DirectoryPage,
    Eligibility,
    EnterprisePage,
    Link,
    Offer,
    Picture,
    Place,
    SocialObjective,
)


@register(DirectoryPage)
class DirectoryPageTranslation(TranslationOptions):
    fields = ("introduction",)


@register(EnterprisePage)
class EnterprisePageTranslation(TranslationOptions):
    fields = ("summary", "description", "purpose")


@register(Offer)
class OfferTranslation(TranslationOptions):
    fields = ("name", "description", "capacity", "lead_time")


@register(Contact)
class ContactTranslation(TranslationOptions):
    fields = ("title",)


@register(Eligibility)
class EligibilityTranslation(TranslationOptions):
    fields = ("evidence",)


@register(Link)
class LinkTranslation(TranslationOptions):
    fields = ("label",)


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt",)


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name", "slug", "description", "synonyms")


@register(CpvCode)
class CpvCodeTranslation(TranslationOptions):
    fields = ("label",)


@register(Place)
class PlaceTranslation(TranslationOptions):
    fields = ("name",)


@register(SocialObjective)
class SocialObjectiveTranslation(TranslationOptions):
    fields = ("name",)


@register(Certification)
class CertificationTranslation(TranslationOptions):
    fields = ("name",)
