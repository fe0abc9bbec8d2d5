from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Failure, Success
from cvatfn.api import invitations, jobs, tasks, webhooks
from cvatfn.cli.conditions import filter_of, listed_by, order_of
from cvatfn.cli.listing import listings
from cvatfn.filters import F, Filter, Tasks, ordered, parsed
from cvatfn.testing.strategies import filters

TASKS = listed_by(tasks.list)


def _made(*texts: str) -> object:
    return filter_of(TASKS, texts).unwrap()


def _wrong(*texts: str) -> list[str]:
    return [problem.message for problem in filter_of(TASKS, texts).failure()]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("name=cats", F.name == "cats"),
        ("name == cats", F.name == "cats"),
        ("name!=cats", ~(F.name == "cats")),
        ("id>5", F.id > 5),
        (" id >= 5 ", F.id >= 5),
        ("id<5", F.id < 5),
        ("id<=-5", F.id <= -5),
        ("name~draft of", F.name.contains("draft of")),
        ("name~[draft]", F.name.contains("[draft]")),
        ('name~" a"', F.name.contains(" a")),
        ("name=a=b", F.name == "a=b"),
        ("name=", F.name == ""),
        ('name="null"', F.name == "null"),
        ('name=" a "', F.name == " a "),
        ("assignee=null", F.assignee == None),  # noqa: E711 - it makes a filter
        ("assignee!=null", ~(F.assignee == None)),  # noqa: E711 - as above
        ("id=[3,5]", F.id.one_of([3, 5])),
        ("id!=[3,5]", ~F.id.one_of([3, 5])),
        ('status=["annotation","completed"]', F.status.one_of(["annotation", "completed"])),
        ("status=completed", F.status == "completed"),
        ("dimension=", F.dimension == ""),
        ("updated_date>2026-01-01T00:00Z", F.updated_date > "2026-01-01T00:00:00+00:00"),
    ],
)
def test_a_condition_is_a_field_a_sign_and_a_value(text: str, meant: Filter[object]) -> None:
    assert _made(text) == meant


def test_all_conditions_must_hold() -> None:
    assert _made("id>5", "name~a", "id<9") == (F.id > 5) & F.name.contains("a") & (F.id < 9)
    assert _made() is None


@given(filters(Tasks))
def test_json_logic_is_taken_as_it_is(wanted: Filter[object]) -> None:
    assert filter_of(TASKS, [wanted.text], validated=False).unwrap() == wanted
    match filter_of(TASKS, [wanted.text]):
        case Success(found):
            assert found == wanted
        case Failure(problems):  # a value of a newer server
            assert all("is none of" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("status=brandnew", F.status == "brandnew"),
        ("priority>3", F.priority > 3),
        ("priority=-3", F.priority == -3),
        ("priority=-", F.priority == "-"),
        ("boss=@ada", F.boss == "@ada"),
        ("priority=high", F.priority == "high"),
        ("urgent=true", F.urgent == True),  # noqa: E712 - it makes a filter
        ("id>x", F.id > "x"),
    ],
)
def test_a_newer_server_is_asked_what_this_release_does_not_know(
    text: str, meant: Filter[object]
) -> None:
    assert isinstance(filter_of(TASKS, [text]), Failure)
    assert filter_of(TASKS, [text], validated=False).unwrap() == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nmae=cats", "nmae=cats: there is no field 'nmae'; did you mean 'name'?"),
        ("id=x", "id=x: expected int, got 'x'"),
        ("id~5", "id~5: id is no text to find another one in"),
        ("name>a", "name>a: name has no order that > could ask for"),
        ("status=complted", "'complted' is none of annotation, validation, completed; did you"),
        ("id=null", 'id=null: id is never null; the text is written "null"'),
        ("id>null", "id>null: null is neither more nor less than anything"),
        ("id>[1]", "id>[1]: a list has no lists in it, and is compared by = and != alone"),
        ("id=[1,[2]]", "id=[1,[2]]: a list has no lists in it, and is compared"),
        ("id=[1", "is no JSON"),
        ('id="5"', "id expected int, got '5'"),
        ("updated_date>2026-01-01", "a time needs its zone, as in 2026-01-01T00:00:00+00:00"),
        ("cats", "cats: is no FIELD=VALUE"),
        ("=cats", "=cats: is no FIELD=VALUE"),
        ("", ": is no FIELD=VALUE"),
        ('{"like":[]}', "there is no operator 'like'"),
        ('{"==":[{"var":"nmae"},1]}', "there is no field 'nmae'; did you mean 'name'?"),
        ('{"==":[{"var":"id"},"1"]}', "id expected int, got '1'"),
        ('{"<=":["a",{"var":"name"},"b"]}', "name has no order"),
        ('{"in":[{"var":"status"},["foo"]]}', "status 'foo' is none of"),
        (f"id={'9' * 3000}", "JSON readers take no number as large as that"),
    ],
)
def test_what_the_listing_does_not_take_is_said(text: str, said: str) -> None:
    (message,) = _wrong(text)
    assert said in message


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    outcome = filter_of(TASKS, [text])
    assert str(outcome)
    assert str(order_of(TASKS, [text]))


def test_a_field_for_sorting_alone_is_not_compared() -> None:
    (problem,) = filter_of(
        listed_by(invitations.list), ["created_date>2026-01-01T00:00Z"]
    ).failure()
    assert "created_date is for --sort alone" in problem.message


def test_an_order_is_names_that_the_listing_is_sorted_by() -> None:
    order = order_of(TASKS, ["-updated_date", "name, -id"]).unwrap()
    assert order == ordered(-Tasks.updated_date, Tasks.name, -Tasks.id)
    (problem,) = order_of(TASKS, ["-nmae"]).failure()
    assert problem.message == "nothing is sorted by '-nmae'; did you mean 'name'?"
    (problem,) = order_of(listed_by(invitations.list), ["id"]).failure()
    assert problem.message.startswith("nothing is sorted by 'id'")
    order = order_of(TASKS, ["-priority"], validated=False).unwrap()
    assert order is not None
    assert order.text == "-priority"
    assert isinstance(order_of(TASKS, ["a,,b"], validated=False), Failure)


def test_every_listing_with_a_filter_has_its_fields() -> None:
    for endpoint in listings().values():
        takes = "filter" in {parameter.name for parameter in endpoint.parameters}
        assert bool(listed_by(endpoint)) == takes
    assert not listed_by(webhooks.list_deliveries)
    assert "stage" in listed_by(jobs.list)


def test_what_it_makes_is_what_the_library_reads_back() -> None:
    made = filter_of(TASKS, ["id=[3,5]", "name~a"]).unwrap()
    assert made is not None
    assert parsed(made.text).unwrap() == made
