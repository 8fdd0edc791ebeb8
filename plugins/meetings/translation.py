from modeltranslation.translator import TranslationOptions, register

from plugins.meetings.models import CalendarPage, MeetingContact, MeetingDocument, MeetingPage, ProgrammeItem


@register(CalendarPage)
class CalendarPageTranslation(TranslationOptions):
    fields = ("introduction",)


@register(MeetingPage)
class MeetingPageTranslation(TranslationOptions):
    fields = ("introduction", "description", "target_group", "cost")


@register(ProgrammeItem)
class ProgrammeItemTranslation(TranslationOptions):
    fields = ("title",)


@register(MeetingContact)
class MeetingContactTranslation(TranslationOptions):
    fields = ("title", "field")


@register(MeetingDocument)
class MeetingDocumentTranslation(TranslationOptions):
    fields = ("label",)
