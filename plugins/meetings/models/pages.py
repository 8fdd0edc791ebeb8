"""The calendar and the meetings in it: what editors write. Whether a meeting takes place is the occurrence's to say."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone as clock
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.search import index

from directory.models.languages import SpokenLanguagesField, validate_spoken_languages
from directory.models.places import Place
from directory.models.rows import ContactRow, DocumentRow
from directory.panels import fact, picker, row_panels
from directory.pickers import PICKERS
from home.models import KeyedChild, Page
from home.panels import TranslatedInlinePanel
from plugins.meetings import schedule
from plugins.meetings.panels import StatusPanel
from torv.languages import LANGUAGES, localized

TIMEZONES = [("Europe/Copenhagen", _("Danish time")), ("Europe/Stockholm", _("Swedish time"))]


class CalendarPage(Page):
    """All meetings: lists, the month, and calendars to subscribe to."""

    introduction = models.TextField(_("introduction"), blank=True)

    translated_panels = ["introduction"]
    parent_page_types = ["home.HomePage"]
    subpage_types = ["meetings.MeetingPage"]
    max_count_per_parent = 1
    template = "meetings/calendar_page.html"

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")

    @classmethod
    def reserves(cls, slug: str) -> bool:
        from plugins.meetings.views.addresses import PAST, is_one_of

        return is_one_of(slug, PAST)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        from plugins.meetings.views import calendar_route

        return calendar_route(self, path_components) or super().route(request, path_components)

    def serve(self, request: HttpRequest, view: str = "upcoming", **kwargs: Any) -> HttpResponse:
        from plugins.meetings.views import serve_calendar

        return serve_calendar(request, self, view, **kwargs)


class MeetingPage(Page):
    """A meeting, or a series of them. Its title is public, and so is all that stands here."""

    class RegistrationMode(models.TextChoices):
        NONE = "none", _("no registration")
        HERE = "here", _("on this site")
        ELSEWHERE = "elsewhere", _("on another site")

    introduction = models.TextField(_("introduction"), blank=True, max_length=500)
    description = RichTextField(_("description"), blank=True, features=["h3", "bold", "italic", "ol", "ul", "link"])
    target_group = models.CharField(_("for whom"), max_length=300, blank=True)
    cost = models.CharField(_("cost"), max_length=200, blank=True)

    network = models.ForeignKey(
        "home.Page", verbose_name=_("network or project"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+", help_text=_("Whose meeting this is: it is listed there too."),
    )  # fmt: skip
    date = models.DateField(_("date"))
    start_time = models.TimeField(_("from"))
    end_date = models.DateField(_("last day"), null=True, blank=True, help_text=_("Only if it is another day."))
    end_time = models.TimeField(_("to"))
    timezone = models.CharField(_("time zone"), max_length=40, choices=TIMEZONES, default=TIMEZONES[0][0])
    recurrence = models.CharField(
        _("repeats"), max_length=300, blank=True,
        help_text=_("A calendar rule, such as FREQ=MONTHLY;BYDAY=1TU;COUNT=4. Empty for a single meeting."),
    )  # fmt: skip
    exception_dates = models.TextField(
        _("except on"), blank=True, help_text=_("Days without a meeting, one on each line, like 2027-03-31.")
    )
    venue_name = models.CharField(_("venue"), max_length=200, blank=True)
    street = models.CharField(_("street address"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    city = models.CharField(_("town"), max_length=100, blank=True)
    municipality = models.ForeignKey(
        Place, verbose_name=_("municipality"), null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        limit_choices_to={"level": Place.Level.MUNICIPALITY},
    )  # fmt: skip
    online_url = models.URLField(_("link to the online meeting"), blank=True, max_length=500)
    languages_spoken = SpokenLanguagesField(
        _("languages spoken"), default=list, blank=True, validators=[validate_spoken_languages]
    )
    organiser = models.CharField(_("organiser"), max_length=200, blank=True)
    topics = models.CharField(
        _("topics"), max_length=200, blank=True, help_text=_("Codes of categories or own words, separated by commas.")
    )
    registration = models.CharField(
        _("registration"), max_length=10, choices=RegistrationMode.choices, default=RegistrationMode.NONE
    )
    registration_url = models.URLField(_("address of the registration"), blank=True, max_length=500)
    registration_deadline = models.DateTimeField(
        _("registration until"), null=True, blank=True, help_text=_("For a series: of its first meeting.")
    )
    capacity = models.PositiveIntegerField(
        _("places"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(100_000)],
        help_text=_("Empty for no limit. Those who come later are put on a waiting list."),
    )  # fmt: skip

    translated_panels = ["introduction", "description", "target_group", "cost"]
    shared_panels = [
        StatusPanel(),
        MultiFieldPanel(
            [
                fact("network"),
                FieldRowPanel([fact("date"), fact("start_time"), fact("end_time")]),
                FieldRowPanel([fact("end_date"), fact("timezone")]),
                FieldRowPanel([fact("recurrence"), fact("exception_dates")]),
            ],
            heading=_("When"),
        ),
        MultiFieldPanel(
            [
                fact("venue_name"),
                fact("street"),
                FieldRowPanel([fact("postal_code"), fact("city")]),
                picker("municipality", "place", multiple=False),
                fact("online_url"),
            ],
            heading=_("Where"),
        ),
        TranslatedInlinePanel("programme", heading=_("Programme"), label=_("Item")),
        TranslatedInlinePanel("contacts", heading=_("Contacts"), label=_("Contact")),
        TranslatedInlinePanel("documents", heading=_("Documents"), label=_("Document")),
        MultiFieldPanel(
            [
                fact("registration"),
                fact("registration_url"),
                FieldRowPanel([fact("capacity"), fact("registration_deadline")]),
            ],
            heading=_("Registration"),
        ),
        MultiFieldPanel([fact("organiser"), fact("languages_spoken"), fact("topics")], heading=_("About the meeting")),
    ]
    search_fields = [
        *Page.search_fields,
        *(index.SearchField(localized("introduction", language)) for language in LANGUAGES),
    ]
    parent_page_types = ["meetings.CalendarPage"]
    subpage_types: list[str] = []
    template = "meetings/meeting_page.html"

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        permissions = [
            ("change_status", "Cancel, postpone, move and reinstate meetings"),
            ("manage_registrations", "See and manage registrations"),
            ("view_needs", "See dietary and access needs"),
        ]

    # ---- checking ---------------------------------------------------------------------------------------------------
    def clean(self) -> None:
        super().clean()
        self.topics = self._topics_by_code()
        errors: dict[str, Any] = {}
        if self.date and self.start_time and self.end_time:
            try:
                self._check_times()
            except ValidationError as error:
                errors.update(error.error_dict)
        if not (self.venue_name or self.city or self.online_url):
            errors["venue_name"] = ValidationError(_("Say where: a venue, a town or a link to the online meeting."))
        if self.registration == self.RegistrationMode.ELSEWHERE and not self.registration_url:
            errors["registration_url"] = ValidationError(_("Give the address where people register."))
        if errors:
            raise ValidationError(errors)

    def _topics_by_code(self) -> str:
        """The topics, with the code of a category in place of its name in whatever language: each reader is shown it in
        their own. Other words stay as they are."""
        if not self.topics.strip():
            return self.topics
        find = PICKERS["category"].resolver()
        words = [word.strip() for word in self.topics.split(",")]
        named = ", ".join(row.path if (row := find(word)) else word for word in words if word)
        return named if len(named) <= self._meta.get_field("topics").max_length else self.topics

    def _check_times(self) -> None:
        start = schedule.instant(self.local_start, self.timezone, "start_time")
        end = schedule.instant(self.local_end, self.timezone, "end_time")
        if end <= start:
            raise ValidationError({"end_time": _("The meeting ends before it begins.")})
        if end - start > dt.timedelta(days=31):
            raise ValidationError({"end_date": _("A meeting lasts a month at the most. Use a series for several.")})
        if self.is_series and not self.slots:
            raise ValidationError({"recurrence": _("By this rule the meeting never takes place.")})
        if self.expire_at and self.expire_at < max(slot.ends_at for slot in self.slots):
            raise ValidationError({"expire_at": _("The page would be gone before the meeting is over.")})
        if self.registration_deadline:
            schedule.check_year(self.registration_deadline, "registration_deadline")
            if self.registration_deadline > end:
                raise ValidationError({"registration_deadline": _("Registration ends after the meeting.")})

    # ---- the schedule that the editor wrote -------------------------------------------------------------------------
    @property
    def local_start(self) -> dt.datetime:
        return dt.datetime.combine(self.date, self.start_time)

    @property
    def local_end(self) -> dt.datetime:
        return dt.datetime.combine(self.end_date or self.date, self.end_time)

    @property
    def slots(self) -> list[schedule.Slot]:
        """When the meeting takes place by its schedule; what has happened to each since, its occurrence knows."""
        length = self.local_end - self.local_start
        return schedule.slots(
            self.local_start, length, self.timezone, self.recurrence, self.exception_dates, now=clock.now()
        )

    @property
    def is_series(self) -> bool:
        return bool(self.recurrence.strip())

    # ---- what readers see -------------------------------------------------------------------------------------------
    @cached_property
    def all_occurrences(self) -> list[Any]:
        return list(self.occurrences.order_by("starts_at"))

    @property
    def next_occurrence(self) -> Any:
        """The one that readers care for: the next that has not ended, else the last there was."""
        now = clock.now()
        coming = [occurrence for occurrence in self.all_occurrences if occurrence.ends_at >= now]
        return next(iter(coming), None) or next(reversed(self.all_occurrences), None)

    def get_admin_display_title(self) -> str:
        """In lists that know it (see `wagtail_hooks.status_in_lists`) with the day, and what has become of it."""
        from plugins.meetings.models.occurrences import Status

        title, start = super().get_admin_display_title(), getattr(self, "date_start", None)
        if not start:
            return title
        status = Status(self.date_status)  # type: ignore[attr-defined]
        label = "" if status == Status.SCHEDULED else f", {status.label}"
        return f"{title} ({clock.localtime(start):%Y-%m-%d}{label})"

    def serve(self, request: HttpRequest, view: str = "page", **kwargs: Any) -> HttpResponse:
        from plugins.meetings.views import serve_meeting

        return serve_meeting(request, self, view, **kwargs)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        from plugins.meetings.views import meeting_route

        return meeting_route(self, path_components) or super().route(request, path_components)


class ProgrammeItem(KeyedChild):
    page = ParentalKey(MeetingPage, on_delete=models.CASCADE, related_name="programme")
    starts = models.TimeField(_("from"))
    title = models.CharField(_("what"), max_length=250, blank=True)
    speakers = models.CharField(_("speakers"), max_length=250, blank=True)

    panels = row_panels(["title"], fact("starts"), fact("speakers"))

    class Meta(KeyedChild.Meta):
        verbose_name = _("programme item")
        verbose_name_plural = _("programme items")
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="meetings_programme_key")]

    def __str__(self) -> str:
        return f"{self.starts:%H.%M} {self.title}"


class MeetingContact(ContactRow):
    page = ParentalKey(MeetingPage, on_delete=models.CASCADE, related_name="contacts")
    field = models.CharField(_("field of work"), max_length=150, blank=True)

    panels = row_panels(["title", "field"], fact("name"), fact("email"), fact("phone"))

    class Meta(ContactRow.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="meetings_contact_key")]


class MeetingDocument(DocumentRow):
    page = ParentalKey(MeetingPage, on_delete=models.CASCADE, related_name="documents")

    class Meta(DocumentRow.Meta):
        constraints = [models.UniqueConstraint(fields=["page", "key"], name="meetings_document_key")]
