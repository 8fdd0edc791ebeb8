"""The app of suppliers and what they offer."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "directory"
    label = "directory"
    verbose_name = _("Directory of social enterprises")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.db.models.signals import post_delete
        from wagtail.permissions import register_permission_policy

        from directory.demo import refusal  # noqa: F401  registers a check
        from directory.models import CpvCode, EnterprisePage, Place, SocialObjective
        from directory.permissions import ReadOnlyPolicy

        for model in (CpvCode, Place, SocialObjective):
            register_permission_policy(model, ReadOnlyPolicy(model))
        post_delete.connect(_forget_owner_group, sender=EnterprisePage, dispatch_uid="directory_owner_group")


def _forget_owner_group(instance: Any, **_kwargs: Any) -> None:
    from directory.actions import forget_owner_group

    forget_owner_group(instance)
