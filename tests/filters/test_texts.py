"""Filters as texts: written in one way, read back as the same; no text makes the reader raise."""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cvatfn.filters import F, Filter, parsed
from cvatfn.filters.parsing import DEEPEST
from cvatfn.outcome import Failure, Success
from cvatfn.testing.filtering import matches
from tests.filters.model import COLUMNS, Case, Row, cases, rows

FILTERS = cases(COLUMNS).map(lambda case: case.filter)


@given(FILTERS)
def test_what_is_written_is_read_as_the_same(filter: Filter[object]) -> None:
    assert parsed(filter.text) == Success(filter)


@given(cases(COLUMNS), rows)
def test_what_is_read_selects_the_same(case: Case, row: Row) -> None:
    assert matches(parsed(case.filter.text).unwrap(), row) == case.holds(row)


@given(FILTERS)
def test_what_is_shown_is_python_that_makes_the_same(filter: Filter[object]) -> None:
    assert eval(repr(filter), {"F": F}) == filter  # noqa: S307 - our own text


@given(st.text() | st.sampled_from(["a b", "class", "_x", "ﬁ", ""]), st.text())
def test_any_name_can_be_shown(name: str, value: str) -> None:
    filter = (F[name] == value) & ~F[name].contains(value) | F[name].present
    assert eval(repr(filter), {"F": F}) == filter  # noqa: S307 - our own text
    assert parsed(filter.text) == Success(filter)


@given(FILTERS)
def test_texts_are_compact_and_data_are_the_same(filter: Filter[object]) -> None:
    assert json.loads(filter.text) == filter.data
    assert msgspec.json.encode(filter.data).decode() == filter.text


# What others write


WORDS = st.sampled_from(["==", "<", "<=", ">", ">="])
KNOWN = st.integers(-2, 2)
NUMBERS = st.none() | KNOWN
WHERE = {"var": "project_id"}


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=1, max_size=3)
    return st.one_of(
        st.tuples(st.sampled_from(["!", "!!"]), inner).map(lambda pair: {pair[0]: pair[1]}),
        st.tuples(st.sampled_from(["and", "or"]), several).map(lambda pair: {pair[0]: pair[1]}),
    )


CONDITIONS: list[st.SearchStrategy[Any]] = [
    st.sampled_from(sorted(COLUMNS)).map(lambda name: {"var": name}),
    NUMBERS.map(lambda value: {"==": [WHERE, value]}),
    st.tuples(WORDS, KNOWN).map(lambda drawn: {drawn[0]: [WHERE, drawn[1]]}),
    st.tuples(KNOWN, KNOWN).map(lambda drawn: {"<=": [drawn[0], WHERE, drawn[1]]}),
    st.lists(NUMBERS, max_size=3).map(lambda values: {"in": [WHERE, values]}),
    st.sampled_from(["", "c", "C"]).map(lambda text: {"in": [text, {"var": "owner"}]}),
]
RULES: st.SearchStrategy[Any] = st.recursive(st.one_of(CONDITIONS), composed, max_leaves=8)


def holds(rule: Any, row: Row) -> bool:
    """JSON Logic by CVAT's rules, straight from the JSON."""
    ((word, given),) = rule.items()
    if word in ("and", "or"):
        return (all if word == "and" else any)([holds(part, row) for part in given])
    if word == "!":
        return not holds(given, row)
    if word == "!!":
        return holds(given, row)
    if word == "var":
        return row[given] is not None
    if len(given) == 3:
        low, middle, high = given
        return holds({">=": [middle, low]}, row) and holds({"<=": [middle, high]}, row)
    first, second = given
    if isinstance(first, str):
        return row[second["var"]] is not None and first in str(row[second["var"]])
    value: Any = row[first["var"]]
    if word != "==" and None in (value, second):
        return False  # a list that holds null does not find it either
    if word == "in":
        return value in [*second]
    return bool(
        getattr(operator, {"==": "eq", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}[word])(
            value, second
        )
    )


@given(RULES, rows)
def test_whatever_cvat_understands_is_read_and_means_the_same(rule: Any, row: Row) -> None:
    read = parsed(json.dumps(rule)).unwrap()
    assert matches(read, row) == holds(rule, row)
    assert parsed(read.text) == Success(read)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    words = ["and", "or", "!", "!!", "var", "==", "<", "<=", "in", "!=", "x"]
    keyed = st.dictionaries(st.sampled_from(words), inner, max_size=2)
    return st.lists(inner, max_size=3) | keyed


