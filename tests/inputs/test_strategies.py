"""The other direction: what the library's own strategies draw is allowed by the document."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any, cast
from uuid import UUID

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import UNSET, File
from cvatfn.codecs.enums import OpenEnum
from cvatfn.filters import Filter, Order
from cvatfn.testing.strategies import params
from tests.inputs.asking import ENDPOINTS, AnyEndpoint, operation_of, share
from tests.inputs.judging import wrong


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
@share(20)
@given(data=st.data())
def test_what_strategies_draw_is_allowed_by_the_document(
    endpoint: AnyEndpoint, data: st.DataObject
) -> None:
    operation = operation_of(endpoint)
    drawn = data.draw(params(endpoint))
    names = {each.name: (each.place, each.wire_name) for each in endpoint.parameters}
    schemas = {(each.place, each.name): each.schema for each in operation.parameters}
    for name, value in drawn.items():
        if endpoint.body is not None and name == endpoint.body.name:
            for schema in operation.bodies.values():
                assert not wrong(schema, plainly(value))
        elif value is not UNSET:
            assert not wrong(schemas[names[name]], plainly(value))


def plainly(value: object) -> Any:
    """A value as JSON would hold it; a file stays one.

    A member that its enum does not list stands for what a newer server said. That is written back
    as it was read, whatever the document has, so a listed one takes its place here.
    """
    match value:
        case OpenEnum() if not value.is_known:
            return next(iter(type(value))).value
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case Filter() | Order():
            return value.text
        case File():
            return value
        case tuple() | list():
            return [plainly(element) for element in cast("list[object]", value)]
        case Mapping():
            members = cast("Mapping[str, object]", value)
            return {key: plainly(held) for key, held in members.items() if held is not UNSET}
        case _ if attrs.has(kind := type(value)):
            return plainly({each.name: getattr(value, each.name) for each in attrs.fields(kind)})
        case _:
            return value
