"""The page that every page type inherits: one tree, a column for each language's texts, facts stored once.

Wagtail lets a project own its base page model, so all page columns live in this app's migrations. ``slug`` and
``url_path`` stay Wagtail's own and mean the default language; those of the other languages stand beside them.
"""

import copy
import uuid
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from modeltranslation.translator import translator
from wagtail.admin.forms.pages import CopyForm, WagtailAdminPageForm
from wagtail.api import APIField
from wagtail.fields import RichTextField
from wagtail.models import AbstractPage, DefaultBasePageMixin, Orderable
from wagtail.models.pages import AbstractPageMeta
from wagtail.search import index

from home import redirects, rights, slugs
from home.api import LanguagesField, TextsField
from home.forms import ReadableForm
from home.panels import page_edit_handler
from torv.languages import DEFAULT, LANGUAGES, OTHERS, content_language, localized
from torv.text import is_blank, text_of


class PageForm(ReadableForm, WagtailAdminPageForm):
    """Wagtail's page form, also when it is narrowed to some fields.

    The content API builds the form from the posted fields only; the permission list then names fields that are absent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._meta = copy.copy(self._meta)
        permissions = self._meta.field_permissions or {}
        self._meta.field_permissions = {name: p for name, p in permissions.items() if name in self.base_fields}
        super().__init__(*args, **kwargs)
        if not self.instance.path:
            self.instance._cached_parent_obj = self.parent_page  # see Page.get_parent

    @property
    def show_schedule_publishing_toggle(self) -> bool:
        return "go_live_at" in self.fields

    def save(self, commit: bool = True) -> Any:
        """:raises PermissionDenied: more has changed than the user may change: an earlier version is to come back."""
        if self.for_user and self.instance.pk:
            rights.check(self.for_user, self.instance.stored_draft(), self.instance)
        return super().save(commit=commit)

    def add_error(self, field: str | None, error: Any) -> None:
        """What is wrong with a field that this form lacks is said of the form as a whole."""
        if field is None and hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                super().add_error(name if name in self.fields else None, errors)
        else:
            super().add_error(field, error)


class PageCopyForm(CopyForm):
    """Wagtail's, which asks for one title and one slug: a copy has the slug in every language, the title in one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = text_of(self.page, "title").language
        if language:
            sentence = _("In %(language)s. Titles in other languages are kept.")
            self.fields["new_title"].help_text = sentence % {"language": dict(settings.LANGUAGES)[language]}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        parent = data.get("new_parent_page") or self.page.get_parent()
        if "new_slug" in data and slugs.clashes(parent, {DEFAULT: data["new_slug"]}):
            self.add_error("new_slug", slugs.refusal(parent, data["new_slug"]))
        return data


