"""Values that Python has and JSON has not: which are taken for which, and which for none.

Rule: a value is taken where nobody could mean anything else by it. A `True` is no number, a text is
no number, a float is no integer; but an array of numbers is one whatever holds it.
"""

from __future__ import annotations

import json
from collections import OrderedDict, UserDict, deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from io import BytesIO
from itertools import tee
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, cast, get_origin
from uuid import UUID

import pytest
from msgspec import Meta

from cvatfn import UNSET, File, Request, Success, dumps, loads, models
from cvatfn.api import auth, jobs, labels, organizations, quality, tasks
from cvatfn.codecs.dicts import check
from cvatfn.codecs.problems import Problem
from cvatfn.errors import InvalidParams
from cvatfn.outcome import Failure
from tests.inputs.asking import asked, body_of, form_of, refused

LONG: Final = 10**5000
"""More digits than Python prints."""


class Text(str):
    __slots__ = ()


class Number(int):
    pass


class Whole(Enum):
    ONE = 1


class Named(str, Enum):
    CAT = "cat"


def task(**fields: object) -> Request | InvalidParams:
    """What is asked with a task of a name and other fields."""
    endpoint: Any = tasks.create
    return asked(endpoint, {"name": "cats", **fields})


def problems(**fields: object) -> tuple[Problem, ...]:
    """What is wrong with a task."""
    outcome = task(**fields)
    assert isinstance(outcome, InvalidParams)
    return outcome.problems


def sent(**fields: object) -> Any:
    request = task(**fields)
    assert isinstance(request, Request), request
    return {name: held for name, held in body_of(request).items() if name in fields}


@pytest.mark.parametrize(
    ("field", "value", "is_sent"),
    [
        ("project_id", 5, 5),
        ("project_id", Number(5), 5),
        ("project_id", None, None),
        ("project_id", 2**70, 2**70),
        ("project_id", -(2**70), -(2**70)),
        ("name", Text("dogs"), "dogs"),
        ("name", Named.CAT, "cat"),
        ("name", "\U0001f408\x00\u2028", "\U0001f408\x00\u2028"),
        ("subset", "", ""),
        ("labels", [], []),
        ("labels", (), []),
        ("labels", deque([{"name": "a"}]), [{"name": "a"}]),
        ("labels", ({"name": name} for name in "ab"), [{"name": "a"}, {"name": "b"}]),
        ("labels", {"a": {"name": "a"}}.values(), [{"name": "a"}]),
        ("labels", [OrderedDict([("name", "a")])], [{"name": "a"}]),
        ("labels", [MappingProxyType({"name": "a"})], [{"name": "a"}]),
        ("labels", [UserDict(name="a")], [{"name": "a"}]),
        ("labels", [models.PatchedLabelRequest(name="a")], [{"name": "a"}]),
        ("source_storage", {"location": "local"}, {"location": "local"}),
        ("source_storage", {"location": models.LocationEnum.LOCAL}, {"location": "local"}),
        ("source_storage", {"location": Text("local")}, {"location": "local"}),
        ("source_storage", {"location": models.LocationEnum("moon")}, {"location": "moon"}),
        ("source_storage", {"location": "local", "cloud_storage_id": UNSET}, {"location": "local"}),
    ],
)
def test_what_can_only_be_meant_in_one_way_is_taken(
    field: str, value: object, is_sent: object
) -> None:
    assert sent(**{field: value}) == {field: is_sent}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("project_id", True, "expected int, got bool"),
        ("project_id", 5.0, "expected int, got float"),
        ("project_id", "5", "expected int, got str"),
        ("project_id", Decimal(5), "expected int, got Decimal"),
        ("project_id", Whole.ONE, "expected int, got Whole"),
        pytest.param("project_id", LONG, "is too long a number to be written", id="long"),
        ("name", 5, "expected str, got int"),
        ("name", None, "expected str, got null"),
        ("name", b"cats", "expected str, got bytes"),
        ("name", Path("cats"), "expected str, got PosixPath"),
        ("name", "half \ud800", "holds a lone surrogate, which UTF-8 cannot carry"),
        ("labels", "ab", "expected a sequence, got str"),
        ("labels", {"name": "a"}, "expected a sequence, got dict"),
        ("labels", None, "expected a sequence, got null"),
        ("source_storage", [], "expected StorageRequest, as a model or an object, got list"),
        ("source_storage", {5: 1}, "is no field that can be sent"),
    ],
)
def test_what_could_be_meant_otherwise_is_refused(field: str, value: object, said: str) -> None:
    path = f"$.task_write_request.{field}" + ("['5']" if value == {5: 1} else "")
    assert problems(**{field: value}) == (Problem(path, said),)


