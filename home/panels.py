"""The editor's panels: a tab for each language with the source text beside the translation, and one for the facts."""

import functools
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
    get_form_for_model,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput
from wagtail.admin.widgets.slug import SlugInput
from wagtail.fields import RichTextField, StreamField

from home.forms import RowForm, RowFormSet
from home.history import is_older
from torv.languages import DEFAULT, LANGUAGES, fallback_chain, localized
from torv.plugins import plugins
from torv.text import Text, is_blank

EDIT_SHARED = "home.edit_shared"

# Wagtail lets text areas grow with their text, but only those of TextField itself; the columns of the languages are
# subclasses of it. Rich text, a TextField too, brings its own editor.
register_form_field_override(models.TextField, override={"widget": AdminAutoHeightTextInput})
register_form_field_override(RichTextField, override={})


def translate_permission(language: str) -> str:
    return f"home.translate_{language}"


def language_name(language: str) -> Any:
    return dict(settings.LANGUAGES)[language]


class SourceTextPanel(Panel):
    """What a translation is made from, to be read beside it.

    Wagtail's read-only FieldPanel turns into a second input where the same form has the field, and the last of two
    inputs of one name wins: it would undo the editor's change of the source.
    """

    def __init__(self, field: str, language: str, permission: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.field = field
        self.language = language
        self.permission = permission

    def clone_kwargs(self) -> dict:
        return {
            **super().clone_kwargs(),
            "field": self.field,
            "language": self.language,
            "permission": self.permission,
        }

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/panels/source_text.html"

        @cached_property
        def source(self) -> Text:
            """The default language's text; another's where that has none. Nothing beside what is itself the source."""
            panel = self.panel
            if panel.language == DEFAULT and not is_blank(getattr(self.instance, localized(panel.field, DEFAULT))):
                return Text("", "")
            others = [language for language in fallback_chain(DEFAULT) if language != panel.language]
            texts = (Text(getattr(self.instance, localized(panel.field, language)), language) for language in others)
            return next((text for text in texts if text), Text("", ""))

        @property
        def changed(self) -> Any:
            """When the source became another after the translation was written; None where it did not."""
            panel, source = self.panel, self.source
            if is_blank(getattr(self.instance, localized(panel.field, panel.language))):
                return None
            return is_older(self.instance, panel.field, panel.language, source.language) if source else None

        def is_shown(self) -> bool:
            permission = self.panel.permission
            allowed = not (permission and self.request) or self.request.user.has_perm(permission)
            return bool(allowed and self.source)

        def get_context_data(self, parent_context: Any = None) -> dict:
            field = self.instance._meta.get_field(localized(self.panel.field, self.panel.language))
            return {
                **super().get_context_data(parent_context),
                "source": self.source,
                "changed": self.changed,
                "language_name": language_name(self.source.language),
                "rich": isinstance(field, RichTextField),
                "stream": isinstance(field, StreamField),
            }


def translated_field_panels(fields: Sequence[str], language: str) -> list[Any]:
    """Each field of one language; below a translation stands its source, which can be read but not edited."""
    permission = translate_permission(language)
    panels: list[Any] = []
    for name in fields:
        panels += [
            FieldPanel(localized(name, language), permission=permission),
            SourceTextPanel(name, language, permission=permission),
        ]
    return panels


def language_tab(translated: Sequence[str], language: str) -> ObjectList:
    permission = translate_permission(language)
    slug = "slug" if language == DEFAULT else f"slug_{language}"
    search_engines = [
        FieldPanel(slug, permission=permission, widget=SlugInput),
        *translated_field_panels(["seo_title", "search_description"], language),
    ]
    return ObjectList(
        [
            TitleFieldPanel(localized("title", language), targets=[slug], permission=permission, placeholder=False),
            SourceTextPanel("title", language, permission=permission),
            *translated_field_panels(translated, language),
            MultiFieldPanel(search_engines, heading=_("For search engines")),
        ],
        heading=capfirst(language_name(language)),
    )


def page_edit_handler(page_type: Any, form_class: type) -> TabbedInterface:
    """A tab for each language, one for what all languages share, one for publishing.

    A plugin's page type whose own panels make no form (a misspelt field) is edited without them: Wagtail builds the
    forms of all types at every command, and one that fails would stop them all.
    """
    if plugins.is_core(page_type._meta.app_label) or _own_panels_hold(page_type, form_class):
        return _edit_handler(page_type.translated_panels, page_type.shared_panels, form_class)
    return _edit_handler((), (), form_class)


@functools.cache
def _own_panels_hold(page_type: Any, form_class: type) -> bool:
    with plugins.blaming(page_type._meta.app_label, f"panels of {page_type.__name__}"):
        handler = _edit_handler(page_type.translated_panels, page_type.shared_panels, form_class)
        handler.bind_to_model(page_type).get_form_class()
        return True
    return False


def _edit_handler(translated: Sequence[str], own: Sequence[Any], form_class: type) -> TabbedInterface:
    shared = [*own, FieldPanel("show_in_menus", permission=EDIT_SHARED)]
    return TabbedInterface(
        [
            *(language_tab(translated, language) for language in LANGUAGES),
            ObjectList(shared, heading=_("Shared by all languages")),
            ObjectList([SchedulePanel()], heading=_("Publishing")),
        ],
        base_form_class=form_class,
    )


class SchedulePanel(PublishingPanel):
    """When the page goes public and when it no longer is: in every language at once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for panel in self.children:
            panel.permission = EDIT_SHARED


class TranslatedInlinePanel(InlinePanel):
    """An InlinePanel that passes field permissions on to its rows; ``permission`` is needed to add or remove rows."""

    def __init__(self, *args: Any, permission: str | None = EDIT_SHARED, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permission = permission

    def clone_kwargs(self) -> dict:
        return {**super().clone_kwargs(), "permission": self.permission}

    def get_form_options(self) -> dict:
        options = super().get_form_options()
        child = self.child_edit_handler.get_form_options()
        formset = options["formsets"][self.relation_name]
        formset["form"] = get_form_for_model(
            self.db_field.related_model,
            form_class=RowForm,
            fields=child.get("fields", []),
            widgets=child.get("widgets"),
            field_permissions=child.get("field_permissions"),
            defer_required_on_fields=child.get("defer_required_on_fields") or [],
        )
        formset["formset"] = type("FormSet", (RowFormSet,), {"permission": self.permission})
        formset["inherit_kwargs"] = ["for_user"]
        return options
