"""Build the word tables from pinned sources.

    apt-get install hunspell-da hunspell-sv
    python3 -m venv /tmp/tables && /tmp/tables/bin/pip install -r search/analysis/build/requirements.txt
    /tmp/tables/bin/python -m search.analysis.build

The same sources give the same bytes: `--check` builds into a temporary folder and compares.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from pathlib import Path

from search.analysis.analyser import LANGUAGES
from search.analysis.tables import CONCEPTS, MANIFEST, TABLES, tables_version

from . import concepts, sources, words

ROOT = Path(__file__).resolve().parents[3]


def build(dictionaries: Path, cpv: Path, output: Path, *, only_concepts: bool = False) -> None:
    """All tables and their manifests, into `output`."""
    if not only_concepts:
        versions = sources.check(dictionaries)
        for language in LANGUAGES:
            _report(language, words.build(language, dictionaries, cpv, output))
        versions[cpv.name] = hashlib.sha256(cpv.read_bytes()).hexdigest()
        found = [p for p in output.iterdir() if p.name.startswith(LANGUAGES)]
        _write_manifest(output / MANIFEST, found, sources=dict(sorted(versions.items())))
    _report("concepts", concepts.build(cpv, output))
    found = [p for p in output.iterdir() if p.name.startswith("concepts.") and p.name != CONCEPTS]
    checksum = hashlib.sha256(cpv.read_bytes()).hexdigest()
    _write_manifest(output / CONCEPTS, found, sources={cpv.name: checksum}, analysis=tables_version())


def _report(name: str, counts: dict[str, int]) -> None:
    print(name, *(f"{entry} {count:,}" for entry, count in counts.items()), sep="  ")


def _write_manifest(path: Path, tables: list[Path], **more: object) -> None:
    files = {
        table.name: {"size": table.stat().st_size, "sha256": hashlib.sha256(table.read_bytes()).hexdigest()}
        for table in sorted(tables)
    }
    path.write_text(json.dumps({"files": files, **more}, indent=1) + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m search.analysis.build", description=__doc__.split("\n")[0])
    parser.add_argument("--dictionaries", type=Path, default=Path("/usr/share/hunspell"), help="of da_DK.* and sv_SE.*")
    parser.add_argument("--cpv", type=Path, default=ROOT / "directory" / "reference" / "cpv.tsv")
    parser.add_argument("--output", type=Path, default=TABLES)
    parser.add_argument("--concepts", action="store_true", help="only the concept tables, which need no dictionaries")
    parser.add_argument("--check", action="store_true", help="only say whether a build gives the shipped tables")
    options = parser.parse_args()
    names = [CONCEPTS] if options.concepts else [MANIFEST, CONCEPTS]
    try:
        if not options.check:
            build(options.dictionaries, options.cpv, options.output, only_concepts=options.concepts)
            print("version", tables_version(options.output))
            return 0
        with tempfile.TemporaryDirectory() as folder:
            build(options.dictionaries, options.cpv, Path(folder), only_concepts=options.concepts)
            same = all((Path(folder) / n).read_bytes() == (options.output / n).read_bytes() for n in names)
    except sources.SourceError as error:
        print(f"Not built: {error}", file=sys.stderr)
        return 1
    print("The shipped tables are what the sources make." if same else "The shipped tables differ from a fresh build.")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
