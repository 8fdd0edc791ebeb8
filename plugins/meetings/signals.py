"""What publishing a meeting sets off, and what unpublishing or deleting one is refused for."""

from typing import Any

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate, post_save, pre_delete, pre_save

from home.models import Page
from plugins.meetings.actions import synchronise_occurrences
from plugins.meetings.actions.keeping import check_may_go, forget_with
from plugins.meetings.actions.registrations import promote_waiting
from plugins.meetings.mails import keep_series_going
from plugins.meetings.models import CalendarPage, MeetingPage, Occurrence, Registration


def connect() -> None:
    post_migrate.connect(give_roles, sender=apps.get_app_config("meetings"), dispatch_uid="meetings.roles")
    post_save.connect(synchronise, sender=MeetingPage, dispatch_uid="meetings.synchronise")
    for model in (MeetingPage, CalendarPage, Page):  # the calendar has the feeds; lists of pages know the base only
        pre_save.connect(keep_published, sender=model, dispatch_uid="meetings.keep_published")
    pre_delete.connect(keep, sender=MeetingPage, dispatch_uid="meetings.keep")
    pre_delete.connect(forget, sender=Occurrence, dispatch_uid="meetings.forget")


def synchronise(
    sender: Any, instance: MeetingPage, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """In the transaction in which the page itself is published, so that neither comes without the other."""
    if raw or update_fields is not None or not instance.live:
        return  # a fixture; a note about a draft; a draft
    revision = instance.live_revision
    synchronise_occurrences(page=instance, by=revision.user if revision else None)
    if instance.is_series:
        keep_series_going()
    # There may be more places than before.
    for occurrence in instance.occurrences.filter(registrations__state=Registration.State.WAITING).distinct():
        promote_waiting(occurrence=occurrence)


def keep_published(sender: Any, instance: Any, raw: bool = False, update_fields: Any = None, **kwargs: Any) -> None:
    """:raises Protected: a page that is public would be so no longer, and is waited for.

    One whose time is over by its schedule goes: the form has refused to let it go before its meeting.
    """
    if raw or instance.live or instance.expired or not instance.pk or (update_fields and "live" not in update_fields):
        return
    of_ours = instance.specific_class in (MeetingPage, CalendarPage)
    if of_ours and sender.objects.filter(pk=instance.pk, live=True).exists():
        check_may_go(instance)


def keep(sender: Any, instance: MeetingPage, **kwargs: Any) -> None:
    """:raises Protected: it is waited for."""
    check_may_go(instance)


def forget(sender: Any, instance: Occurrence, **kwargs: Any) -> None:
    forget_with(instance)


def give_roles(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """A site that has its roles already gives them what this plugin adds, as soon as the tables are there."""
    from django.contrib.auth.models import Group, Permission

    from plugins.meetings.plugin import EDITORS, role_permissions

    create_permissions(sender, verbosity=0, using=using)
    names = [name.partition(".")[2] for name in role_permissions(role=EDITORS)]
    for group in Group.objects.using(using).filter(name=EDITORS):
        group.permissions.add(
            *Permission.objects.using(using).filter(content_type__app_label="meetings", codename__in=names)
        )
