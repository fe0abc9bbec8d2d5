"""Fields: what they make, what they refuse to make, and that they are those of the facts."""

from __future__ import annotations

import copy
import math
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

import cvatfn.filters
from cvatfn import Endpoint, catalogue, models, prepare, unvalidated
from cvatfn.api import requests, tasks
from cvatfn.codecs.params import param_codec
from cvatfn.endpoints import get
from cvatfn.filters import (
    F,
    Field,
    Filter,
    Jobs,
    Key,
    Moment,
    Number,
    Order,
    Requests,
    Tasks,
    Text,
    Unsortable,
    ordered,
)
from cvatfn.outcome import Success
from tests.filters.facts import FACTS

LISTINGS = [
    endpoint
    for endpoint in catalogue()
    if "filter" in [parameter.name for parameter in endpoint.parameters]
]


# What they make


@pytest.mark.parametrize(
    ("filter", "text"),
    [
        (Tasks.status == "completed", '{"==":[{"var":"status"},"completed"]}'),
        (Tasks.status == models.JobStatus.COMPLETED, '{"==":[{"var":"status"},"completed"]}'),
        (Tasks.status != "completed", '{"!":{"==":[{"var":"status"},"completed"]}}'),
        (Tasks.name.contains('"ä'), '{"in":["\\"ä",{"var":"name"}]}'),
        (Tasks.name.one_of(("a", "b")), '{"in":[{"var":"name"},["a","b"]]}'),
        (Tasks.id.one_of({30, 4, 100}), '{"in":[{"var":"id"},[4,30,100]]}'),
        (Tasks.id.one_of(range(2)), '{"in":[{"var":"id"},[0,1]]}'),
        (Tasks.id.one_of([]), '{"in":[{"var":"id"},[]]}'),
        (
            Tasks.project_id.one_of([1, None]),
            '{"or":[{"in":[{"var":"project_id"},[1]]},{"==":[{"var":"project_id"},null]}]}',
        ),
        (Tasks.id < 3, '{"<":[{"var":"id"},3]}'),
        (Tasks.id <= 3, '{"<=":[{"var":"id"},3]}'),
        (Tasks.id > 3, '{">":[{"var":"id"},3]}'),
        (Tasks.id >= 3, '{">=":[{"var":"id"},3]}'),
        (Tasks.id.between(1, 2), '{"<=":[1,{"var":"id"},2]}'),
        (Tasks.project_id == None, '{"==":[{"var":"project_id"},null]}'),  # noqa: E711 - a field's
        (Tasks.assignee.present, '{"var":"assignee"}'),
        (~Tasks.assignee.present, '{"!":{"var":"assignee"}}'),
        (
            Tasks.created_date >= datetime(2026, 1, 2, 3, tzinfo=UTC),
            '{">=":[{"var":"created_date"},"2026-01-02T03:00:00+00:00"]}',
        ),
        (
            Tasks.updated_date
            == datetime(2026, 1, 2, 3, 4, 5, 6, timezone(timedelta(hours=-2, minutes=-30))),
            '{"==":[{"var":"updated_date"},"2026-01-02T03:04:05.000006-02:30"]}',
        ),
        (F.anything == 1.5, '{"==":[{"var":"anything"},1.5]}'),
        (F["a b"] == True, '{"==":[{"var":"a b"},true]}'),  # noqa: E712 - a field's
        (
            (Tasks.id == 1) & F.x.present & F.y.present | F.z.present,
            '{"or":[{"and":[{"==":[{"var":"id"},1]},{"var":"x"},{"var":"y"}]},{"var":"z"}]}',
        ),
    ],
)
def test_filters_are_written_as_cvat_reads_them(filter: Filter[object], text: str) -> None:
    assert filter.text == text


