"""How fast search is, against the tantivy queries it makes: `python benchmarks/search.py 1000 10000 100000`.

All times are processor time (a request and its tantivy queries run in one thread), so that a busy machine does not
change them much.

For each number of offers: a request over HTTP (Django's whole stack) and the time of that same request spent inside
tantivy, their ratio, completions, building the index against tantivy with its own tokenizers on the same texts, and the
memory of the process. Everything is made in a temporary folder; nothing of the site is touched.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "site"), str(ROOT / "benchmarks")]
REQUESTS = 200
WARM_UP = 30


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def memory() -> float:
    """Resident megabytes of this process, without what it shares with the file cache."""
    status = Path("/proc/self/status").read_text()
    fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return float(fields["RssAnon"].split()[0]) / 1024


class Timed:
    """A searcher that adds up the time spent inside tantivy."""

    spent = 0.0

    def __init__(self, searcher: Any) -> None:
        self._searcher = searcher

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._searcher, name)
        if name not in ("search", "aggregate"):
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            start = time.thread_time()
            try:
                return found(*args, **kwargs)
            finally:
                Timed.spent += time.thread_time() - start

        return call


def measure_requests(client: Any, asked: list[dict[str, Any]], address: str) -> tuple[list[float], list[float]]:
    """(milliseconds of each request, milliseconds of it inside tantivy)."""
    whole, inside = [], []
    for number, params in enumerate(asked):
        Timed.spent = 0.0
        start = time.thread_time()
        answer = client.get(address, params)
        spent = time.thread_time() - start
        assert answer.status_code == 200, answer.content
        if number >= WARM_UP:
            whole.append(spent * 1000)
            inside.append(Timed.spent * 1000)
    return whole, inside


def stock(source: Any, documents: list[Any], folder: Path) -> float:
    """Seconds that tantivy takes for the same documents with its own tokenizers and stemmers."""
    import tantivy

    from search.engines.phrases import offered_phrases
    from search.types import LANGUAGES

    stemmers = {"da": "danish", "sv": "swedish", "en": "english"}
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("stored", stored=True)
    for text in source.texts:
        for language in LANGUAGES:
            builder.add_text_field(f"{text.name}_{language}", tokenizer_name=f"stock_{language}", index_option="freq")
    for facet in source.facets:
        builder.add_text_field(facet.name, fast=True, tokenizer_name="raw", index_option="basic")
    keys = list(source.sort_keys(documents[0]))
    for key in keys:
        builder.add_text_field(f"sort_{key}", fast=True, tokenizer_name="raw", index_option="basic")
    folder.mkdir()
    index = tantivy.Index(builder.build(), path=str(folder))
    for language, name in stemmers.items():
        tokens = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        index.register_tokenizer(f"stock_{language}", tokens.filter(tantivy.Filter.stemmer(name)).build())
    start = time.process_time()
    writer = index.writer(128_000_000, 1)
    for document in documents:
        made = tantivy.Document()
        made.add_text("id", document.id)
        for language, texts in document.texts.items():
            for name, text in texts.items():
                made.add_text(f"{name}_{language}", text)
        for name, codes in document.facets.items():
            for code in codes:
                made.add_text(name, code)
        for key, value in source.sort_keys(document).items():
            made.add_text(f"sort_{key}", value)
        phrases = {language: offered_phrases(document, language) for language in LANGUAGES}
        stored = {"id": document.id, "texts": document.texts, "phrases": phrases}
        made.add_bytes("stored", json.dumps(stored, ensure_ascii=False).encode())
        writer.add_document(made)
    writer.commit()
    writer.wait_merging_threads()
    return time.process_time() - start


def run(offers: int) -> dict[str, Any]:
    """Everything for one size, in a process of its own."""
    import django

    django.setup()
    import content
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    from directory.search import OFFERS, SUPPLIERS
    from search import indexing
    from search.engines import engine
    from search.engines.embedded import EmbeddedEngine

    folder = Path(settings.TORV_SEARCH_PATH).parent
    call_command("migrate", verbosity=0)
    content.fill(offers)
    start = time.process_time()
    indexing.rebuild(SUPPLIERS)
    number = indexing.rebuild(OFFERS)
    whole = time.process_time() - start
    start = time.process_time()
    documents = list(itertools.islice(OFFERS.documents(), 20_000))
    reading = time.process_time() - start
    start = time.process_time()
    EmbeddedEngine(folder / "ready").rebuild(OFFERS, documents, list)
    ready = time.process_time() - start
    bare = stock(OFFERS, documents, folder / "stock")
    size = len(documents)
    del documents
    return {
        "offers": number,
        "rebuild": (number + number // content.OFFERS_EACH) / whole,
        "ready": size / ready,
        "stock": size / bare,
        "reading": size / reading,
        "both": (reading + bare) / (reading + ready),
        "asking": ask(content, engine(), Client),
    }


def ask(content: Any, engine: Any, client: Callable[[], Any]) -> dict[str, Any]:
    from torv import serving

    serving.start()
    refresh = engine._refresh

    def refreshed(reader: Any, path: Path) -> None:
        if isinstance(reader.searcher, Timed):
            reader.searcher = reader.searcher._searcher
        refresh(reader, path)
        reader.searcher = Timed(reader.searcher)

    engine._refresh = refreshed
    asked = list(content.requests(REQUESTS + WARM_UP))
    whole, inside = measure_requests(client(), asked, "/api/v3/search/offers/")
    typed = [{"q": params["q"][:4], "lang": params["lang"]} for params in asked if params["q"]]
    complete, _inside = measure_requests(client(), typed, "/api/v3/search/suggest/")
    return {
        "p50": percentile(whole, 0.5), "p99": percentile(whole, 0.99),
        "inside50": percentile(inside, 0.5), "inside99": percentile(inside, 0.99),
        "ratio": statistics.median(a / b for a, b in zip(whole, inside, strict=True) if b),
        "total": sum(whole) / sum(inside),
        "suggest50": percentile(complete, 0.5), "suggest99": percentile(complete, 0.99),
    }  # fmt: skip


def worker() -> dict[str, Any]:
    """Memory of a process that only answers, after the same requests."""
    import django

    django.setup()
    import content
    from django.test import Client

    from torv import serving

    serving.start()
    answered = Client()
    for params in content.requests(REQUESTS):
        answered.get("/api/v3/search/offers/", params)
    return {"memory": memory(), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main(sizes: Sequence[int]) -> None:
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="torv-benchmark-") as folder:
            environment = {
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "torv.settings.test",
                "TORV_TEST_DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
                "TORV_BENCHMARK_FOLDER": folder,
            }
            found: dict[str, Any] = {}
            for part in ("run", "worker"):
                command = [sys.executable, __file__, f"--{part}", str(size)]
                out = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
                found |= json.loads(out.splitlines()[-1])
            rows.append(found)
            print(json.dumps(found), file=sys.stderr)
    print_table(rows)


def spread(found: dict[str, float], name: str) -> str:
    return f"{found[f'{name}50']:.0f} / {found[f'{name}99']:.0f}"


def print_table(rows: list[dict[str, Any]]) -> None:
    lines = [
        ("offers", lambda r: f"{r['offers']:,}"),
        ("request over HTTP, p50 / p99 ms", lambda r: spread(r["asking"], "p")),
        ("of that inside tantivy, p50 / p99 ms", lambda r: spread(r["asking"], "inside")),
        ("request : tantivy, all requests together", lambda r: f"{r['asking']['total']:.2f}"),
        ("request : tantivy, median of each request", lambda r: f"{r['asking']['ratio']:.2f}"),
        ("completion over HTTP, p50 / p99 ms", lambda r: spread(r["asking"], "suggest")),
        ("rebuild from the database, documents/s", lambda r: f"{r['rebuild']:,.0f}"),
        ("reading offers from the database, documents/s", lambda r: f"{r['reading']:,.0f}"),
        ("rebuild from ready documents, documents/s", lambda r: f"{r['ready']:,.0f}"),
        ("tantivy with its own tokenizers, documents/s", lambda r: f"{r['stock']:,.0f}"),
        ("ready documents : tantivy's own", lambda r: f"{r['ready'] / r['stock']:.2f}"),
        ("the same, both reading from the database first", lambda r: f"{r['both']:.2f}"),
        ("memory of a worker, MB", lambda r: f"{r['memory']:.0f}"),
    ]
    print("| | " + " | ".join("" for _ in rows) + " |")
    print("|---|" + "---:|" * len(rows))
    for label, show in lines:
        print(f"| {label} | " + " | ".join(show(row) for row in rows) + " |")


def part(name: str, size: int) -> None:
    from django.conf import settings

    settings.TORV_SEARCH_PATH = Path(os.environ["TORV_BENCHMARK_FOLDER"]) / "search"
    print(json.dumps(run(size) if name == "--run" else worker()))


if __name__ == "__main__":
    if sys.argv[1].startswith("--"):
        part(sys.argv[1], int(sys.argv[2]))
    else:
        main([int(size) for size in sys.argv[1:]])