def test_a_text_that_an_enum_does_not_list_is_refused_with_the_nearest_or_all() -> None:
    at = "$.task_write_request.source_storage.location"
    for form in (dict[str, object], _storage):
        near = problems(source_storage=form(location="lokal"))
        far = problems(source_storage=form(location="moon"))
        assert near == (
            Problem(at, "'lokal' is none of the texts of LocationEnum; did you mean 'local'?"),
        )
        assert far == (
            Problem(
                at, "'moon' is none of the texts of LocationEnum, which are cloud_storage, local"
            ),
        )


def _storage(**fields: Any) -> models.StorageRequest:
    return models.StorageRequest(**fields)


@pytest.mark.parametrize("met_before", [False, True])
def test_what_a_newer_server_said_is_written_back_and_allows_no_text(*, met_before: bool) -> None:
    text = f"on the moon {met_before}"
    if met_before:
        assert loads(models.LocationEnum, dumps(text)).unwrap().value == text
    storage = loads(models.StorageRequest, dumps({"location": text})).unwrap()
    assert sent(source_storage=storage) == {"source_storage": {"location": text}}
    spec = models.TaskWriteRequest(name="cats", source_storage=storage)
    assert body_of(asked_of(tasks.create, spec))["source_storage"] == {"location": text}
    typed: Any = text
    for given in ({"location": typed}, models.StorageRequest(location=typed)):
        assert refused(task(source_storage=given)) == {
            "$.task_write_request.source_storage.location"
        }


def asked_of(endpoint: Any, *args: object, **params: object) -> Request:
    request = asked(endpoint, *args, **params)
    assert isinstance(request, Request), request
    return request


def test_an_empty_text_stands_only_where_an_enum_may_be_blank() -> None:
    """Source: `oneOf` with `BlankEnum` in the document."""
    for form in (dict[str, Any], _requirement):
        blank = form(annotation_type="")
        request = asked_of(quality.partial_update_settings_requirements, 1, blank)
        assert body_of(request) == {"annotation_type": ""}
    assert refused(task(source_storage={"location": ""})) == {
        "$.task_write_request.source_storage.location"
    }


def _requirement(**fields: Any) -> models.PatchedQualityRequirementRequest:
    return models.PatchedQualityRequirementRequest(**fields)


@pytest.mark.parametrize(
    ("value", "is_sent"),
    [
        (0.5, 0.5),
        (1, 1),
        (Fraction(1, 4), 0.25),
        (True, None),
        ("0.5", None),
        (float("nan"), None),
        (float("inf"), None),
        (-float("inf"), None),
        (Decimal("0.5"), None),
        (1 + 1j, None),
    ],
)
def test_a_number_is_a_finite_one(value: object, is_sent: float | None) -> None:
    name = "patched_quality_requirement_request"
    for form in (dict[str, Any], _requirement):
        outcome = asked(quality.partial_update_settings_requirements, 1, form(iou_threshold=value))
        if not isinstance(outcome, Request):
            assert is_sent is None
            assert refused(outcome) == {f"$.{name}.iou_threshold"}
        else:
            assert body_of(outcome) == {"iou_threshold": is_sent}


@pytest.mark.parametrize(
    ("points", "is_sent"),
    [
        ([1, 2.5], [1, 2.5]),
        ((1, 2.5), [1, 2.5]),
        (map(float, "12"), [1.0, 2.0]),
        (range(2), [0, 1]),
        (dict.fromkeys([1.0, 2.0]).keys(), [1.0, 2.0]),
        ([[1.0], 2.0], None),
        ([1.0, float("nan")], None),
        ({0: 1.0}, None),
        ("12", None),
    ],
)
def test_an_array_is_one_whatever_holds_it(points: Any, is_sent: list[float] | None) -> None:
    forms: tuple[Callable[..., Any], ...] = (dict[str, Any], _shape)
    for form, each in zip(forms, copies(points), strict=True):
        shape: Any = form(type="polyline", label_id=1, frame=0, points=each)
        outcome = asked(jobs.update_annotations, 1, models.LabeledDataRequest(shapes=[shape]))
        if not isinstance(outcome, Request):
            assert is_sent is None
            assert all(".shapes[0].points" in path for path in refused(outcome))
        else:
            assert body_of(outcome)["shapes"][0]["points"] == is_sent


