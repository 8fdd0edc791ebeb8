"""The editor's forms: what cannot be read of what was sent, and which row of a page is which."""

import logging
from itertools import count
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, BaseFormSet, ManagementForm
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms.models import WagtailAdminModelForm

from torv.problems import LONGEST_NUMBER

KEY = "key"

logger = logging.getLogger(__name__)


def is_keyed(model: Any) -> bool:
    """Whether these rows carry a key that tells them apart in every draft."""
    from home.models import KeyedChild

    return issubclass(model, KeyedChild)


class SentField(forms.BoundField):
    """A field of which nothing is taken when its widget cannot read what was sent for it.

    Streams, rich text and choosers count on their own scripts: a missing or invented part is an exception to them.
    """

    unreadable = False

    @property
    def data(self) -> Any:
        try:
            return super().data
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            if not self.unreadable:
                logger.warning("What was sent for the field %s cannot be read", self.html_name, exc_info=True)
            self.unreadable = True
            return self.initial


class ReadableForm(WagtailAdminModelForm):
    """A form that says of a field that it cannot be read, and shows it as it was."""

    bound_field_class = SentField

    def _clean_fields(self) -> None:
        super()._clean_fields()
        for name, field in self._bound_items():
            if field.unreadable:
                message = _(
                    "What was sent for this field cannot be read. It is shown as it was before; please try again."
                )
                self.add_error(name, ValidationError(message, code="unreadable"))


class RowForm(ReadableForm):
    """The form of one row. A row's identity is its key, in every draft; only a published one has a primary key too."""

    def get_field_updates_for_resave(self) -> list[tuple[str, str]]:
        """A form that stays open is told of the new row's key, or the next save would make the row anew."""
        updates = super().get_field_updates_for_resave()
        if is_keyed(self._meta.model) and self.data.get(self.add_prefix(KEY)) != str(self.instance.key):
            updates.append((self.add_prefix(KEY), str(self.instance.key)))
        return updates


class RowFormSet(BaseChildFormSet):
    """The rows of a page, each known by its key. Without ``permission`` a user may translate them, and no more."""

    permission: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.form_kwargs.get("for_user")
        self.is_restricted = bool(user and self.permission and not user.has_perm(self.permission))
        self.can_order = self.can_order and not self.is_restricted
        self.is_miscounted = False

    # ---- how many were sent -----------------------------------------------------------------------------------------
    @cached_property
    def management_form(self) -> ManagementForm:
        """Counts that are missing, or promise rows that were not sent, give way to those of the rows that were."""
        form = super().management_form
        if not self.is_bound:
            return form
        sent = self._numbers_sent()
        total = form.cleaned_data.get(TOTAL_FORM_COUNT, -1) if form.is_valid() else -1
        initial = form.cleaned_data.get(INITIAL_FORM_COUNT, -1)
        if 0 <= total <= len(sent) and initial >= 0:
            return form
        self.is_miscounted = True
        primary_key = self.model._meta.pk.name
        known = [n for n in sent if any(self.data.get(f"{self.prefix}-{n}-{name}") for name in (KEY, primary_key))]
        counts = {TOTAL_FORM_COUNT: len(sent), INITIAL_FORM_COUNT: len(known)}
        counted = {f"{self.prefix}-{name}": count for name, count in counts.items()}
        form = ManagementForm(counted, auto_id=self.auto_id, prefix=self.prefix, renderer=self.renderer)
        form.full_clean()
        return form

    def _numbers_sent(self) -> range:
        """The numbers of rows of which something was sent. Forms count from 0 and leave none out."""
        start = f"{self.prefix}-"
        places = {name[len(start) :].partition("-")[0] for name in self.data if name.startswith(start)}
        numbers = {int(n) for n in places if n.isascii() and n.isdigit() and len(n) <= LONGEST_NUMBER}
        return range(next(n for n in count() if n not in numbers))

    def clean(self) -> None:
        if self.is_miscounted and not self.is_restricted:
            message = _("Not all rows that were announced were sent. Look through those that are here, and try again.")
            raise ValidationError(message, code="miscounted")
        super().clean()

    # ---- which row is which -----------------------------------------------------------------------------------------
    @cached_property
    def _posted(self) -> list[tuple[int, Any]]:
        """The number that each row was posted under, with the row; None for one that is in the draft no longer."""
        rows = list(self.get_queryset())
        by_key = {str(row.key): row for row in rows if is_keyed(self.model)}
        by_pk = {str(row.pk): row for row in rows if row.pk is not None}
        found: list[tuple[int, Any]] = []
        for number in range(min(super().initial_form_count(), self.absolute_max)):
            key = self.data.get(f"{self.prefix}-{number}-{KEY}")
            row = by_key.get(key) or by_pk.get(str(self.data.get(f"{self.prefix}-{number}-{self.model._meta.pk.name}")))
            if row is None and key is None and number < len(rows) and rows[number].pk is None:
                row = rows[number]  # a program posts what it read, and reads no keys
            taken = row is not None and any(row is other for _number, other in found)
            found.append((number, None if taken else row))
        return [place for place in found if place[1] is not None] if self.is_restricted else found

    def initial_form_count(self) -> int:
        return len(self._posted) if self.is_bound else super().initial_form_count()

    def total_form_count(self) -> int:
        return self.initial_form_count() if self.is_restricted else super().total_form_count()

    def add_prefix(self, index: Any) -> str:
        known = self.is_bound and isinstance(index, int) and index < len(self._posted)
        return super().add_prefix(self._posted[index][0] if known else index)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        if not self.is_bound or i >= self.initial_form_count():
            return super()._construct_form(i, **kwargs)
        # What is skipped finds rows by their primary key, and takes one without for a new row.
        return BaseFormSet._construct_form(self, i, instance=self._posted[i][1] or self.model(), **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        is_new = index is None or index >= self.initial_form_count()
        if is_keyed(self.model):
            initial = "" if is_new else str(form.instance.key)
            form.fields[KEY] = forms.CharField(required=False, initial=initial, widget=forms.HiddenInput)
        if self.is_restricted and "DELETE" in form.fields:
            form.fields["DELETE"].disabled = True

    # ---- saving -----------------------------------------------------------------------------------------------------
    def save(self, commit: bool = True) -> Any:
        manager = getattr(self.instance, self.rel_name)
        drafted = [row for row in manager.all() if row.pk is None]
        saved = super().save(commit=False)
        # What is called takes out every row without a primary key, whether it was posted or not.
        deleted = {id(form.instance) for form in self.deleted_forms}
        manager.add(*(row for row in drafted if id(row) not in deleted))
        if commit:
            manager.commit()
        return saved