def test_a_set_is_written_the_same_in_every_run() -> None:
    names = {"b", "a", "aa", "B"}
    assert Tasks.name.one_of(names) == Tasks.name.one_of(["B", "a", "aa", "b"])
    mixed = F.x.one_of(frozenset({None, 2, "a", True, 1.5}))
    assert mixed == F.x.one_of([True, 1.5, 2, "a", None])


@given(st.datetimes(timezones=st.timezones()))
def test_times_keep_their_instant(moment: datetime) -> None:
    said = (Tasks.created_date < moment).text.split('"')[-2]
    assert datetime.fromisoformat(said).timestamp() == moment.timestamp()


@pytest.mark.parametrize(
    ("order", "text"),
    [
        (ordered(Tasks.status), "status"),
        (-Tasks.status, "-status"),
        (-ordered(-Tasks.status), "status"),
        (ordered(Tasks.status, -Tasks.updated_date), "status,-updated_date"),
        (-ordered(Tasks.status, -Tasks.updated_date), "-status,updated_date"),
        (ordered(ordered(F.a, -F.b), Tasks.id), "a,-b,id"),
        (ordered(-Requests.created_date, Requests.status), "-created_date,status"),
    ],
)
def test_orders_are_written_as_cvat_reads_them(order: Order[object], text: str) -> None:
    assert order.text == text
    assert pickle.loads(pickle.dumps(order)) == order  # noqa: S301 - ours
    backwards = -order
    assert (-backwards, hash(-backwards)) == (order, hash(order))


# What they refuse


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 1, 1), "no offset"),
        (math.nan, "no number nan"),
        (math.inf, "no number inf"),
        (1 << 5000, "as large as that"),
        ("\ud800", "lone surrogate"),
        (object(), "compared with object"),
        (b"x", "compared with bytes"),
        (Tasks.id, "compared with Number"),
        (F.x == 1, "compared with Filter"),
    ],
)
def test_what_no_filter_can_say_is_refused_when_it_is_built(value: Any, said: str) -> None:
    for make in (
        lambda: F.x == value,
        lambda: F.x != value,
        lambda: F.x < value,
        lambda: F.x.between(1, value),
        lambda: F.x.one_of([value]),
    ):
        with pytest.raises(ValueError, match=said):
            make()


def test_a_text_is_no_list_of_texts() -> None:
    with pytest.raises(ValueError, match="'abc', where several values belong"):
        Tasks.name.one_of("abc")
    with pytest.raises(ValueError, match="b'abc', where several values belong"):
        Tasks.id.one_of(b"abc")  # an iterable of numbers, to type checkers
    text: Any = "id"
    with pytest.raises(ValueError, match="'id', where a tuple of names belongs"):
        Order[object](text)


@pytest.mark.parametrize("value", [3, None, b"x", Tasks.name])
def test_only_texts_are_contained_and_only_texts_are_names(value: Any) -> None:
    for make in (Tasks.name.contains, F.x.contains, F.__getitem__):
        with pytest.raises(ValueError, match=f"text is needed here, not {type(value).__name__}"):
            make(value)


def test_null_has_no_place_in_an_order() -> None:
    null: Any = None
    for make in (
        lambda: F.x < null,
        lambda: F.x <= null,
        lambda: F.x > null,
        lambda: F.x >= null,
        lambda: F.x.between(null, 1),
        lambda: F.x.between(1, null),
    ):
        with pytest.raises(ValueError, match="null is neither more nor less"):
            make()