def copies(value: Any) -> tuple[Any, Any]:
    """A value for each of two to read; what can be read once is made twice."""
    if not isinstance(value, Iterator):
        return value, value
    once, again = tee(cast("Iterator[object]", value))  # whatever it gives
    return once, again


def _shape(**fields: Any) -> models.LabeledShapeRequest:
    return models.LabeledShapeRequest(**fields)


IST = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("value", "is_sent"),
    [
        (datetime(2026, 1, 1, 12, tzinfo=UTC), "2026-01-01T12:00:00Z"),
        (datetime(2026, 1, 1, 12, tzinfo=IST), "2026-01-01T12:00:00+05:30"),
        ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z"),
        ("2026-01-01T12:00:00+00:00", "2026-01-01T12:00:00Z"),
        ("20260101T120000Z", "2026-01-01T12:00:00Z"),
        (None, None),
    ],
)
def test_a_moment_has_its_zone(value: Any, is_sent: str | None) -> None:
    for form in (dict[str, Any], _token):
        request = asked_of(auth.create_access_tokens, form(name="ci", expiry_date=value))
        assert body_of(request) == {"name": "ci", "expiry_date": is_sent}


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 1, 1, 12), "has no time zone"),
        ("2026-01-01T12:00:00", "has no time zone"),
        ("2026-01-01", "has no time zone"),
        (date(2026, 1, 1), "expected datetime, got date"),
        (1767268800, "expected datetime, got int"),
        ("soon", "expected a date and time in ISO 8601, got 'soon'"),
        ("", "expected a date and time in ISO 8601, got ''"),
    ],
)
def test_what_is_no_moment_is_refused(value: Any, said: str) -> None:
    for form in (dict[str, Any], _token):
        outcome = asked(auth.create_access_tokens, form(name="ci", expiry_date=value))
        assert not isinstance(outcome, Request)
        assert outcome.problems == (Problem("$.access_token_write_request.expiry_date", said),)


def _token(**fields: Any) -> models.AccessTokenWriteRequest:
    return models.AccessTokenWriteRequest(**fields)


@pytest.mark.parametrize(
    "value",
    [None, True, 5, 2.5, "x", [1, [None]], (1, 2), {"a": {"b": ["c"]}}, {}, range(2), Named.CAT],
)
def test_what_json_can_say_goes_where_the_schema_says_nothing(value: Any) -> None:
    for form in (dict[str, Any], _organization):
        request = asked_of(organizations.create, form(slug="o", contact=value))
        assert body_of(request)["contact"] == json.loads(json.dumps(value, default=list))


@pytest.mark.parametrize(
    ("value", "at"),
    [
        (float("nan"), ""),
        ({"a": [1, float("inf")]}, ".a[1]"),
        ({1: 2}, "['1']"),
        ({1, 2}, ""),
        ([b"x"], "[0]"),
        (Decimal(1), ""),
        (datetime(2026, 1, 1, tzinfo=UTC), ""),
        (UUID(int=1), ""),
        (object(), ""),
        ("half \ud800", ""),
        (File("a.png", b""), ""),
        ({"a": LONG}, ".a"),
    ],
)
def test_what_json_cannot_say_goes_nowhere(value: Any, at: str) -> None:
    for form in (dict[str, Any], _organization):
        outcome = asked(organizations.create, form(slug="o", contact=value))
        assert refused(outcome) == {f"$.organization_write_request.contact{at}"}


def _organization(**fields: Any) -> models.OrganizationWriteRequest:
    return models.OrganizationWriteRequest(**fields)


