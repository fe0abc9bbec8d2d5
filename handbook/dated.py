"""What models do not hold when a program runs: since which release there are their fields.

Rule: these are the generator's own facts, read as it reads them; the models' source is written from
the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from attrs import frozen

from generator import document
from generator.catalogue import catalogue
from generator.facts import Enumeration, Field, Lives, Model
from generator.names import member_names
from generator.tables import load, newest_document

__all__ = ["Dated", "dated", "in_words"]

SCHEMA: Final = Path(__file__).parent.parent / "schema"


@frozen
class Dated:
    """The facts of the models' parts.

    :param version: the release of CVAT whose document they are from.
    :param areas: what each module of models is about.
    :param tags: what each module of endpoints is about.
    :param fields: by model and field.
    :param members: by enum and member.
    """

    version: str
    areas: Mapping[str, str]
    tags: Mapping[str, str]
    fields: Mapping[tuple[str, str], Field]
    members: Mapping[tuple[str, str], Lives]


def dated(schema: Path = SCHEMA) -> Dated:
    """Read the facts.

    :param schema: where the document and the tables are.

    >>> dated().fields["TaskRead", "project_name"].lives.since
    '2.59.1'
    """
    tables = load(schema)
    found = catalogue(document.load(newest_document(schema)), tables)
    fields: dict[tuple[str, str], Field] = {}
    members: dict[tuple[str, str], Lives] = {}
    for definition in found.definitions:
        match definition:
            case Model(name=name):
                fields |= {(name, field.name): field for field in definition.fields}
            case Enumeration(name=name):
                names = member_names([value for value, _ in definition.values])
                lives = [lived for _, lived in definition.values]
                members |= {
                    (name, member): lived for member, lived in zip(names, lives, strict=True)
                }
            case _:
                pass
    return Dated(
        found.version,
        {area: held.about for area, held in tables.areas.items()},
        tables.sentences.tags,
        fields,
        members,
    )


def in_words(since: str | None, until: str | None, *, deprecated: bool = False) -> str:
    """The releases of something, where they are not all that are supported.

    :param since: the first one.
    :param until: the last one.
    :param deprecated: whether CVAT advises against it.

    >>> in_words("2.44.3", None, deprecated=True)
    'deprecated; since CVAT 2.44.3'
    """
    return "; ".join(
        [
            *(["deprecated"] if deprecated else []),
            *([f"since CVAT {since}"] if since else []),
            *([f"until CVAT {until}"] if until else []),
        ]
    )
