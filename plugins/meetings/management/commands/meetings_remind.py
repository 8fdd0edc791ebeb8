"""`manage.py meetings_remind`: write the reminders that are due, for a timer where no worker runs."""

from typing import Any

from django.core.management.base import BaseCommand

from plugins.meetings.mails.clock import remind


class Command(BaseCommand):
    help = "Write reminders of the next meetings, once to each person. Never of one that is cancelled or postponed."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind()} reminders written.")