def test_a_file_is_whatever_bytes_can_be_read_from(tmp_path: Path) -> None:
    path = tmp_path / "cats.zip"
    path.write_bytes(b"PK")
    takers: list[tuple[Callable[[], Any], str]] = [
        (lambda: path, "cats.zip"),
        (lambda: b"PK", "file"),
        (lambda: BytesIO(b"PK"), "file"),
        (lambda: File("dogs.zip", b"PK"), "dogs.zip"),
        (lambda: File("dogs.zip", iter([b"P", b"K"])), "dogs.zip"),
    ]
    for make, name in takers:
        request = asked_of(
            tasks.create_annotations, 1, annotation_file_request={"annotation_file": make()}
        )
        assert form_of(request) == ([], [("annotation_file", name, b"PK")])
    endpoint: Any = tasks.create_annotations
    for no_file in ("cats.zip", 5, None, [b"PK"], bytearray(b"PK")):
        outcome = asked(endpoint, 1, annotation_file_request={"annotation_file": no_file})
        assert refused(outcome) == {"$.annotation_file_request.annotation_file"}


@pytest.mark.parametrize("body", [None, 5, "x", [], b"{}", object(), [("name", "cats")], {"name"}])
def test_a_body_is_a_model_or_a_dict(body: Any) -> None:
    assert refused(asked(tasks.create, body)) == {"$.task_write_request"}


class Faulty(Mapping[str, object]):
    """A mapping whose values cannot be had."""

    def __getitem__(self, key: str) -> object:
        raise LookupError(f"no {key} today")

    def __iter__(self) -> Iterator[str]:
        return iter(["name"])

    def __len__(self) -> int:
        return 1


def _failing() -> Iterator[object]:
    yield {"name": "a"}
    raise RuntimeError("the database is gone")


class Unspeakable:
    def __repr__(self) -> str:
        raise RuntimeError("no words")

    __str__ = __repr__


def test_what_fails_while_it_is_read_comes_back_as_a_value() -> None:
    endless: list[Any] = []
    endless.append(endless)
    faulty: Any = Faulty()
    assert refused(asked(tasks.create, faulty)) == {"$.task_write_request"}
    assert refused(task(labels=_failing())) == {"$.task_write_request.labels"}
    assert refused(task(name=Unspeakable())) == {"$.task_write_request.name"}
    assert refused(task(name="x", nowhere=Unspeakable())) == {"$.task_write_request.nowhere"}
    keyed: Any = {"name": "x", Unspeakable(): 1}
    assert not isinstance(asked(tasks.create, keyed), Request)
    many: Any = tasks.retrieve
    assert refused(asked(many, Unspeakable())) == {"id"}
    assert refused(asked(organizations.create, {"slug": "o", "contact": endless}))


@pytest.mark.parametrize("kind", [None, tuple[None, ...], dict[str, None]])
def test_a_bare_none_takes_null_alone(kind: Any) -> None:
    def held(value: object) -> object:
        match get_origin(kind):
            case None:
                return value
            case origin:
                return (value,) if origin is tuple else {"a": value}

    assert check(kind, held(None)) == Success(held(None))
    assert isinstance(check(kind, held(5)), Failure)


@pytest.mark.parametrize(
    ("limit", "fits", "breaks", "said"),
    [
        (Meta(lt=3), 2, 3, "is not less than 3"),
        (Meta(gt=3), 4, 3, "is not more than 3"),
        (Meta(le=3), 3, 4, "is more than 3"),
        (Meta(ge=3), 3, 2, "is less than 3"),
        (Meta(multiple_of=3), 6, 4, "is no multiple of 3"),
    ],
)
def test_every_limit_that_a_declaration_can_state_is_held(
    limit: Meta, fits: int, breaks: int, said: str
) -> None:
    kind: Any = Annotated[int, limit]
    assert check(kind, fits) == Success(fits)
    assert check(kind, breaks) == Failure((Problem("$", said),))
    inside: Any = Annotated[tuple[kind, ...], Meta(max_length=1)]
    assert check(inside, [breaks, fits]) == Failure(
        (Problem("$[0]", said), Problem("$", "is longer than 1"))
    )


def test_labels_of_labels_are_told_with_their_places() -> None:
    label: Any = {
        "name": "a",
        "sublabels": [{"name": 5}, {"nmae": "x"}],
        "attributes": [{"nowhere": 1}],
    }
    paths = refused(asked(labels.partial_update, 1, label))
    assert {path.partition(".sublabels")[2] for path in paths} >= {"[0].name", "[1].nmae"}
    assert any(".attributes[0]" in path for path in paths)
