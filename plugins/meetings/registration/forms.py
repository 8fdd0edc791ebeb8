"""The form by which anybody registers: no account, no cookie, no script."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plugins.meetings.models import Occurrence
from plugins.meetings.registration import tokens

_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# A stranger's mail begins with the name that was typed: no advertising in it.
_ADDRESS = re.compile(r"://|www\.|@|\.\w{2,}/", re.IGNORECASE)


def consent_text() -> str:
    """What people agree to, in their language. It is stored with the registration as it was shown."""
    return gettext("I agree that what I have written is kept for this meeting.")


class OneLine(forms.CharField):
    """A text on one line: breaks and control characters become spaces, an address is refused."""

    def to_python(self, value: Any) -> str:
        text = " ".join(_CONTROL.sub(" ", super().to_python(value) or "").split())
        if _ADDRESS.search(text):
            raise forms.ValidationError(_("Write no address here."))
        return text


class RegistrationForm(forms.Form):
    """`token` is what `tokens.form_token` signed; `website` is a field that people do not see."""

    name = OneLine(label=_("Name"), max_length=150, error_messages={"required": _("Write your name.")})
    organisation = OneLine(label=_("Organisation"), max_length=200, required=False)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254,
        error_messages={
            "required": _("Write your e-mail address: we send a link to it."),
            "invalid": _("This is no e-mail address. It looks like name@example.org."),
        },
    )  # fmt: skip
    dietary_needs = forms.CharField(label=_("What you do not eat"), max_length=500, required=False)
    access_needs = forms.CharField(label=_("What you need to take part"), max_length=500, required=False)
    consent = forms.BooleanField(
        error_messages={"required": _("Tick this: we may not keep your registration otherwise.")}
    )
    website = forms.CharField(
        label=_("Leave this empty"), required=False, max_length=200,
        error_messages={"max_length": _("Leave this empty.")},
    )  # fmt: skip
    token = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, occurrence: Occurrence) -> None:
        super().__init__(data, auto_id="reg-%s")
        self.occurrence = occurrence

    def clean_website(self) -> str:
        if self.cleaned_data.get("website"):
            raise forms.ValidationError(_("Leave this empty."))
        return ""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        age = tokens.form_age(data.get("token", ""), self.occurrence.pk)
        if age.hasty:
            raise forms.ValidationError(_("That was quick. Look through what you have written and send it once more."))
        if age.stale:
            raise forms.ValidationError(_("The form had been open for long. Send it once more."))
        if age.forged:
            raise forms.ValidationError(_("The form did not come from this page. Send it once more."))
        return data

    def facts(self) -> dict[str, str]:
        """What `actions.register` is called with."""
        names = ("name", "email", "organisation", "dietary_needs", "access_needs")
        return {name: self.cleaned_data.get(name, "") for name in names}

    @property
    def fresh_token(self) -> str:
        """For the form as it is shown: after a refusal for its age, one that will be old enough when it is sent."""
        sent = self.data.get("token", "") if self.is_bound else ""
        age = tokens.form_age(sent, self.occurrence.pk) if sent else None
        if age is not None and not (age.stale or age.forged):
            return str(sent)
        return tokens.form_token(self.occurrence.pk)
