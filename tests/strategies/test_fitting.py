"""What the strategies draw fits, shrinks to the least, and has the forms that programs write."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import attrs
import pytest
from attrs import frozen
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from msgspec import Meta

from cvatfn import UNSET, Success, Unset, dumps, filters, loads, models
from cvatfn import prepare as prepared
from cvatfn.api import tasks
from cvatfn.codecs.building import field_types, members
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.plain import is_array
from cvatfn.testing import strategies
from cvatfn.testing.strategies import dicts, params, values
from tests.strategies.health import assert_healthy

T = TypeVar("T")

MODELS: list[type[Any]] = [
    found
    for name in dir(models)
    if isinstance(found := getattr(models, name), type) and attrs.has(found)
]
REQUESTS: list[type[Any]] = [
    getattr(models, name.removesuffix("Dict"))
    for name in dir(models)
    if name.endswith("Dict") and attrs.has(getattr(models, name.removesuffix("Dict"), int))
]


@frozen
class Filter(Generic[T]):
    """Something that programs make and servers do not send."""

    means: T


@pytest.mark.parametrize("model", MODELS, ids=lambda model: str(model.__name__))
def test_models_are_drawn_in_good_health(model: type[Any]) -> None:
    assert_healthy(strategies.models(model), lambda drawn: isinstance(drawn, model))


@pytest.mark.parametrize("model", REQUESTS, ids=lambda model: str(model.__name__))
@settings(max_examples=8)
@given(data=st.data())
def test_dicts_may_be_written_in_the_place_of_models(model: type[Any], data: st.DataObject) -> None:
    drawn = data.draw(dicts(model))
    built = model(**drawn)
    assert {name for name, held in members(built) if held is not UNSET} == drawn.keys()
    assert loads(model, dumps(built)) == Success(built)


@given(data=st.data())
def test_an_endpoint_takes_a_dict_as_it_takes_the_model(data: st.DataObject) -> None:
    drawn = data.draw(values(models.TaskWriteRequestDict))
    as_model = prepared(tasks.create, models.TaskWriteRequest(**drawn)).unwrap()
    assert prepared(tasks.create, drawn).unwrap() == as_model


@pytest.mark.parametrize("form", [dict, models.AttributeValRequest])
@pytest.mark.parametrize("many", [list, tuple])
def test_dicts_hold_what_programs_mix(form: type[object], many: type[object]) -> None:
    drawn = find(
        dicts(models.LabeledImageRequest),
        lambda tag: (
            isinstance(held := tag.get("attributes"), many)
            and is_array(held)
            and any(isinstance(each, form) for each in held)
        ),
        settings=settings(max_examples=5000, phases=[Phase.generate]),
    )
    assert drawn.keys() <= field_types(models.LabeledImageRequest).keys()


LEAST: list[type[Any]] = [
    models.CommentRead,
    models.LabeledDataRequest,
    models.MembershipRead,
    models.PatchedLabelRequest,
    models.TaskWriteRequest,
]


@pytest.mark.parametrize("model", LEAST, ids=lambda model: str(model.__name__))
def test_models_shrink_to_what_is_required(model: type[Any]) -> None:
    least = find(strategies.models(model), lambda _: True)
    for name, kind in field_types(model).items():
        held: object = getattr(least, name)
        if Unset in getattr(kind, "__args__", ()):
            assert held is UNSET, name
        elif isinstance(held, OpenEnum):
            assert held is next(iter(type(held))), name
        elif isinstance(held, tuple):
            assert held == (), name


def test_a_wrong_field_shrinks_to_itself() -> None:
    bad = find(strategies.models(models.LabeledImageRequest), lambda tag: bool(tag.attributes))
    assert bad.attributes == (models.AttributeValRequest(spec_id=0, value=""),)
    told = {name for name, held in members(bad) if held is not UNSET}
    assert told == {"frame", "label_id", "attributes"}


@given(st.data())
def test_what_only_programs_make_is_left_out_of_a_choice(data: st.DataObject) -> None:
    text = data.draw(values(str | Filter[int] | Unset))
    assert text is UNSET or isinstance(text, str)
    assert data.draw(values(Filter[int] | None)) is None


def test_what_stands_alone_is_drawn_if_it_can_be() -> None:
    assert find(values(Filter[int]), lambda _: True) == Filter(0)
    with pytest.raises(TypeError, match="no strategy"):
        find(values(T), lambda _: True)  # type: ignore[arg-type]  # that is the test


@given(st.data())
def test_annotations_mean_what_they_mean_to_the_codecs(data: st.DataObject) -> None:
    kinds: list[Any] = [
        Annotated[int, Meta(ge=3, le=5)],
        Annotated[str, Meta(min_length=2, max_length=4)],
        Annotated[str, Meta(pattern="^[a-z]+$")],
        Annotated[tuple[int, ...], Meta(min_length=1, max_length=2)],
        Annotated[datetime, Meta(tz=True)],
        dict[str, tuple[bool, ...]],
        UUID | None,
        models.Page[models.Label],
        models.JobStage,
    ]
    kind = data.draw(st.sampled_from(kinds))
    drawn = data.draw(values(kind))
    assert loads(kind, dumps(drawn)) == Success(drawn)


KINDS: list[tuple[Any, object]] = [
    (list[int], [0]),
    (list[models.JobStage], [models.JobStage.ANNOTATION]),
    (set[int], {0}),
    (frozenset[str], frozenset({""})),
    (Sequence[bool], (False,)),
    (Collection[int], (0,)),
    (Iterable[int], (0,)),
    (tuple[int, ...], (0,)),
    (tuple[int, str], (0, "")),
    (tuple[int], (0,)),
    (dict[str, int], {"": 0}),
    (Mapping[int, str], {0: ""}),
    (list[int] | None, [0]),
]


@pytest.mark.parametrize(("kind", "least"), KINDS, ids=str)
def test_what_holds_others_is_drawn_with_some_of_them(kind: Any, least: object) -> None:
    found: Any = find(values(kind), bool)
    assert (found, type(found)) == (least, type(least))


def test_a_tuple_of_nothing_is_one() -> None:
    assert find(values(tuple[()]), lambda _: True) == ()


@frozen
class Tree:
    """Something with an end, since it may hold none of its own."""

    leaf: int = 0
    parts: tuple[Tree, ...] = ()


@frozen
class Chain:
    """Something without an end."""

    next: Chain


def test_what_holds_itself_is_drawn_if_it_has_an_end() -> None:
    tree = find(strategies.models(Tree), lambda tree: bool(tree.parts))
    assert tree == Tree(parts=(Tree(),))
    for endless in (Chain, filters.Filter[int]):
        with pytest.raises(TypeError, match=r"no strategy for .*: it holds others without an end"):
            find(values(endless), lambda _: True)


def test_a_model_of_anything_holds_anything() -> None:
    bare: Any = models.Page
    assert find(values(bare), lambda page: bool(page.results)).results == (None,)


def test_nothing_is_looked_at_before_the_first_draw() -> None:
    assert repr(params(tasks.list)) == "params(tasks.list)"
    assert repr(strategies.models(models.TaskRead)) == "models(TaskRead)"
    strategies.models(int)  # no model: said when it is drawn from
