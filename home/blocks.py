"""The blocks that running text is made of. Plugins add theirs through the contract; nothing here is in a migration."""

import re
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.images.blocks import ImageBlock as ImageWithAlt

from torv.languages import content_language

FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
_WEB_ADDRESS = re.compile(r"https?://[^/\\\s]+")
SMALL_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(blocks.RichTextBlock):
    """Headings, paragraphs, lists and links."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"features": FEATURES, **kwargs})

    class Meta:
        icon = "doc-full"
        label = _("Text")
        template = "home/blocks/text.html"


class ImageBlock(blocks.StructBlock):
    """A picture with its text alternative (or marked as decoration) and a caption."""

    image = ImageWithAlt(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=300)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "home/blocks/image.html"


class QuoteBlock(blocks.StructBlock):
    """What somebody said, and who."""

    quote = blocks.TextBlock(label=_("Quote"))
    person = blocks.CharBlock(label=_("Name"), max_length=150)
    role = blocks.CharBlock(label=_("Role or organisation"), required=False, max_length=200)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "home/blocks/quote.html"


class FactBlock(blocks.StructBlock):
    term = blocks.CharBlock(label=_("Term"), max_length=100)
    text = blocks.RichTextBlock(label=_("Text"), features=SMALL_FEATURES)

    class Meta:
        icon = "list-ul"
        label = _("Fact")


class FactsBlock(blocks.StructBlock):
    """Terms with what they mean or amount to."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    facts = blocks.ListBlock(FactBlock(), label=_("Facts"), min_num=1)

    class Meta:
        icon = "list-ul"
        label = _("Facts")
        template = "home/blocks/facts.html"


class AccordionItemBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = blocks.RichTextBlock(label=_("Answer"), features=SMALL_FEATURES)

    class Meta:
        icon = "help"
        label = _("Question and answer")


class AccordionBlock(blocks.StructBlock):
    """Questions that unfold to their answers."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    items = blocks.ListBlock(AccordionItemBlock(), label=_("Questions"), min_num=1)

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "home/blocks/accordion.html"


def is_safe_address(address: str) -> bool:
    """Whether an address leads to the web, to somebody's mail or to a place on this site, as it seems to do.

    Browsers read "//" and "/\\" as the beginning of another site's address, and leave out tabs and line ends.
    """
    if not address.isprintable() or address.startswith(("//", "/\\")):
        return False
    return address.startswith(("/", "mailto:")) or bool(_WEB_ADDRESS.match(address))


def _safe(address: str) -> str:
    """The address, or nothing where a program wrote one that the form refuses."""
    return address if is_safe_address(address) else ""


class CallToActionBlock(blocks.StructBlock):
    """One thing to do next: a sentence and a button that leads to a page or an address."""

    text = blocks.CharBlock(label=_("Text"), required=False, max_length=300)
    label = blocks.CharBlock(label=_("Words on the button"), max_length=80)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    url = blocks.CharBlock(
        label=_("Address"),
        required=False,
        max_length=500,
        help_text=_("Instead of a page: an address that starts with https://, mailto: or /."),
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        url = cleaned.get("url") or ""
        errors = {}
        if bool(cleaned.get("page")) == bool(url):
            errors["page"] = ValidationError(_("Choose a page or write an address, not both."))
        elif url and not is_safe_address(url):
            errors["url"] = ValidationError(_("Start with https://, mailto: or /."))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        context = super().get_context(value, parent_context=parent_context)
        page = value.get("page")
        # A page that has been unpublished since has no address to lead to.
        context["href"] = (page.url if page.live else "") if page else _safe(value.get("url") or "")
        return context

    class Meta:
        icon = "success"
        label = _("Call to action")
        template = "home/blocks/call_to_action.html"


class SearchAddressBlock(blocks.FieldBlock):
    """The address of a search in the directory, kept as its parameters ("category=clean&place=DK/1082")."""

    def __init__(self, required: bool = True, help_text: Any = None, **kwargs: Any) -> None:
        self.field = forms.CharField(required=required, help_text=help_text, max_length=1000)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        from search.errors import InvalidQuery
        from search.queries import parse

        typed = super().clean(value) or ""
        # People paste what the browser shows; a bare list of parameters is as good.
        parameters = urlsplit(typed).query if "?" in typed else typed
        if "=" not in parameters and not typed.startswith(("/", "http")) and typed:
            raise ValidationError(_("Paste the address of a search in the directory."))
        try:
            parse(QueryDict(parameters), content_language(get_language()))
        except InvalidQuery as error:
            raise ValidationError(error.message) from error
        return parameters

    class Meta:
        icon = "search"


class SupplierListBlock(blocks.StructBlock):
    """The first suppliers that a search finds, always as they are today, with a link to them all."""

    heading = blocks.CharBlock(label=_("Heading"), required=False, max_length=150)
    search = SearchAddressBlock(
        label=_("Search"),
        required=False,
        help_text=_("Search and filter in the directory, then paste the address here. Empty: all suppliers."),
    )
    number = blocks.IntegerBlock(label=_("How many to show"), default=6, min_value=1, max_value=20)

    def get_context(self, value: Any, parent_context: dict | None = None) -> dict:
        from search.errors import InvalidQuery
        from search.queries import blank, find, parse

        context = super().get_context(value, parent_context=parent_context)
        language = content_language(get_language())
        try:
            query = parse(QueryDict(value.get("search") or ""), language)
        except InvalidQuery:  # a category that has been deleted since
            query = blank("suppliers", language)
        context["results"] = find(query.but(size=value.get("number") or 6))
        context["everything"] = query.but(page=1)
        return context

    class Meta:
        icon = "group"
        label = _("List of suppliers")
        template = "home/blocks/supplier_list.html"


def body_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of every page's body, in the order in which the editor offers them."""
    return [
        ("text", TextBlock()),
        ("image", ImageBlock()),
        ("quote", QuoteBlock()),
        ("facts", FactsBlock()),
        ("accordion", AccordionBlock()),
        ("call_to_action", CallToActionBlock()),
        ("suppliers", SupplierListBlock()),
    ]
