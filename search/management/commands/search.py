"""`manage.py search rebuild | rollback | check | status | evaluate`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from search import indexing, registry
from search.engines import engine
from search.errors import InvalidQuery, SearchError
from search.sources import Source
from torv import outbox


class Command(BaseCommand):
    help = "Build the search index anew, compare it with the database, or show its state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["rebuild", "rollback", "check", "status", "evaluate"])
        parser.add_argument("source", nargs="*", help="suppliers, offers …; all when none is named")
        parser.add_argument("--known-items", type=int, metavar="N", help="with evaluate: also every N-th CPV label")
        parser.add_argument("--repair", action="store_true", help="with check: index what is missing, remove ghosts")

    def handle(self, *args: Any, action: str, source: list[str], repair: bool, **options: Any) -> None:
        self.every = options["known_items"]
        try:
            chosen = [registry.source(name) for name in source] or list(registry.sources().values())
            getattr(self, f"do_{action}")(chosen, repair)
        except InvalidQuery as error:
            raise CommandError(error.message) from error
        except SearchError as error:
            raise CommandError(str(error)) from error

    @contextmanager
    def progress(self, source: Source, doing: str) -> Iterator[Any]:
        """A bar over all documents of the source; nothing where nobody watches."""
        console = Console(file=sys.stderr)
        bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        with bar:
            task = bar.add_task(f"{doing} {source.name}", total=source.queryset().count())
            yield lambda steps: bar.advance(task, steps)

    def do_rebuild(self, chosen: list[Source], repair: bool) -> None:
        for source in chosen:
            start = time.monotonic()
            with self.progress(source, "Indexing") as report:
                number = indexing.rebuild(source, report)
            seconds = time.monotonic() - start
            self.stdout.write(f"{source.name}: {number} documents indexed in {seconds:.1f} s.")

    def do_rollback(self, chosen: list[Source], repair: bool) -> None:
        """Back to the index from before the last rebuild, with what changed since."""
        for source in chosen:
            name = engine().rollback(source)
            self.stdout.write(f"{source.name}: back to {name}.")
            with self.progress(source, "Comparing") as report:
                drift = indexing.compare(source, report)
            indexing.mend(source, drift)
            self.stdout.write(f"{source.name}: {len(drift.ids)} documents brought up to date.")

    def do_check(self, chosen: list[Source], repair: bool) -> None:
        differing = 0
        for source in chosen:
            if not engine().status(source).ready and repair:
                self.do_rebuild([source], repair)
            with self.progress(source, "Comparing") as report:
                drift = indexing.compare(source, report)
            if not drift:
                self.stdout.write(f"{source.name}: the index agrees with the database.")
                continue
            self.stdout.write(
                f"{source.name}: {len(drift.missing)} missing, {len(drift.ghosts)} ghosts, {len(drift.stale)} stale."
            )
            for kind in ("missing", "ghosts", "stale"):
                if ids := getattr(drift, kind):
                    self.stdout.write(f"  {kind}: {', '.join(ids[:20])}{' …' if len(ids) > 20 else ''}")
            if repair:
                indexing.mend(source, drift)
                self.stdout.write("  repaired.")
            else:
                differing += len(drift.ids)
        if differing:
            raise CommandError("The index differs from the database; `manage.py search check --repair` mends it.")

    def do_evaluate(self, chosen: list[Source], repair: bool) -> None:
        """Score the judged queries of the demonstration's content, and what stock analysis makes of them."""
        from search.relevance import evaluation
        from search.relevance.judgements import judged
        from search.relevance.stock import Stock

        suppliers = registry.source("suppliers")
        keys = {str(number): slug for number, slug in suppliers.queryset().values_list("pk", "slug")}
        asked = list(judged())
        if missing := {key for one in asked for key in one.grades} - set(keys.values()):
            raise CommandError(f"The judged suppliers are not here ({len(missing)} of them): load_demo brings them.")
        stock = Stock(suppliers, suppliers.documents())
        rows = {
            "stock analysis": evaluation.scores(lambda one: [keys[n] for n in stock.search(one.text)], asked),
            engine().name: evaluation.scores(evaluation.by_search(keys), asked),
        }
        for name, scored in rows.items():
            for language, score in scored.items():
                figures = f"nDCG@10 {score.ndcg:.3f}  recall@20 {score.recall:.3f}"
                self.stdout.write(f"{name:<16} {language:<4} {score.queries:>4} queries  {figures}")
        if self.every:
            for concepts in (False, True):
                what = "words and codes" if concepts else "words alone"
                for pair, (number, share) in evaluation.known_items(
                    engine(), concepts=concepts, every=self.every
                ).items():
                    self.stdout.write(f"{what:<16} {pair}  {number:>5} labels  recall@10 {share:.3f}")

    def do_status(self, chosen: list[Source], repair: bool) -> None:
        outbox.catch_up()
        for source in chosen:
            state = engine().status(source)
            if state.ready:
                size = f"{state.size / 1e6:.1f} MB"
                self.stdout.write(f"{source.name:<12} {state.documents:>7} documents  {size:>9}  {state.index}")
            else:
                self.stdout.write(f"{source.name:<12} {state.problem} Run `manage.py search rebuild`.")
