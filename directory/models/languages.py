"""Languages a supplier may speak with its buyers (ISO 639-1)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

SPOKEN_LANGUAGES = (
    ("da", _("Danish")),
    ("sv", _("Swedish")),
    ("en", _("English")),
    ("am", _("Amharic")),
    ("ar", _("Arabic")),
    ("bs", _("Bosnian")),
    ("de", _("German")),
    ("el", _("Greek")),
    ("es", _("Spanish")),
    ("fa", _("Persian")),
    ("fi", _("Finnish")),
    ("fo", _("Faroese")),
    ("fr", _("French")),
    ("hr", _("Croatian")),
    ("hu", _("Hungarian")),
    ("is", _("Icelandic")),
    ("it", _("Italian")),
    ("kl", _("Greenlandic")),
    ("ku", _("Kurdish")),
    ("lt", _("Lithuanian")),
    ("lv", _("Latvian")),
    ("nl", _("Dutch")),
    ("no", _("Norwegian")),
    ("pl", _("Polish")),
    ("ps", _("Pashto")),
    ("pt", _("Portuguese")),
    ("ro", _("Romanian")),
    ("ru", _("Russian")),
    ("se", _("Northern Sami")),
    ("so", _("Somali")),
    ("sq", _("Albanian")),
    ("sr", _("Serbian")),
    ("th", _("Thai")),
    ("ti", _("Tigrinya")),
    ("tr", _("Turkish")),
    ("uk", _("Ukrainian")),
    ("ur", _("Urdu")),
    ("vi", _("Vietnamese")),
    ("zh", _("Chinese")),
)
SPOKEN_CODES = frozenset(code for code, _name in SPOKEN_LANGUAGES)


class SpokenLanguagesField(models.JSONField):
    """A list of codes from `SPOKEN_LANGUAGES`; in forms a tick for each."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        options = {name: value for name, value in kwargs.items() if name not in {"form_class", "encoder", "decoder"}}
        return forms.MultipleChoiceField(
            **{
                "choices": SPOKEN_LANGUAGES,
                "required": not self.blank,
                "label": self.verbose_name,
                "help_text": self.help_text,
                "widget": forms.CheckboxSelectMultiple(attrs={"class": "code-columns"}),
                **options,
            }
        )


def validate_spoken_languages(value: object) -> None:
    """A list of different codes from `SPOKEN_LANGUAGES`."""
    if not isinstance(value, list) or len(set(map(str, value))) != len(value):
        raise ValidationError(_("Give a list of language codes, each once."))
    for code in value:
        if code not in SPOKEN_CODES:
            raise ValidationError(_("“%(code)s” is not a language code we know."), params={"code": code})
