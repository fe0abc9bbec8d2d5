"""The judge is fit to judge: what is drawn is allowed, and nothing is exempt without a reason."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inputs.asking import share
from tests.inputs.document import DEFINITIONS, OPERATIONS, Schema
from tests.inputs.drawing import allowed
from tests.inputs.judging import wrong

OVERRIDES: Final[Any] = tomllib.loads(
    Path(__file__).parents[2].joinpath("schema", "overrides.toml").read_text(encoding="utf-8")
)
REQUESTS: Final = sorted(
    {
        schema["$ref"].rpartition("/")[2]
        for operation in OPERATIONS.values()
        for schema in operation.bodies.values()
    }
)


@share(20)
@given(data=st.data())
@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("whole", [False, True])
def test_what_is_drawn_from_a_schema_is_allowed_by_it(
    name: str, data: st.DataObject, *, whole: bool
) -> None:
    assert not wrong(DEFINITIONS[name], data.draw(allowed(DEFINITIONS[name], whole=whole)))


@pytest.mark.parametrize(
    ("schema", "value", "places"),
    [
        ({"type": "integer"}, True, {"$"}),
        ({"type": "integer"}, 1.0, {"$"}),
        ({"type": "number"}, float("nan"), {"$"}),
        ({"type": "string", "format": "email"}, "nobody", {"$"}),
        ({"type": "string", "format": "email"}, "", {"$"}),
        ({"type": "string", "format": "email or empty"}, "", set[str]()),
        ({"type": "string", "format": "uri"}, "nowhere", {"$"}),
        ({"type": "string", "format": "date-time"}, "2026-01-01T00:00:00", {"$"}),
        ({"type": "string", "format": "uuid"}, "x", {"$"}),
        (
            {"$ref": "#/definitions/PatchedTaskWriteRequest"},
            {"labels": [{"x": 1}]},
            {"$.labels[0].x"},
        ),
        ({"$ref": "#/definitions/ChunkType"}, "everything", {"$"}),
    ],
)
def test_the_judge_refuses(schema: Schema, value: object, places: set[str]) -> None:
    assert wrong(schema, value) == places


def test_every_correction_that_concerns_requests_is_applied() -> None:
    """The other sections speak of answers, logins, secrets and releases."""
    assert OVERRIDES.keys() - {"baseline", "produces", "logins", "secrets"} == {
        "anonymous",
        "answers",
        "fields",
        "parameters",
        "schemas",
        "words",
    }
    for entry in OVERRIDES["parameters"]:
        assert entry["why"]
        for operation in entry["operations"]:
            taken = OPERATIONS[operation.replace("_", ".", 1)].parameters
            assert entry["name"] in [each.name for each in taken]
    corrected = {
        field.partition(".")[0] for entry in OVERRIDES["fields"] for field in entry["fields"]
    }
    assert not corrected & set(REQUESTS)
