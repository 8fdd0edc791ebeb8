"""Rows that pages of several kinds have: whom readers may ask, and what they may take with them."""

from django.core.validators import validate_email
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model_string

from directory.models.numbers import validate_phone
from directory.panels import fact, row_panels
from home.models import KeyedChild


class ContactRow(KeyedChild):
    """A person whom readers may ask. All of it is public: what belongs to enterprises has contacts of its own kind.

    A page type's own row adds `page`, a ParentalKey, and the constraint that makes `key` unique in it.
    """

    name = models.CharField(_("name"), max_length=150)
    title = models.CharField(_("title or role"), max_length=150, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True, validators=[validate_email])
    phone = models.CharField(_("telephone"), max_length=40, blank=True, validators=[validate_phone])

    panels = row_panels(["title"], fact("name"), fact("email"), fact("phone"))

    class Meta(KeyedChild.Meta):
        abstract = True
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")

    def __str__(self) -> str:
        return self.name


class DocumentRow(KeyedChild):
    """A file that a page gives out, under a label in the reader's language or the file's own title."""

    document = models.ForeignKey(get_document_model_string(), on_delete=models.CASCADE, related_name="+")
    label = models.CharField(_("label"), max_length=200, blank=True)

    panels = row_panels(["label"], fact("document"))

    class Meta(KeyedChild.Meta):
        abstract = True
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return str(self.label or self.document)
