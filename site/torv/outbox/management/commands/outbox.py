"""`manage.py outbox status | drain | work | retry`."""

import threading

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, Max, Min

from torv import outbox
from torv.outbox.models import OutboxEntry
from torv.outbox.work import stopped_by_signals, work


class Command(BaseCommand):
    help = "Show what is waiting in the outbox, carry it out (once, or for ever), or give what failed another try."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["status", "drain", "work", "retry"])
        parser.add_argument("--topic", help="only this topic")

    def handle(self, *args, action: str, topic: str | None, **options) -> None:
        if topic and topic not in outbox.handlers():
            raise CommandError(f"No topic {topic!r}. There are: {', '.join(sorted(outbox.handlers())) or 'none'}.")
        getattr(self, f"do_{action}")(topic)

    def do_status(self, topic: str | None) -> None:
        rows = OutboxEntry.objects.filter(topic=topic) if topic else OutboxEntry.objects.all()
        counts = rows.values("topic", "state").annotate(n=Count("pk"), oldest=Min("created_at"), tries=Max("attempts"))
        for row in counts.order_by("topic", "state"):
            line = f"{row['topic']:<24} {row['state']:<8} {row['n']:>7}  oldest {row['oldest']:%Y-%m-%d %H:%M:%S}"
            self.stdout.write(line + (f"  attempts {row['tries']}" if row["tries"] else ""))
        for entry in rows.exclude(error="").exclude(state=OutboxEntry.State.DONE).order_by("-pk")[:10]:
            self.stdout.write(f"  {entry.topic} {entry.key}: {entry.error.splitlines()[0][:150]}")
        if not counts:
            self.stdout.write("The outbox is empty.")

    def do_drain(self, topic: str | None) -> None:
        drained = outbox.drain(topics=[topic] if topic else None, wait=30)
        self.stdout.write(f"{drained.done} carried out, {drained.failed} failed, {drained.held} held by others.")
        if drained.failed:
            raise CommandError("Some entries failed; `manage.py outbox status` shows why.")

    def do_work(self, topic: str | None) -> None:
        """Until SIGTERM or SIGINT; what was begun is finished. Any number of workers may run, on any machine."""
        with stopped_by_signals(threading.Event()) as stop:
            self.stdout.write("Working on the outbox.")
            self.stdout.flush()
            work(stop, topics=[topic] if topic else None)
        self.stdout.write("Stopped.")

    def do_retry(self, topic: str | None) -> None:
        self.stdout.write(f"{outbox.retry(topic=topic)} entries will be tried again.")
        self.do_drain(topic)
