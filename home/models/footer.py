"""What stands at the foot of every page of a site, as its editors say it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.fields import StreamField

from home.forms import ReadableForm
from home.panels import EDIT_SHARED, translate_permission
from torv.languages import LANGUAGES, localized


def _in_each_language(name: str, label: Any, max_length: int) -> list[tuple[str, blocks.Block]]:
    return [
        (localized(name, language), blocks.CharBlock(label=label(language), required=False, max_length=max_length))
        for language in LANGUAGES
    ]


_LABELS = {"da": _("Danish"), "sv": _("Swedish"), "en": _("English")}


class InEachLanguageBlock(blocks.StructBlock):
    """A struct whose ``named`` must be said in one language at least."""

    named = ""

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if not any((cleaned.get(localized(self.named, language)) or "").strip() for language in LANGUAGES):
            error = ValidationError(_("Write it in at least one language."))
            raise StructBlockValidationError(block_errors={localized(self.named, LANGUAGES[0]): error})
        return cleaned


class OutsideLinkBlock(InEachLanguageBlock):
    """A link to another site, called by a name in each language."""

    named = "label"

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        address = ("address", blocks.URLBlock(label=_("Address")))
        super().__init__([*_in_each_language("label", _LABELS.get, 80), address, *(local_blocks or [])], **kwargs)

    class Meta:
        icon = "link-external"
        label = _("Link to another site")


class ColumnBlock(InEachLanguageBlock):
    """A heading in each language and links below it. A page is called by its own title in the reader's language."""

    named = "heading"

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        links = blocks.StreamBlock(
            [("page", blocks.PageChooserBlock(label=_("Page"))), ("outside", OutsideLinkBlock())], label=_("Links")
        )
        own = [*_in_each_language("heading", _LABELS.get, 60), ("links", links)]
        super().__init__([*own, *(local_blocks or [])], **kwargs)

    class Meta:
        icon = "list-ul"
        label = _("Column")


@register_setting(icon="thumbtack", order=300)
class Footer(BaseSiteSetting):
    """Who runs the site and where its links lead. What is left empty is made from the page tree."""

    text = models.TextField(
        _("what the site is"), blank=True, help_text=_("A sentence or two, and who runs it. Empty: Torv’s own words.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    address = models.TextField(_("postal address"), blank=True)
    columns = StreamField(
        [("column", ColumnBlock())],
        blank=True,
        max_num=4,
        verbose_name=_("columns"),
        help_text=_(
            "Headings with links. Empty: a column for each page of the main menu with pages below it, and one for the "
            "rest. Remember the accessibility statement and the page on privacy."
        ),
    )

    base_form_class = ReadableForm
    panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    localized("text", language), heading=_LABELS[language], permission=translate_permission(language)
                )
                for language in LANGUAGES
            ],
            heading=_("What the site is"),
        ),
        MultiFieldPanel(
            [FieldPanel(name, permission=EDIT_SHARED) for name in ("email", "phone", "address")],
            heading=_("Contact"),
        ),
        FieldPanel("columns", permission=EDIT_SHARED),
    ]

    class Meta:
        verbose_name = _("foot of the pages")
        verbose_name_plural = _("feet of the pages")

    def __str__(self) -> str:
        return str(self.site)
