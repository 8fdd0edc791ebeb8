"""Buyers' words for what is sold: a tree that editors shape, each branch mapped to CPV codes."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from directory.models.cpv import CpvCode
from directory.models.paths import SEPARATOR, PathMixin
from home.slugs import slug_from
from torv.languages import DEFAULT, LANGUAGES, fallback_chain, in_every_language, localized
from torv.text import is_blank

LONGEST_SLUG = 90  # of those made from names, with room for a number

# The pictograms of the icon sheet that categories may use; the code of a top category is the name of its own.
ICONS = (
    "clean", "food", "garden", "wash", "repair", "reuse", "print", "pack", "it", "move", "build", "care", "grocer",
    "event",
)  # fmt: skip


class Category(PathMixin, models.Model):
    """`path` ("clean/schools") is the facet code: the parent's path and the own code."""

    parent = models.ForeignKey(
        "self", verbose_name=_("parent"), null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    code = models.SlugField(_("code"), max_length=50, help_text=_("An English word that stays the same for ever."))
    path = models.CharField(_("path"), max_length=255, unique=True, editable=False)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Among its siblings, smallest first.")
    )
    tree_order = models.CharField(max_length=255, editable=False, db_index=True, default="")
    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("slug"), max_length=100, blank=True, allow_unicode=True, help_text=_("Its name in addresses.")
    )
    description = models.TextField(_("description"), blank=True)
    synonyms = models.TextField(
        _("other words"), blank=True, help_text=_("What buyers call it, one word or phrase on each line.")
    )
    cpv_codes = models.ManyToManyField(CpvCode, verbose_name=_("CPV codes"), blank=True, related_name="categories")
    icon = models.CharField(
        _("pictogram"), max_length=20, blank=True, choices=[(name, name) for name in ICONS],
        help_text=_("Without one, the parent's is shown."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["tree_order"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs) -> None:
        from directory.redirects import follow_category

        old = Category.objects.filter(pk=self.pk).first() if self.pk else None
        if not kwargs.get("update_fields"):
            self._fill_slugs()
        path = SEPARATOR.join(filter(None, [self.parent.path if self.parent else "", self.code]))
        order = SEPARATOR.join(
            filter(None, [self.parent.tree_order if self.parent else "", f"{self.position:05d}-{self.code}"])
        )
        moved = (path, order) != (self.path, self.tree_order)
        self.path, self.tree_order = path, order
        if moved and kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "path", "tree_order"}
        with transaction.atomic():
            super().save(*args, **kwargs)
            if moved:
                for child in self.children.all():
                    child.parent = self
                    child.save(update_fields={"path", "tree_order"})
            if old:
                follow_category(old, self)

    def _fill_slugs(self) -> None:
        """A language that has a name has an address, also where nobody wrote one."""
        for language in LANGUAGES:
            column = localized("slug", language)
            name = getattr(self, localized("name", language))
            if getattr(self, column) or is_blank(name):
                continue
            stem = slug_from(name, language, LONGEST_SLUG) or self.code
            slug, number = stem, 2
            while Category.objects.filter(**{column: slug}).exclude(pk=self.pk).exists():
                slug, number = f"{stem}-{number}", number + 1
            setattr(self, column, slug)

    @classmethod
    def at(cls, slug: str) -> "Category | None":
        """The category of this slug, in whatever language; one without a slug goes by its code (see `slug_in`)."""
        named, bare = models.Q(), models.Q(code=slug)
        for column in in_every_language("slug"):
            named |= models.Q(**{column: slug})
            bare &= models.Q(**{column: ""}) | models.Q(**{column: None})
        return cls.objects.filter(named).first() or cls.objects.filter(bare).first()

    def slug_in(self, language: str) -> str:
        """The slug for readers of this language: its own, or the one that stands in."""
        slugs = (getattr(self, localized("slug", candidate)) for candidate in fallback_chain(language))
        return next(filter(None, slugs), self.code)

    def clean(self) -> None:
        super().clean()
        errors = {}
        if all(is_blank(getattr(self, localized("name", language))) for language in LANGUAGES):
            errors[localized("name", DEFAULT)] = _("Give the category a name in at least one language.")
        above = self.parent
        while above is not None:
            if above.pk == self.pk and self.pk:
                errors["parent"] = _("A category cannot be placed inside itself.")
                break
            above = above.parent
        siblings = Category.objects.filter(parent=self.parent, code=self.code).exclude(pk=self.pk)
        if siblings.exists():
            errors["code"] = _("Another category here has this code already.")
        for language in LANGUAGES:
            name = localized("slug", language)
            slug = getattr(self, name)
            if slug and Category.objects.filter(**{name: slug}).exclude(pk=self.pk).exists():
                errors[name] = _("Another category has this slug already.")
        if errors:
            raise ValidationError(errors)

    @property
    def tree_name(self) -> str:
        """The name, indented by its place in the tree."""
        return f"{'— ' * (self.depth - 1)}{self.name}"

    def words(self, language: str) -> list[str]:
        """Buyers' words in this language, without fallback."""
        text = getattr(self, localized("synonyms", language)) or ""
        return [line.strip() for line in text.splitlines() if line.strip()]
