"""Whatever `prepare` writes for any of the endpoints, the sandbox's reader reads as the same."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from cvatfn import UNSET, Endpoint, File, Request, catalogue, prepare
from cvatfn.codecs.building import members
from cvatfn.codecs.plain import is_array
from cvatfn.filters import Filter, Order
from cvatfn.testing.sandbox.gates.reading import read_request
from cvatfn.testing.sandbox.gates.routing import match_path
from cvatfn.testing.strategies import params


@pytest.mark.parametrize("endpoint", list(catalogue()), ids=lambda endpoint: endpoint.name)
@given(data=st.data())
def test_parameters_come_back(endpoint: Endpoint[..., object], data: st.DataObject) -> None:
    sent = data.draw(params(endpoint))
    request = prepare(endpoint, **sent).unwrap()
    matched = match_path(request.path)
    assert matched is not None
    assert matched.endpoints[request.method] is endpoint
    read = read_request(endpoint, request).unwrap()
    if _is_form(request):
        event("sent as a form")
        assert {name: _as_form(value) for name, value in read.items()} == {
            name: _as_form(value) for name, value in _said(sent).items()
        }
    else:
        assert read == _said(sent)


def _said(sent: Mapping[str, object]) -> Mapping[str, object]:
    """What is on the wire: a flag in a header is sent when it is true (decision 8)."""
    return {
        name: value.text if isinstance(value, Filter | Order) else value
        for name, value in sent.items()
        if value is not False or name in _QUERY
    }


_QUERY = {
    parameter.name
    for endpoint in catalogue()
    for parameter in endpoint.parameters
    if parameter.place == "query"
}


def _is_form(request: Request) -> bool:
    return (request.headers.get("content-type") or "").startswith("multipart/")


def _as_form(value: object) -> object:
    """A form knows no null and no empty array, and browsers' way to write names loses quotes."""
    if isinstance(value, File):
        name = value.name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        return File(name, value.content, value.content_type)
    if attrs.has(type(value)):
        return {name: _as_form(held) for name, held in members(value) if _in_form(held)}
    return tuple(map(_as_form, value)) if is_array(value) else value


def _in_form(value: object) -> bool:
    return value is not None and value is not UNSET and value != ()