class Page(AbstractPage, DefaultBasePageMixin):
    """What can be placed in the tree. A language is public when the live row has a title in it."""

    slug_sv = models.SlugField(_("slug (Swedish)"), max_length=255, blank=True, allow_unicode=True)
    slug_en = models.SlugField(_("slug (English)"), max_length=255, blank=True, allow_unicode=True)
    url_path_sv = models.TextField(blank=True, editable=False)
    url_path_en = models.TextField(blank=True, editable=False)
    # Language -> when what its readers are given last changed; see home.stamps.
    updated_in = models.JSONField(default=dict, blank=True, editable=False)

    search_fields = [
        *AbstractPage.search_fields,
        *DefaultBasePageMixin.search_fields,
        *(index.SearchField(localized("title", language), boost=2) for language in LANGUAGES),
    ]
    copy_form_class = PageCopyForm
    # A copy stands beside its source: it takes its own slug in every language.
    exclude_fields_in_copy = [
        "updated_in",
        *(f"{name}_{language}" for name in ("slug", "url_path") for language in OTHERS),
    ]

    api_fields = [APIField("languages", serializer=LanguagesField()), APIField("texts", serializer=TextsField())]

    #: Names of a page type's own translated fields, in the order of the editor's language tabs.
    translated_panels: list[str] = []
    #: Panels for facts, which are stored once.
    shared_panels: list[Any] = []

    class Meta(AbstractPageMeta):
        permissions = [
            ("bulk_delete_page", "Delete pages with children"),
            ("lock_page", "Lock/unlock pages you've locked"),
            ("publish_page", "Publish any page"),
            ("unlock_page", "Unlock any page"),
            *((f"translate_{language}", f"Edit the {language} texts") for language in LANGUAGES),
            ("edit_shared", "Edit facts that all languages share"),
        ]

    # ---- languages --------------------------------------------------------------------------------------------------
    @classmethod
    def translated_fields(cls) -> list[str]:
        return sorted(translator.get_options_for_model(cls).all_fields)

    def get_admin_display_title(self) -> str:
        """The newest title in the editor's language: core's column has the default language's, or what stands in."""
        language = content_language()
        column = localized("title", language)
        if language == DEFAULT or not self.pk:
            return super().get_admin_display_title()
        newest = self.latest_revision if self.has_unpublished_changes else None
        title = newest.content.get(column) if newest else getattr(self, column)
        return title or super().get_admin_display_title()

    def has_translation(self, language: str) -> bool:
        return not is_blank(getattr(self, localized("title", language)))

    @property
    def public_languages(self) -> list[str]:
        """The languages in which a visitor may read this row. Ask the live page, not a draft of it."""
        return [language for language in LANGUAGES if self.live and self.has_translation(language)]

    @property
    def shown_language(self) -> str:
        """The language a visitor gets: the active one where the page has it, otherwise the one that stands in."""
        return text_of(self, "title").language or content_language()

    # ---- writing: the untranslated columns always hold the default language ------------------------------------------
    def save(self, *args: Any, **kwargs: Any) -> Any:
        self._number_rows()
        if self.alias_of_id and self._state.adding and (parent := self.get_parent()):
            for language in slugs.clashes(parent, slugs.slugs_of(self)):  # beside its source, as a copy
                if language != DEFAULT:
                    setattr(self, slugs.COLUMNS[language], "")
        with override(DEFAULT):
            fields = kwargs.get("update_fields")
            may_rename = self.pk and (not fields or "slug" in fields)
            old = Page.objects.filter(pk=self.pk).first() if may_rename else None
            renamed = old is not None and any(
                getattr(old, f"slug_{language}") != getattr(self, f"slug_{language}") for language in OTHERS
            )
            before = redirects.subtree_urls(old) if old and (renamed or old.slug != self.slug) else {}
            if renamed:
                self.set_url_path(self.get_parent())
            result = super().save(*args, **kwargs)
            if renamed and old is not None and old.slug == self.slug:
                self._update_descendant_url_paths(None, None)
            if before:
                redirects.create(before, redirects.subtree_urls(self))
            return result

    def move(self, target: Any, pos: str | None = None, user: Any = None) -> Any:
        with override(DEFAULT):
            return super().move(target, pos=pos, user=user)

    @transaction.atomic  # a deletion that is refused was none, in the log either
    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return super().delete(*args, **kwargs)

    def save_revision(self, user: Any = None, *args: Any, **kwargs: Any) -> Any:
        """:raises PermissionDenied: a draft in the name of a user who may not change what it changes."""
        self._number_rows()
        if user is not None:
            rights.check(user, self.stored_draft(), self)
        with override(DEFAULT):
            return super().save_revision(user, *args, **kwargs)

    def stored_draft(self) -> Any:
        """The page's newest draft as it is stored, whatever this one has become since."""
        return Page.objects.get(pk=self.pk).get_latest_revision_as_object()

    def permissions_for_user(self, user: Any) -> rights.PagePermissions:
        return rights.PagePermissions(user, self)

    def _number_rows(self) -> None:
        """Rows that were made by a program have no position: they come, as they stand, after those that have one.

        The editor numbers only the rows that somebody changed; among them, rows without a number would change places.
        """
        for accessor in keyed_children(type(self)):
            rows = getattr(self, "_cluster_related_objects", {}).get(accessor) or ()
            if any(row.sort_order is None for row in rows):
                for position, row in enumerate(sorted(rows, key=lambda row: row.sort_order is None)):
                    row.sort_order = position

    def serializable_data(self) -> dict:
        with override(DEFAULT):
            return super().serializable_data()

    def with_content_json(self, content: dict) -> Any:
        draft = super().with_content_json(content)
        if self.alias_of_id:  # it follows its source in all but its slugs
            for column in slugs.COLUMNS.values():
                setattr(draft, column, getattr(self, column))
        draft.updated_in = self.updated_in  # what has happened, whatever an old draft remembers
        # A draft saved before its rows were published knows no primary keys: a row's identity is its key.
        for accessor, relation in keyed_children(type(draft)).items():
            rows = relation.related_model._base_manager.filter(**{relation.field.name: self.pk})
            known = dict(rows.values_list("key", "pk"))
            for child in getattr(draft, accessor).get_object_list():
                child.pk = known.get(child.key)
        return draft

    # ---- checking ---------------------------------------------------------------------------------------------------
    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        with override(DEFAULT):
            super().full_clean(*args, **kwargs)

    def clean(self) -> None:
        # The rich text editor posts <p></p> for an empty field: it would hide the text that should stand in.
        for name in self.translated_fields():
            for language in LANGUAGES:
                column = localized(name, language)
                if isinstance(self._meta.get_field(column), RichTextField) and is_blank(getattr(self, column)):
                    setattr(self, column, "")
        super().clean()
        if not any(self.has_translation(language) for language in LANGUAGES):
            raise ValidationError({localized("title", DEFAULT): _("Give the page a title in at least one language.")})
        self._check_slugs()

    def minimal_clean(self) -> None:
        title = getattr(self, localized("title", DEFAULT))
        super().minimal_clean()  # core writes the title that stood in back into the default language's column
        setattr(self, localized("title", DEFAULT), title)
        self._check_slugs()

    def _check_slugs(self) -> None:
        """Core looks at the default language's slug only, and at no address that the parent keeps for itself."""
        parent = self.get_parent()
        found = slugs.clashes(parent, slugs.slugs_of(self), exclude=self.pk) if parent else {}
        errors = {
            slugs.COLUMNS[language]: slugs.refusal(parent, slug)
            for language, slug in found.items()
            if language != DEFAULT or slugs.reserved(parent, slug)
        }
        if errors:
            raise ValidationError(errors)

    def _get_autogenerated_slug(self, base_slug: str) -> str:
        parent = self.get_parent()
        return slugs.free_slug(parent, base_slug, slugs.slugs_of(self), exclude=self.pk) if parent else base_slug

    def get_parent(self, *args: Any, **kwargs: Any) -> Any:
        """Also of a page that is about to be added, where core and forms have noted below what."""
        return super().get_parent(*args, **kwargs) if self.path else getattr(self, "_cached_parent_obj", None)

    # ---- addresses --------------------------------------------------------------------------------------------------
    @classmethod
    def reserves(cls, slug: str) -> bool:
        """Whether pages of this type answer themselves at this address below them: no page can have it there.

        A page type with views of its own says so.
        """
        return False

    def child_by_slug(self, slug: str, language: str, exclude: int | None = None) -> "Page | None":
        """The child page that has this slug in ``language``; a page without one of its own uses the default's."""
        if language == DEFAULT:
            condition = models.Q(slug=slug)
        else:
            own = f"slug_{language}"
            condition = models.Q(**{own: slug}) | models.Q(**{own: "", "slug": slug})
        return self.get_children().filter(condition).exclude(pk=exclude).first()

    def set_url_path(self, parent: Any) -> str:
        for language in OTHERS:
            column = f"url_path_{language}"
            slug = getattr(self, f"slug_{language}") or self.slug
            if parent and parent.depth == 1:  # a site's root page: its slug is in no address
                slug = self.slug
            base = (getattr(parent, column) or parent.url_path) if parent else ""
            setattr(self, column, f"{base}{slug}/" if parent else "/")
        return super().set_url_path(parent)

    def _update_descendant_url_paths(self, old_url_path: str | None, new_url_path: str | None) -> None:
        self.set_url_path(self.get_parent())  # a move sets only core's own
        parents, changed = {self.path: self}, [self]
        for page in Page.objects.filter(path__startswith=self.path).exclude(pk=self.pk).order_by("path"):
            page.set_url_path(parents[page.path[: -self.steplen]])
            parents[page.path] = page
            changed.append(page)
        columns = ["url_path", *(f"url_path_{language}" for language in OTHERS)]
        Page.objects.bulk_update(changed, columns, batch_size=500)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        language = content_language()
        if path_components and language != DEFAULT:
            child = self.child_by_slug(path_components[0], language)
            if not child:
                raise Http404
            child._cached_parent_obj = self
            return child.specific.route(request, path_components[1:])
        return super().route(request, path_components)

    def get_url_parts(self, request: HttpRequest | None = None) -> Any:
        language, kept = content_language(), self.url_path
        if language != DEFAULT:
            self.url_path = getattr(self, f"url_path_{language}") or kept
        try:
            return super().get_url_parts(request)
        finally:
            self.url_path = kept

    def get_alternates(self, request: HttpRequest | None = None) -> list[dict[str, str]]:
        """``[{"lang_code": "sv", "location": "https://…"}, …]``: the languages this page is public in."""
        found = []
        for language in LANGUAGES:
            if self.has_translation(language):
                with override(language):
                    found.append({"lang_code": language, "location": self.get_full_url(request)})
        return found

    def get_full_url(self, request: HttpRequest | None = None) -> Any:
        """With the host and port by which the site was reached: those of the site's record may be a default's."""
        url = self.get_url(request) if request else None
        return request.build_absolute_uri(url) if request and url else super().get_full_url(request)

    def get_canonical_url(self, request: HttpRequest | None = None) -> str:
        """The address in the language that is really shown."""
        with override(self.shown_language):
            return self.get_full_url(request)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict]:
        alternates = self.get_alternates(request)
        changed = self.last_published_at or self.latest_revision_created_at
        return [{"location": a["location"], "lastmod": changed, "alternates": alternates} for a in alternates]

    # ---- preview in each language -----------------------------------------------------------------------------------
    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        names = dict(settings.LANGUAGES)
        return [(language, names[language]) for language in LANGUAGES]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        language = content_language(mode_name)
        with override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = self.serve(request)  # a page type's own view, so that the editor sees what visitors will
            request.is_preview = True  # type: ignore[attr-defined]
            return response.render() if hasattr(response, "render") else response

    # ---- editor -----------------------------------------------------------------------------------------------------
    @classproperty
    def edit_handler(cls) -> Any:
        # Wagtail puts its own form into the base page's `base_form_class` while the site starts.
        own = cls.base_form_class
        return page_edit_handler(cls, own if issubclass(own, PageForm) else PageForm)


class KeyedChild(Orderable):
    """A row inside a page. Its key is its identity in every draft, whatever its primary key or position is."""

    key = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta(Orderable.Meta):
        abstract = True


def keyed_children(model: type[models.Model]) -> dict[str, Any]:
    """``{accessor: relation}`` of a page type's rows that carry a key."""
    from modelcluster.models import get_all_child_relations

    relations = get_all_child_relations(model)
    return {r.get_accessor_name(): r for r in relations if issubclass(r.related_model, KeyedChild)}
