"""`manage.py mail status | retry | erase`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Count, Min

from torv import mail
from torv.mail.models import Message


class Command(BaseCommand):
    help = "Show what mail waits and what failed, try it again, or forget what old mails said."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["status", "retry", "erase"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        getattr(self, f"do_{action}")()

    def do_status(self) -> None:
        for row in Message.objects.values("state").order_by("state").annotate(n=Count("pk"), oldest=Min("created_at")):
            self.stdout.write(f"{row['state']:<10}{row['n']:>8}  oldest {row['oldest']:%Y-%m-%d %H:%M}")
        for message in Message.objects.in_trouble().order_by("-pk")[:10]:
            self.stdout.write(f"  {message.key}: {message.state}, attempts {message.attempts}, {message.error[:150]}")

    def do_retry(self) -> None:
        self.stdout.write(f"{mail.try_again(Message.objects.in_trouble())} mails will be tried again.")

    def do_erase(self) -> None:
        self.stdout.write(f"{mail.erase_old()} mails erased.")