@given(st.text(), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
def test_what_derives_from_a_text_or_a_number_is_written_as_one(
    text: str, number: int, fraction: float
) -> None:
    class Text(str):
        __slots__ = ()

        @override
        def __str__(self) -> str:
            return "another"

    class Number(int):
        pass

    class Fraction(float):
        pass

    name = Text("a name")
    for derived, value in (
        (Text(text), text),
        (Number(number), number),
        (Fraction(fraction), fraction),
    ):
        made = F[name] == derived
        assert (made, repr(made)) == (F["a name"] == value, f"F['a name'] == {value!r}")
        assert pickle.loads(pickle.dumps(made)) == made  # noqa: S301 - ours
    assert F.x.contains(Text(text)) == F.x.contains(text)


@pytest.mark.parametrize(
    "names",
    [(), ("",), ("-",), ("a,b",), ("a", ""), ("\ud800",), ("--a",), (" a",), ("a ",), ("- a",)],
)
def test_what_no_order_can_say_is_refused_when_it_is_built(names: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="cannot be sorted by"):
        Order[object](names)


def test_a_minus_sign_is_no_part_of_a_name() -> None:
    field = F["-a"]
    for make in (field.__neg__, lambda: ordered(field)):
        with pytest.raises(ValueError, match=r"cannot be sorted by \['-a'\]"):
            make()


def test_a_filter_is_neither_true_nor_false() -> None:
    a, b = Tasks.id == 1, Tasks.id == 2
    for wrong in (
        lambda: a and b,  # pyright: ignore[reportGeneralTypeIssues]  # that is the point
        lambda: 1 < Tasks.id < 3,
        lambda: bool(a),
        lambda: Tasks.id in (1, 2),
    ):
        with pytest.raises(TypeError, match=r"join filters by & and \|.*between\(a, b\)"):
            wrong()


def test_a_comparison_without_its_parentheses_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        _ = Tasks.id == 1 & Tasks.id  # type: ignore[operator]  # that is the point
    with pytest.raises(TypeError, match="not Number: parenthesize each comparison"):
        _ = (Tasks.id == 1) & Tasks.id  # type: ignore[operator]  # that is the point
    with pytest.raises(TypeError, match="not str"):
        _ = (Tasks.id == 1) | "x"  # type: ignore[operator]  # that is the point


def test_fields_have_no_hash_since_they_have_no_equality() -> None:
    for field in (Tasks.id, Tasks.name, Tasks.status, F.x):
        with pytest.raises(TypeError, match="unhashable"):
            hash(field)


def test_fields_can_be_copied_and_pickled() -> None:
    for field in (Tasks.id, Tasks.created_date, F.x):
        for other in (copy.copy(field), copy.deepcopy(field), pickle.loads(pickle.dumps(field))):  # noqa: S301 - ours
            assert (type(other), other.name) == (type(field), field.name)
    assert pickle.loads(pickle.dumps(F)) == copy.deepcopy(F) == F  # noqa: S301 - ours


def test_names_of_pythons_own_are_no_fields() -> None:
    with pytest.raises(AttributeError, match=r"F\['__wrapped__'\]"):
        _ = F.__wrapped__
    with pytest.raises(ValueError, match="lone surrogate"):
        _ = F["\udfff"]
    assert F["_x"].name == "_x"


# That they are those of the facts


def columns(endpoint: Endpoint[..., object]) -> type:
    """The class of a listing's fields, as the type of its filter names it."""
    (kind,) = [
        get_args(part)[0]
        for parameter in endpoint.parameters
        if parameter.name == "filter"
        for part in get_args(parameter.type)
        if get_origin(part) is Filter
    ]
    assert isinstance(kind, type)
    return kind


def test_every_listing_has_its_fields() -> None:
    assert len(LISTINGS) == 20
    assert {endpoint.name.replace(".", "_") for endpoint in LISTINGS} == set(FACTS)
    assert len({columns(endpoint) for endpoint in LISTINGS}) == 20


@pytest.mark.parametrize("endpoint", LISTINGS, ids=lambda endpoint: endpoint.name)
def test_fields_are_those_of_the_facts(endpoint: Endpoint[..., object]) -> None:
    facts, kind = FACTS[endpoint.name.replace(".", "_")], columns(endpoint)
    assert (kind.__name__, getattr(cvatfn.filters, kind.__name__)) == (facts["fields"], kind)
    fields: dict[str, Key[object]] = {
        name: held for name, held in vars(kind).items() if isinstance(held, Key)
    }
    hints = {name: get_args(hint)[0] for name, hint in get_type_hints(kind).items()}
    assert fields.keys() == hints.keys()
    for name, field in fields.items():
        assert (field.name, type(field)) == (name, get_origin(hints[name]))
        assert get_args(hints[name])[0] is kind
    filtered = {name for name, field in fields.items() if isinstance(field, Field)}
    unsortable = {name for name, hint in hints.items() if Unsortable in get_args(hint)}
    assert filtered == set(facts["filter"])
    assert fields.keys() - unsortable == set(facts.get("sort", facts["filter"]))


@pytest.mark.parametrize("endpoint", LISTINGS, ids=lambda endpoint: endpoint.name)
def test_fields_take_what_the_parameters_of_their_names_take(
    endpoint: Endpoint[..., object],
) -> None:
    kinds = {
        parameter.name: {part for part in get_args(parameter.type) if isinstance(part, type)}
        for parameter in endpoint.parameters
    }
    for name, hint in get_type_hints(columns(endpoint)).items():
        taken = get_args(get_args(hint)[0])[1:2]
        if name in kinds and str in kinds[name] and taken:
            assert str in (*taken, *get_args(taken[0]))


def test_kinds_follow_types() -> None:
    assert isinstance(Tasks.id, Number)
    assert isinstance(Tasks.name, Text)
    assert isinstance(Tasks.created_date, Moment)
    assert [type(field) for field in (Tasks.status, Jobs.state)] == [Field, Field]
    assert type(Requests.format) is Field  # there CVAT asks `contains` the other way round
    assert type(Requests.task_id) is Field  # there null has no place in an order
    assert type(Requests.created_date) is Key


@pytest.mark.parametrize("endpoint", LISTINGS, ids=lambda endpoint: endpoint.name)
def test_every_listing_sends_filters_and_orders_as_texts(
    endpoint: Endpoint[..., object],
) -> None:
    filter, order = (F.id == 1) & F.x.present, ordered(F.id, -F.x)
    for way in (endpoint, unvalidated(endpoint)):
        sent = prepare(way, filter=filter, sort=order).unwrap()
        assert dict(sent.query) == {"filter": filter.text, "sort": "id,-x"}
        sent = prepare(way, filter=filter.text, sort=order.text).unwrap()
        assert dict(sent.query) == {"filter": filter.text, "sort": "id,-x"}


def test_what_is_neither_a_filter_nor_a_text_is_told() -> None:
    wrong: Any = True
    said = str(prepare(tasks.list, filter=wrong, sort=-Tasks.id).failure())
    assert "filter: expected str or Filter, got True" in said
    swapped: Any = Tasks.id == 1
    assert "sort: expected str or Order" in str(prepare(tasks.list, sort=swapped).failure())


@get("/api/cats")
def cats(*, filter: Filter[object], sort: Order[object]) -> tuple[models.Label, ...]:
    raise NotImplementedError


def test_endpoints_of_ones_own_take_filters() -> None:
    sent = prepare(cats, filter=F.paws == 4, sort=-F.paws).unwrap()
    assert dict(sent.query) == {"filter": '{"==":[{"var":"paws"},4]}', "sort": "-paws"}
    filter, sort = (param_codec(parameter.type) for parameter in cats.parameters)
    assert filter.decode(('{"==":[{"var":"paws"},4]}',)) == Success(F.paws == 4)
    assert sort.decode(("-paws",)) == Success(-F.paws)
    assert "expected Filter" in filter.decode(("{}",)).failure()
    assert "expected Order" in sort.decode((",",)).failure()


def test_the_plain_listing_is_that_of_requests() -> None:
    plain = [name for name, facts in FACTS.items() if facts.get("plain")]
    assert plain == [requests.list.name.replace(".", "_")]
