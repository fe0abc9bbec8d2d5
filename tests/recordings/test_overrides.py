"""Each correction of the document does something, and is recorded exactly where it says so."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from types import ModuleType

import msgspec
import pytest

pytest.importorskip("openapi_pydantic", reason="the generator reads documents with it")

from cvatfn import interpret
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint
from generator import document
from generator.__main__ import ROOT
from generator.api import api_modules
from generator.catalogue import catalogue
from generator.errors import Unusable
from generator.facts import Catalogue, Model
from generator.observe import exchanges, observed
from generator.tables import AnswerOverride, Overrides, Tables, load, newest_document
from tests.fidelity.recorded import FOLDER, NO_RECORDINGS, Recorded

DOCUMENT = document.load(newest_document(ROOT / "schema"))
TABLES = load(ROOT / "schema")
WHOLE = catalogue(DOCUMENT, TABLES)
ONCE = {"baseline", "produces"}
"""What is no correction but a setting: without it there is no document to correct."""


def without(overrides: Overrides) -> Iterator[tuple[str, Overrides]]:
    """The table without one of its corrections, for each operation, field or name in it."""
    for table in msgspec.structs.fields(Overrides):
        held: object = getattr(overrides, table.name)
        if table.name in ONCE:
            continue
        if is_mapping(held):
            for key in held:
                fewer = {other: value for other, value in held.items() if other != key}
                yield f"{table.name}: {key}", changed(overrides, table.name, fewer)
        elif is_array(held):
            for index, entry in enumerate(held):
                for name, left in parts(entry):
                    rest = (*held[:index], *left, *held[index + 1 :])
                    yield f"{table.name}: {name}", changed(overrides, table.name, rest)
        else:
            for name, left in parts(held):
                yield f"{table.name}: {name}", changed(overrides, table.name, *left)


def parts(entry: object) -> Iterator[tuple[str, tuple[object, ...]]]:
    """What an entry is about, one by one, each with what is left of the entry without it."""
    assert isinstance(entry, msgspec.Struct)
    for field in ("operations", "fields"):
        names: tuple[str, ...] = getattr(entry, field, ())
        for name in names:
            fewer = tuple(other for other in names if other != name)
            yield name, (msgspec.structs.replace(entry, **{field: fewer}),)
        if names:
            return
    named: str = getattr(entry, "name")  # noqa: B009 - a new form of entry fails here
    yield named, ()


def changed(overrides: Overrides, table: str, held: object) -> Overrides:
    return msgspec.structs.replace(overrides, **{table: held})


LESS = dict(without(TABLES.overrides))


def facts(overrides: Overrides) -> Catalogue | None:
    """What would be generated; `None` where nothing could be."""
    tables: Tables = msgspec.structs.replace(TABLES, overrides=overrides)
    try:
        return catalogue(DOCUMENT, tables)
    except Unusable:
        return None


@pytest.mark.parametrize("correction", LESS)
def test_without_a_correction_something_else_is_generated(correction: str) -> None:
    assert facts(LESS[correction]) != WHOLE


@pytest.mark.skipif(not FOLDER.is_dir(), reason=NO_RECORDINGS)
@pytest.mark.parametrize(
    ("entry", "operation"),
    [(entry, name) for entry in TABLES.overrides.answers for name in entry.operations],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_corrections_of_answers_are_recorded_exactly_where_they_say_so(
    entry: AnswerOverride, operation: str, recordings: Sequence[Recorded]
) -> None:
    found = [
        recorded
        for recorded in recordings
        if recorded.exchange.operation == operation
        and recorded.status < 300
        and recorded.left_out[1] is None
    ]
    less = facts(LESS[f"answers: {operation}"])
    assert less is not None
    plain = endpoint_in(less, operation)
    assert any(reads(each, each.endpoint) != reads(each, plain) for each in found) is entry.recorded


@pytest.mark.skipif(not FOLDER.is_dir(), reason=NO_RECORDINGS)
def test_who_needs_no_login_is_recorded_without_one(recordings: Sequence[Recorded]) -> None:
    for entry in TABLES.overrides.anonymous:
        for operation in entry.operations:
            seen = any(
                recorded.exchange.operation == operation
                and recorded.status < 300
                and recorded.request.headers.get("authorization") is None
                and recorded.request.headers.get("origin") is None
                for recorded in recordings
            )
            assert seen is entry.recorded, operation


def test_fields_are_corrected_only_where_recordings_say_nothing_else() -> None:
    for entry in TABLES.overrides.fields:
        for place in entry.fields:
            model, _, field = place.partition(".")
            seen = TABLES.observed.get(model, {}).get(field)
            assert seen is None or (seen.missing, seen.null) == (0, 0), place


@pytest.mark.skipif(not FOLDER.is_dir(), reason=NO_RECORDINGS)
def test_the_ledger_of_presence_is_what_the_recordings_show() -> None:
    assert observed(exchanges(FOLDER), WHOLE) == {
        model: {field: msgspec.structs.asdict(row) for field, row in fields.items()}
        for model, fields in TABLES.observed.items()
    }


def test_types_of_answers_say_what_was_seen() -> None:
    """A field that was seen missing may be, and one that was seen null may be."""
    overruled = {place for entry in TABLES.overrides.fields for place in entry.fields}
    fields = {
        f"{model.name}.{field.name}": field
        for model in WHOLE.definitions
        if isinstance(model, Model) and not model.request
        for field in model.fields
    }
    for model, rows in TABLES.observed.items():
        for name, seen in rows.items():
            field = fields[f"{model}.{name}"]
            if f"{model}.{name}" not in overruled:
                assert not (field.required and seen.missing), f"{model}.{name}"
                assert field.type.nullable or not seen.null, f"{model}.{name}"


def reads(recorded: Recorded, endpoint: AnyEndpoint | None) -> object:
    """What an endpoint makes of a recorded answer, and whether it knew of its status."""
    assert endpoint is not None
    match interpret(endpoint, recorded.response):
        case Success(answer):
            return recorded.status in {each.status for each in endpoint.answers}, answer
        case _:
            return None


def endpoint_in(less: Catalogue, operation: str) -> AnyEndpoint:
    """An endpoint as it would be generated."""
    tag, _, name = operation.partition("_")
    (text,) = (
        text
        for file, text in api_modules(less, TABLES).items()
        if file in (f"{tag}.py", f"{tag}_.py")
    )
    module = ModuleType(f"without_{operation}")
    sys.modules[module.__name__] = module  # annotations are resolved where it is found
    try:
        exec(compile(text, module.__name__, "exec"), module.__dict__)  # noqa: S102 - our own code
        found: AnyEndpoint = getattr(module, name)
        assert found.answers
        return found
    finally:
        del sys.modules[module.__name__]