PLAIN: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
)
JSON: st.SearchStrategy[Any] = st.recursive(PLAIN, nested, max_leaves=12)


@given(JSON.map(json.dumps) | st.text())
def test_nothing_that_is_sent_makes_the_reader_raise(text: str) -> None:
    match parsed(text):
        case Success(filter):
            assert parsed(filter.text) == Success(filter)
        case Failure(problem):
            assert problem.message


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("", "$", "no JSON"),
        ("{", "$", "no JSON"),
        ("\ud800", "$", "no JSON"),
        ("1" * 5000, "$", "no JSON"),
        ("null", "$", "an object with one operator"),
        ("{}", "$", "an object with one operator"),
        ('{"var":"a","==":[]}', "$", "an object with one operator"),
        ('{"and":[]}', "$.and", "at least one rule"),
        ('{"or":{"var":"a"}}', "$.or", "at least one rule"),
        ('{"or":[{"var":"a"},{"and":[7]}]}', "$.or[1].and[0]", "an object with one operator"),
        ('{"!":[{"var":"a"}]}', "$['!']", "an object with one operator"),
        ('{"!=":[{"var":"a"},1]}', "$", "no operator '!='"),
        ('{"+":[1,2]}', "$", "no operator '+'"),
        ('{"var":["a"]}', "$.var", "no arguments of this operator"),
        ('{"==":[{"var":"a"}]}', "$['==']", "no arguments of this operator"),
        ('{"==":[1,{"var":"a"}]}', "$['==']", "no arguments of this operator"),
        ('{"==":[{"var":"a"},{"var":"b"}]}', "$['==']", "no arguments of this operator"),
        ('{"<":[1,{"var":"a"},2]}', "$['<']", "no arguments of this operator"),
        # Django refuses to compare with null (`Cannot use None as a query value`): a 500.
        ('{"<":[{"var":"a"},null]}', "$['<']", "no arguments of this operator"),
        ('{"<=":[null,{"var":"a"},2]}', "$['<=']", "no arguments of this operator"),
        ('{"<=":[1,{"var":"a"},null]}', "$['<=']", "no arguments of this operator"),
        ('{"in":[{"var":"a"},"abc"]}', "$.in", "no arguments of this operator"),
        ('{"in":[{"var":"a"},[[1]]]}', "$.in", "no arguments of this operator"),
        ('{"in":[1,{"var":"a"}]}', "$.in", "no arguments of this operator"),
    ],
)
def test_what_cvat_does_not_understand_is_told_with_its_place(
    text: str, path: str, said: str
) -> None:
    problem = parsed(text).failure()
    assert problem.path == path
    assert said in problem.message


def test_what_is_told_of_a_long_text_is_short() -> None:
    assert len(str(parsed(f'{{"{"k" * 10_000}":1}}').failure())) < 100


@pytest.mark.parametrize("word", ["!", "!!", "and", "or"])
@pytest.mark.parametrize("depth", [DEEPEST + 1, 100_000])
def test_nesting_has_an_end(word: str, depth: int) -> None:
    opened, closed = ("[", "]") if word in ("and", "or") else ("", "")
    text = f'{{"{word}":{opened}' * depth + '{"var":"a"}' + f"{closed}}}" * depth
    assert "deep" in parsed(text).failure().message


def test_nesting_up_to_that_end_is_read() -> None:
    text = '{"!":' * DEEPEST + '{"var":"a"}' + "}" * DEEPEST
    assert parsed(text) == Success(F.a.present)


# What the evaluator says of values that do not fit


@given(rows, st.sampled_from(sorted(COLUMNS)), st.text(max_size=5))
def test_values_of_another_kind_are_never_equal(row: Row, name: str, text: str) -> None:
    assume(not isinstance(row[name], str | datetime))
    assert not matches(F[name] == text, row)
    assert not matches((F[name] < text) | (F[name] >= text), row)


def test_a_time_is_compared_as_a_time_not_as_a_text() -> None:
    row: Mapping[str, datetime] = {"at": datetime.fromisoformat("2026-01-01T12:00:00+00:00")}
    assert matches(F.at == "2026-01-01T14:00:00+02:00", row)
    assert matches(F.at == "2026-01-01T12:00:00", row)  # CVAT's own zone is UTC
    assert matches(F.at > "2026-01-01", row)
    assert not matches((F.at == "noon") | (F.at < "noon") | (F.at == 12), row)


def test_a_field_that_a_row_lacks_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError, match="id"):
        matches(F.id == 1, {})
