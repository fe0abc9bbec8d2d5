"""Every name that smells of a secret is taken for one, or is innocent for a given reason."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import attrs
import pytest

from cvatfn import Endpoint, catalogue, models
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.secrets import mask, secret_names_at
from cvatfn.messages import is_secret_header
from cvatfn.plans import plan_of
from tests.secrets.building import INNOCENT_FIELDS, SMELLS

DOCUMENT = Path(__file__).parents[2] / "schema" / "cvat-2.80.0.json"
SHARED = Path(__file__).parents[3] / "shared" / "openapi"

INNOCENT_PARAMETERS: Mapping[str, str] = {
    "credentials_type": "says which kind of login, not which login",
    "key": "an invitation's address, as `InvitationRead.key`",
    "next_token": "where the next page of a bucket begins",
}


def _schemas(document: object) -> Iterator[tuple[str, str]]:
    """Schema and field of each property in a document, as the document has them."""
    assert is_mapping(document)
    components = document["components"]
    assert is_mapping(components)
    schemas = components["schemas"]
    assert is_mapping(schemas)
    for name, schema in schemas.items():
        for field in _properties(schema):
            yield str(name), field


def _properties(schema: object) -> Iterator[str]:
    if is_mapping(schema):
        own = schema.get("properties")
        yield from map(str, own if is_mapping(own) else ())
        for part in schema.values():
            yield from _properties(part)
    elif is_array(schema):
        for part in schema:
            yield from _properties(part)


def _marked() -> set[str]:
    """The fields that the models mark as secret."""
    kinds = (getattr(models, name) for name in dir(models))
    return {
        f"{kind.__name__}.{field.name}"
        for kind in kinds
        if isinstance(kind, type) and attrs.has(kind)
        for field in attrs.fields(kind)
        if field.repr is mask
    }


def test_every_field_whose_name_smells_is_marked_or_innocent() -> None:
    fields = {f"{schema}.{name}" for schema, name in _schemas(json.loads(DOCUMENT.read_text()))}
    smelling = {each for each in fields if SMELLS.search(each.partition(".")[2])}
    assert smelling - _marked() - set(INNOCENT_FIELDS) == set()
    assert len(smelling & _marked()) > 20


def test_every_innocent_is_there_and_is_not_marked() -> None:
    fields = {f"{schema}.{name}" for schema, name in _schemas(json.loads(DOCUMENT.read_text()))}
    assert set(INNOCENT_FIELDS) <= fields
    assert not set(INNOCENT_FIELDS) & _marked()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the other documents are not here")
@pytest.mark.parametrize("document", sorted(SHARED.glob("cvat-*.json")), ids=lambda path: path.stem)
def test_the_documents_of_other_releases_know_no_other_names(document: Path) -> None:
    known = {each.partition(".")[2] for each in {*_marked(), *INNOCENT_FIELDS}}
    smelling = {
        name for _, name in _schemas(json.loads(document.read_text())) if SMELLS.search(name)
    }
    assert smelling - known == set()


@pytest.mark.parametrize("endpoint", [*catalogue()], ids=lambda endpoint: endpoint.name)
def test_every_parameter_whose_name_smells_is_masked_or_innocent(
    endpoint: Endpoint[..., object],
) -> None:
    names = secret_names_at(endpoint.path)
    for each in endpoint.parameters:
        if SMELLS.search(each.wire_name) and each.wire_name not in INNOCENT_PARAMETERS:
            assert each.wire_name in names or is_secret_header(each.wire_name)


def test_the_names_of_marked_fields_are_known_wherever_they_are_sent() -> None:
    named = {name for each in catalogue() for name in plan_of(each.declaration).sent_secrets}
    named |= {name for each in catalogue() for name in plan_of(each.declaration).answered_secrets}
    assert named == {each.partition(".")[2] for each in _marked()}
