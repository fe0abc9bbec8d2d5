"""`python -m generator.observe FOLDER`: what recorded answers show of presence and null.

Rule: nothing is concluded here. `schema/observed.json` holds counts, for each field of each model
that was in an answer; what they mean for the types is decided when the models are generated.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias, cast

import msgspec

from generator import document
from generator.__main__ import ROOT
from generator.catalogue import catalogue
from generator.errors import Unusable
from generator.facts import (
    Alias,
    Catalogue,
    Definition,
    Kind,
    Listing,
    Many,
    Model,
    Named,
    Table,
    Typed,
)
from generator.plain import Plain
from generator.tables import load, newest_document

__all__ = ["Exchange", "exchanges", "main", "observed", "sightings"]

Sighting: TypeAlias = tuple[str, str, Literal["seen", "missing", "null"]]
"""A model, a field of it, and how it was found."""


class Exchange(msgspec.Struct, frozen=True):
    """What is needed of a recorded exchange."""

    operation: str | None
    status: int
    response_body: dict[str, object] | None


def exchanges(folder: Path) -> Iterator[Exchange]:
    """The recorded exchanges of a folder, from its `*.jsonl` files.

    :param folder: where they are.
    """
    decoder = msgspec.json.Decoder(Exchange)
    for path in sorted(folder.glob("*.jsonl")):
        with path.open("rb") as lines:
            yield from map(decoder.decode, lines)


def observed(
    recorded: Iterable[Exchange], catalogue: Catalogue
) -> dict[str, dict[str, dict[str, int]]]:
    """Count how each field of each model was found in the answers of a success.

    :param recorded: the exchanges.
    :param catalogue: which operation answers what.
    :returns: model -> field -> `seen`, `missing` and `null`, in alphabetical order.
    """
    definitions = {found.name: found for found in catalogue.definitions}
    answers = {operation.id: operation.answers for operation in catalogue.operations}
    counts = Counter(
        sighting
        for exchange in recorded
        if exchange.operation in answers and 200 <= exchange.status < 300
        for sighting in _in_body(exchange.response_body, answers[exchange.operation], definitions)
    )
    table: dict[str, dict[str, dict[str, int]]] = {}
    for model, field, how in sorted(counts):
        row = table.setdefault(model, {}).setdefault(field, {"seen": 0, "missing": 0, "null": 0})
        row[how] = counts[model, field, how]
    return table


def sightings(
    value: Plain, kinds: Sequence[Typed], definitions: Mapping[str, Definition]
) -> Iterator[Sighting]:
    """How each field of each model was found in one value.

    :param value: plain JSON.
    :param kinds: what it may be.
    :param definitions: the named schemas.
    """
    kind = _likeliest(value, tuple(_unfolded(kinds, definitions)), definitions)
    if isinstance(kind, Many) and isinstance(value, list):
        for item in value:
            yield from sightings(item, [kind.item], definitions)
    if isinstance(kind, Table) and isinstance(value, dict):
        for held in value.values():
            yield from sightings(held, [kind.value], definitions)
    if isinstance(kind, Named) and isinstance(value, dict):
        match definitions[kind.name]:
            case Listing(item=listed):
                yield from sightings(value.get("results"), [Typed(Many(listed))], definitions)
            case Model() as model:
                yield from _in_model(value, model, definitions)
            case _:
                pass


def _in_model(
    value: Mapping[str, Plain], model: Model, definitions: Mapping[str, Definition]
) -> Iterator[Sighting]:
    for field in model.fields:
        if field.name not in value:
            yield model.name, field.name, "missing"
            continue
        yield model.name, field.name, "seen"
        if value[field.name] is None:
            yield model.name, field.name, "null"
        yield from sightings(value[field.name], [field.type], definitions)


def _in_body(
    body: Mapping[str, object] | None, kinds: Sequence[Typed], definitions: Mapping[str, Definition]
) -> Iterator[Sighting]:
    if body is None or "json" not in body:
        return iter(())
    held = cast("Plain", body["json"])  # it was read from JSON
    return sightings(held, kinds, definitions)


def _unfolded(kinds: Iterable[Typed], definitions: Mapping[str, Definition]) -> Iterator[Kind]:
    """What a value may be, with the parts of a choice in its place."""
    for kind in kinds:
        found = definitions[kind.kind.name] if isinstance(kind.kind, Named) else None
        if isinstance(found, Alias):
            yield from _unfolded(found.parts, definitions)
        else:
            yield kind.kind


def _likeliest(
    value: Plain, kinds: Sequence[Kind], definitions: Mapping[str, Definition]
) -> Kind | None:
    """The kind that has the most fields in common with a value, and the fewest besides."""
    given = frozenset(value) if isinstance(value, dict) else frozenset[str]()

    def likeness(kind: Kind) -> tuple[int, int]:
        found = definitions[kind.name] if isinstance(kind, Named) else None
        names = {field.name for field in found.fields} if isinstance(found, Model) else set[str]()
        return len(names & given), -len(names - given)

    return max(kinds, key=likeness, default=None)


def _text(table: Mapping[str, Mapping[str, object]]) -> str:
    """The counts as JSON, a line for each field, so that a diff tells which ones changed."""
    models = (
        f" {json.dumps(model)}: {{\n"
        + ",\n".join(f"  {json.dumps(field)}: {json.dumps(row)}" for field, row in fields.items())
        + "\n }"
        for model, fields in table.items()
    )
    return "{\n" + ",\n".join(models) + "\n}\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    :param arguments: the command line, without the program's name.
    :returns: the exit status.
    """
    parser = ArgumentParser(prog="python -m generator.observe", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the recorded *.jsonl files are")
    folder: Path = parser.parse_args(arguments).folder
    try:
        tables = load(ROOT / "schema")
        found = catalogue(document.load(newest_document(ROOT / "schema")), tables)
    except Unusable as error:
        print(f"generator: {error}", file=sys.stderr)
        return 2
    table = observed(exchanges(folder), found)
    (ROOT / "schema" / "observed.json").write_text(_text(table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
