"""What is said of what does not fit, to the letter: people read it, and go by it.

Each sentence stands once, as it is printed; the places are those of JSON paths.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import Enum
from io import BytesIO
from pathlib import PurePosixPath
from types import NoneType
from typing import Annotated, Literal
from uuid import UUID

import pytest
from attrs import frozen
from msgspec import Meta

from cvatfn import Failure, File, Success, models
from cvatfn.codecs.dicts import check, guess, read
from cvatfn.codecs.multipart import form
from cvatfn.codecs.params import param_codec, text_as_given
from cvatfn.codecs.problems import DecodeError, Problem
from cvatfn.codecs.rejections import LONGEST, Refusal, read_refusal
from cvatfn.filters import Order

SMALL = Annotated[int, Meta(ge=1, le=3)]
PAGE = int | Literal["all"]
LONG = "9" * 100


ORDER: object = Order[models.TaskRead](("-id", "name"))


class Colour(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (PAGE, "none", "expected int or 'all', got 'none'"),
        (
            tuple[int, ...],
            (1, "x", None),
            "[1]: expected int, got 'x'; [2]: expected int, got None",
        ),
        (tuple[int, ...], 3, "expected a sequence of int, got 3"),
        (Literal["a", "b"], "c", "expected 'a' or 'b', got 'c'"),
        (Literal[1, "b"], True, "expected 1 or 'b', got True"),
        (models.JobStage, "annotation", "expected JobStage, got 'annotation'"),
        (SMALL, 0, "is less than 1"),
        (SMALL, 4, "is more than 3"),
        (SMALL, "x", "expected int, got 'x'"),
        (UUID, "x", "expected UUID, got 'x'"),
        (bool, 1, "expected bool, got 1"),
        (float, float("nan"), "expected float, got nan"),
        (float, True, "expected float, got True"),
        (str, "\ud800", r"expected str, got '\ud800'"),
        (Colour, "red", "expected Colour, got 'red'"),
        (tuple[PAGE, ...], 3, "expected a sequence of int or 'all', got 3"),
        (tuple[int, ...] | bool, "x", "expected a sequence of int or bool, got 'x'"),
        (SMALL | bool, "x", "expected int or bool, got 'x'"),
        (int, LONG, f"expected int, got '{'9' * 56}..."),
        (int, "9" * 58, f"expected int, got '{'9' * 58}'"),
        (datetime, "x", "expected datetime with a time zone, got 'x'"),
    ],
)
def test_a_parameter_that_does_not_fit(kind: object, value: object, said: str) -> None:
    assert param_codec(kind).encode(value) == Failure(said)


@pytest.mark.parametrize(
    ("kind", "texts", "said"),
    [
        (PAGE, ("none",), "expected int or 'all', got 'none'"),
        (PAGE, ("a", "b"), "expected int or 'all', got 'a, b'"),
        (tuple[int, ...], ("1", "x"), "expected int, got 'x'"),
        (Literal["a", "b"], ("c", "d"), "expected 'a' or 'b', got 'c, d'"),
        (int, ("1", "2"), "expected one value, got 2"),
        (int, (), "expected one value, got 0"),
        (bool, ("yes",), "expected bool, got 'yes'"),
        (UUID, ("x",), "expected UUID, got 'x'"),
        (Colour, ("green",), "expected Colour, got 'green'"),
    ],
)
def test_texts_that_are_no_parameter(kind: object, texts: tuple[str, ...], said: str) -> None:
    assert param_codec(kind).decode(texts) == Failure(said)


@pytest.mark.parametrize(
    ("kind", "texts", "value"),
    [
        (PAGE, ("all",), "all"),
        (PAGE, ("7",), 7),
        (tuple[PAGE, ...], ("7", "all"), (7, "all")),
        (Literal["a", "b"], ("b",), "b"),
        (Literal[1, 2], ("2",), 2),
        (Literal[True, "x"], ("true",), True),
        (models.JobStage, ("annotation",), models.JobStage.ANNOTATION),
        (SMALL, ("2",), 2),
        (Colour, ("red",), Colour.RED),
        (Order[models.TaskRead], ("-id,name",), ORDER),
    ],
)
def test_texts_that_are_one(kind: object, texts: tuple[str, ...], value: object) -> None:
    assert param_codec(kind).decode(texts) == Success(value)


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ((1, models.JobStage.ANNOTATION, True, 0.5), ("1", "annotation", "true", "0.5")),
        ((), ()),
        (datetime(2026, 1, 1, tzinfo=UTC), ("2026-01-01T00:00:00+00:00",)),
        (UUID(int=1), ("00000000-0000-0000-0000-000000000001",)),
    ],
)
def test_a_values_texts_by_its_own_type(value: object, texts: tuple[str, ...]) -> None:
    assert text_as_given(value) == Success(texts)


@pytest.mark.parametrize(
    ("kind", "value", "texts"),
    [
        (models.JobStage, models.JobStage.ANNOTATION, ("annotation",)),
        (Colour, Colour.RED, ("red",)),
        (float, 3, ("3",)),
        (float, 0.1, ("0.1",)),
        (PAGE, 3, ("3",)),
        (PAGE, "all", ("all",)),
        (tuple[PAGE, ...], [3, "all"], ("3", "all")),
        (SMALL, 3, ("3",)),
    ],
)
def test_a_value_that_fits(kind: object, value: object, texts: tuple[str, ...]) -> None:
    assert param_codec(kind).encode(value) == Success(texts)


def test_a_value_without_a_form_as_text_is_told_as_itself() -> None:
    assert text_as_given(object) == Failure("expected str, got <class 'object'>")


ROOT = "$"
ONE = pytest.mark.parametrize(
    ("kind", "value", "path", "said"),
    [
        (dict[str, int], 5, ROOT, "expected an object, got int"),
        (dict[str, int], {"a": 1, "b": "x"}, "$.b", "expected int, got str"),
        (dict[str, int], {2: 1}, "$['2']", "expected str, got int"),
        (Literal["a", 1], True, ROOT, "expected one of 'a', 1, got True"),
        (tuple[int, str], (1,), ROOT, "expected 2 elements, got 1"),
        (tuple[int, ...], 5, ROOT, "expected a sequence, got int"),
        (tuple[int, ...], (1, None), "$[1]", "expected int, got null"),
        (UUID, "x", ROOT, "expected a UUID, got 'x'"),
        (UUID, 5, ROOT, "expected UUID, got int"),
        (bytes, "?", ROOT, "expected bytes in base64"),
        (bytes, 5, ROOT, "expected bytes, got int"),
        (datetime, "x", ROOT, "expected a date and time in ISO 8601, got 'x'"),
        (datetime, 5, ROOT, "expected datetime, got int"),
        (NoneType, 5, ROOT, "expected null, got int"),
        (bool, 1, ROOT, "expected bool, got int"),
        (float, float("inf"), ROOT, "expected a finite float, got inf"),
        (float, True, ROOT, "expected float, got bool"),
        (int, True, ROOT, "expected int, got bool"),
        (str, 5, ROOT, "expected str, got int"),
        (str, "\ud800", ROOT, "holds a lone surrogate, which UTF-8 cannot carry"),
        (models.JobStage, 5, ROOT, "expected text of JobStage, got int"),
        (models.RqId, 5, ROOT, "expected RqId, as a model or an object, got int"),
        (models.RqId, {}, "$.rq_id", "is missing"),
        (File, 5, ROOT, "expected File, bytes, path or open file, got int"),
        (
            File,
            {"name": 1, "content": "", "content_type": ""},
            ROOT,
            "expected File, bytes, path or open file, got dict",
        ),
        (File, {}, ROOT, "expected bytes, got null"),
        (Annotated[datetime, Meta(tz=True)], datetime(2026, 1, 1), ROOT, "has no time zone"),
        (SMALL, 0, ROOT, "is less than 1"),
        (int | UUID, "x", ROOT, "expected a UUID, got 'x'"),
    ],
)


@ONE
def test_a_value_that_does_not_fit(kind: object, value: object, path: str, said: str) -> None:
    for structure in (check, read):
        assert structure(kind, value) == Failure((Problem(path, said),))


@ONE
def test_what_does_not_fit_is_kept_by_a_guess(
    kind: object, value: object, path: str, said: str
) -> None:
    del said
    if path == ROOT and not isinstance(value, dict):
        kept = guess(kind, value)
        assert kept is value or kept == value


@pytest.mark.parametrize(
    ("data", "shown"), [(b"12", "<2 bytes>"), ({"a": 1}, "<dict>"), (None, "<NoneType>")]
)
def test_of_what_did_not_fit_an_error_shows_the_size(data: object, shown: str) -> None:
    assert repr(DecodeError((), data)) == f"DecodeError(problems=(), data={shown})"


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"12", "<2 bytes>"),
        (PurePosixPath("a/b"), "PurePosixPath('a/b')"),
        (BytesIO(b"12"), "<BytesIO>"),
        ([b"1", b"2"], "<list>"),
        (iter([b"1"]), "<Once>"),
    ],
)
def test_of_a_files_content_its_place_is_shown(content: bytes, shown: str) -> None:
    assert f"content={shown}, " in repr(File("a", content))


def test_an_iterator_that_was_sent_says_so() -> None:
    content = File("a", iter([b"1", b"2"])).content
    assert isinstance(content, Iterable)
    assert list(content) == [b"1", b"2"]
    with pytest.raises(ValueError, match=r"^an iterator gives its bytes once, and it was sent be"):
        list(content)


def test_of_a_key_that_is_none_the_nearest_is_told() -> None:
    given = {"rq_id": "x", "zzzz": 1, "rqid": 2, 5: 3}
    assert check(models.RqId, given) == Failure(
        (
            Problem("$['5']", "is no field that can be sent"),
            Problem("$.rqid", "is no field that can be sent; did you mean 'rq_id'?"),
            Problem("$.zzzz", "is no field that can be sent"),
        )
    )
    assert read(models.RqId, given) == Success(models.RqId(rq_id="x"))


def test_every_element_is_told_of() -> None:
    assert check(tuple[int, str], ("a", 1)) == Failure(
        (Problem("$[0]", "expected int, got str"), Problem("$[1]", "expected str, got int"))
    )
    assert check(dict[str, int], {"a": "x", "b": None}) == Failure(
        (Problem("$.a", "expected int, got str"), Problem("$.b", "expected int, got null"))
    )


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (dict[str, tuple[int, ...]], {"a": [1], "b": []}, {"a": (1,), "b": ()}),
        (dict[UUID, bytes], {str(UUID(int=1)): "YQ=="}, {UUID(int=1): b"a"}),
        (tuple[bytes, ...], ["YQ==", b"b"], (b"a", b"b")),
        (int | Literal["a"] | None, None, None),
        (int | UUID, UUID(int=1), UUID(int=1)),
        (float, 1, 1),
        (models.JobStage, "annotation", models.JobStage.ANNOTATION),
        (bool, True, True),
        (bool, False, False),
        (date, "2026-01-02", date(2026, 1, 2)),
        (dict[str, date], {"a": "2026-01-02"}, {"a": date(2026, 1, 2)}),
        (
            File,
            {"name": "a", "content": "YQ==", "content_type": "b/c"},
            File("a", b"a", "b/c"),
        ),
    ],
)
def test_what_fits_is_structured(kind: object, value: object, expected: object) -> None:
    for structure in (check, read):
        match structure(kind, value):
            case Success(structured):
                assert structured == expected
                assert type(structured) is type(expected)
            case Failure(problems):
                pytest.fail(str(problems))
    guessed = guess(kind, value)
    assert guessed == expected
    assert type(guessed) is type(expected)


@frozen
class Node:
    below: tuple[Node, ...]


def test_what_is_nested_too_deeply_is_told_and_kept_by_a_guess() -> None:
    data: dict[str, object] = {"below": []}
    for _ in range(100_000):
        data = {"below": [data]}
    for structure in (check, read):
        assert structure(Node, data) == Failure((Problem("$", "is nested too deeply"),))
    assert guess(Node, data) is data
    shallow: object = {"below": [{"below": ()}]}
    assert guess(Node, shallow) == Node((Node(()),))


@pytest.mark.parametrize(
    ("status", "body", "refusal"),
    [
        (404, b'""', Refusal("Not Found")),
        (404, b'{"detail": ""}', Refusal("Not Found")),
        (409, b"5", Refusal("Conflict")),
        (599, b"", Refusal("no reason given")),
        (400, b'{"detail": "No.", "a": ["b"]}', Refusal("No.", (Problem("$.a", "b"),))),
        (400, b'[["a"], "b"]', Refusal("$[0]: a; b", (Problem("$[0]", "a"), Problem("$", "b")))),
        (400, b'{"a": {"b c": 5}}', Refusal("$.a['b c']: 5", (Problem("$.a['b c']", "5"),))),
    ],
)
def test_what_a_server_says_when_it_refuses(status: int, body: bytes, refusal: Refusal) -> None:
    assert read_refusal(status, "application/json", body) == refusal


@pytest.mark.parametrize(
    ("content_type", "text", "told"),
    [
        ("text/plain", "a\n  b", "a b"),
        ("text/plain", "", "Bad Gateway"),
        ("text/plain", "1 < 2 and <b>", "1 < 2 and <b>"),
        ("text/plain", "\n<html><TITLE x='1'>a &amp;\nb</TITLE>c", "a & b"),
        ("text/html", "a <b\n>c</b> &lt;d", "a c <d"),
        ("text/html", "<p></p>", "Bad Gateway"),
        ("text/html", "<title></title>a", "Bad Gateway"),
        ("text/plain", "x" * LONGEST, "x" * LONGEST),
        ("text/plain", "x" * (LONGEST + 1), "x" * (LONGEST - 3) + "..."),
    ],
)
def test_what_a_proxy_says(content_type: str, text: str, told: str) -> None:
    assert read_refusal(502, content_type, text.encode()) == Refusal(told)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (File("a", "text"), "is no File of a name, bytes or a source of them, and a media type"),  # type: ignore[arg-type]  # what it is about
        (File("a", [b"1"], size=-1), "is no File of a name, bytes or a source of them, and a me"),
        ("\ud800", "holds a lone surrogate, which UTF-8 cannot carry"),
        ({"b": 1}, "is nested, which a form cannot carry: `upload_data` sends the files first and"),
    ],
)
def test_what_no_form_can_carry(value: object, said: str) -> None:
    problems = form({"b c": value}).failure()
    assert [problem.path for problem in problems] == ["$['b c']"]
    assert problems[0].message.startswith(said)


def test_of_several_alternatives_any_may_fit() -> None:
    for structure in (check, read):
        assert structure(int | UUID | datetime, str(UUID(int=1))) == Success(UUID(int=1))
