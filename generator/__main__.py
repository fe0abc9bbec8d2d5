"""`python -m generator`: write what is generated of `cvatfn`, or check what is there."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from generator import document
from generator.catalogue import catalogue, undescribed
from generator.errors import Unusable
from generator.output import differing, rendered, write
from generator.tables import load, newest_document

__all__ = ["generated", "main"]

ROOT = Path(__file__).resolve().parent.parent


def generated(
    source: str | None = None, ledger: Path | None = None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Every generated file, by its path from the repository's root, and what is left to say.

    :param source: a document's path or address; the newest in `schema/` if not given.
    :param ledger: a version ledger; that in `schema/` if not given.
    :returns: the files, and a line for each table that lacks something of the document.
    :raises Unusable: the document or a table cannot be used.
    """
    tables = load(ROOT / "schema", ledger=ledger)
    found = catalogue(document.load(source or newest_document(ROOT / "schema")), tables)
    files = rendered(found, tables, ROOT / "pyproject.toml")
    return files, undescribed(found, tables)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    :param arguments: the command line, without the program's name.
    :returns: the exit status: 1 where files differ from what they should be or something is not
        described, and 2 where nothing could be generated.
    """
    options = _parser().parse_args(arguments)
    source: str | None = options.document
    ledger: Path | None = options.ledger
    check: bool = options.check
    try:
        files, lacking = generated(source, ledger)
    except Unusable as error:
        print(f"generator: {error}", file=sys.stderr)
        return 2
    changed = differing(files, ROOT) if check else write(files, ROOT)
    for path in changed:
        print(f"{'differs' if check else 'written'}: {path}")
    for line in lacking:
        print(f"{'lacks' if check else 'to do'}: {line}", file=sys.stderr)
    return 1 if check and (changed or lacking) else 0


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m generator", description=__doc__)
    parser.add_argument(
        "document", nargs="?", help="path or address; default: the newest schema/cvat-*.json"
    )
    parser.add_argument("--ledger", type=Path, help="default: schema/ledger.json")
    parser.add_argument("--check", action="store_true", help="only tell which files differ")
    return parser


if __name__ == "__main__":
    sys.exit(main())
