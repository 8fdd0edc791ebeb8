from modeltranslation.translator import TranslationOptions, register

from plugins.projects.models import (
    Funder,
    Partner,
    ProjectContact,
    ProjectDocument,
    ProjectIndexPage,
    ProjectPage,
    SteeringMember,
)


@register(ProjectIndexPage)
class ProjectIndexPageTranslation(TranslationOptions):
    fields = ("introduction",)


@register(ProjectPage)
class ProjectPageTranslation(TranslationOptions):
    fields = ("introduction", "purpose", "goals", "target_group", "run_by")


@register(SteeringMember)
class SteeringMemberTranslation(TranslationOptions):
    fields = ("role",)


@register(Partner)
class PartnerTranslation(TranslationOptions):
    fields = ("name",)


@register(Funder)
class FunderTranslation(TranslationOptions):
    fields = ("name",)


@register(ProjectContact)
class ProjectContactTranslation(TranslationOptions):
    fields = ("title",)


@register(ProjectDocument)
class ProjectDocumentTranslation(TranslationOptions):
    fields = ("label",)
