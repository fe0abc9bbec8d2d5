"""Every model goes to JSON and to dicts and comes back the same."""

from __future__ import annotations

import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cvatfn import UNSET, Success, dumps, loads, models, structure, unstructure
from cvatfn.codecs.building import field_types, members
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.testing.strategies import values

MODELS: list[type[Any]] = [
    found
    for name in dir(models)
    if isinstance(found := getattr(models, name), type) and attrs.has(found)
]
CONCRETE = [model for model in MODELS if model is not models.Page]
REQUESTS = [model for model in CONCRETE if f"{model.__name__}Dict" in dir(models)]


@pytest.mark.parametrize("model", CONCRETE, ids=lambda model: str(model.__name__))
@settings(max_examples=10)
@given(data=st.data())
def test_loads_undoes_dumps(model: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(model))
    assert loads(model, dumps(value)) == Success(value)


@pytest.mark.parametrize("model", CONCRETE, ids=lambda model: str(model.__name__))
@settings(max_examples=5)
@given(data=st.data())
def test_structure_undoes_unstructure(model: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(model))
    assert structure(model, unstructure(value)) == Success(value)


@pytest.mark.parametrize("model", CONCRETE, ids=lambda model: str(model.__name__))
@settings(max_examples=5)
@given(data=st.data())
def test_models_are_values(model: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(model))
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - made in the line above
    assert attrs.evolve(value) == value
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, next(iter(field_types(model)), "any"), None)


@given(data=st.data())
def test_pages_hold_any_model(data: st.DataObject) -> None:
    model = data.draw(st.sampled_from(CONCRETE))
    page: Any = models.Page[model]  # type: ignore[valid-type]  # a type made of a value
    value = data.draw(values(page))
    assert loads(page, dumps(value)) == Success(value)


@pytest.mark.parametrize("model", REQUESTS, ids=lambda model: str(model.__name__))
@settings(max_examples=5)
@given(data=st.data())
def test_constructors_take_dicts_at_any_depth(model: type[Any], data: st.DataObject) -> None:
    value = data.draw(values(model))
    assert model(**_as_dict(value)) == value


def test_a_misspelled_key_in_a_nested_dict_is_a_type_error() -> None:
    labels: Any = [{"nme": "cat"}]
    with pytest.raises(TypeError, match="nme"):
        models.TaskWriteRequest(name="x", labels=labels)


def _as_dict(value: object) -> Any:
    """The dict twin of a request model, with lists for tuples and models as dicts."""
    if attrs.has(type(value)) and type(value).__name__ != "File":
        return {name: _as_dict(held) for name, held in members(value) if held is not UNSET}
    if is_array(value):
        return [_as_dict(element) for element in value]
    if is_mapping(value):
        return {key: _as_dict(element) for key, element in value.items()}
    return value
