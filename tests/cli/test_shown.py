from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from enum import Enum
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from cvatfn import Response
from cvatfn.cli import tables
from cvatfn.cli.columns import cell, chosen, leaves, value_at
from cvatfn.cli.shown import escaped, json_text
from cvatfn.cli.tables import fitting, with_room
from cvatfn.codecs.showing import readable
from cvatfn.models import TaskRead
from cvatfn.testing.sandbox import Sandbox
from tests.cli.kit import Echo, run

EVIL = "\x1b]0;mine\x07\x9b2J\r\u202egpj\u2028\x7f"


def _moves_a_cursor(text: str) -> bool:
    return not all(each.isprintable() or each == "\n" for each in text.replace("\r\n", "\n"))


@given(st.text())
def test_json_is_the_same_value_and_moves_no_cursor(text: str) -> None:
    for indented in (False, True):
        written = json_text({"name": text}, indented=indented)
        assert json.loads(written) == {"name": text}
        assert not _moves_a_cursor(written)


@given(st.text())
def test_whatever_is_escaped_moves_no_cursor(text: str) -> None:
    assert not _moves_a_cursor(escaped(text))


@pytest.mark.parametrize("form", ["--table", "--json", "--jsonl", "--csv"])
def test_no_name_that_a_server_sends_moves_a_cursor(
    form: str, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "on_terminal", lambda: True)
    run(sandbox, "call", "tasks.create", "--body", json.dumps({"name": EVIL}))
    listed = run(sandbox, "list", "tasks", form, "--fields=name,id")
    assert "gpj" in listed.stdout
    assert not _moves_a_cursor(listed.stdout)


def test_no_error_that_a_server_sends_moves_a_cursor() -> None:
    refused = Echo(Response(400, {"X-Request-Id": EVIL}, json.dumps({"detail": EVIL}).encode()))
    for words in ((), ("--json",), ("-v",)):
        said = run(refused, "call", "tasks.retrieve", "--id=1", *words)
        assert "gpj" in said.stderr
        assert not _moves_a_cursor(said.stderr)


def test_no_raw_answer_moves_a_cursor_of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    answered = Echo(Response(200, body=EVIL.encode()))
    words = ("call", "tasks.retrieve", "--id=1", "--raw")
    assert run(answered, *words).stdout_bytes == EVIL.encode() + b"\n"
    monkeypatch.setattr("cvatfn.cli.answering.on_terminal", lambda: True)
    assert not _moves_a_cursor(run(answered, *words).stdout)


def test_csv_in_a_pipe_is_the_same_value(sandbox: Sandbox) -> None:
    name = 'two\nlines, "quotes" and a\ttab'
    run(sandbox, "call", "tasks.create", "--name", name)
    listed = run(sandbox, "list", "tasks", "--csv", "--fields=name,id")
    assert next(csv.DictReader(StringIO(listed.stdout, newline="")))["name"] == name


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_a_formula_for_a_spreadsheet(name: str, sandbox: Sandbox) -> None:
    run(sandbox, "call", "tasks.create", "--body", json.dumps({"name": name}))
    listed = run(sandbox, "list", "tasks", "--csv", "--fields=name,id").stdout_bytes.decode()
    (_, (written, _)) = csv.reader(StringIO(listed, newline=""))
    assert written == f"'{name}"


def test_a_number_below_zero_stays_one(capfd: pytest.CaptureFixture[str]) -> None:
    tables.write([{"x": -1.5}], tables.Form.CSV, ("x",))
    assert capfd.readouterr().out == "x\r\n-1.5\r\n"


class Light(Enum):
    RED = "red"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (False, "false"),
        (Light.RED, "red"),
        (-3, "-3"),
        (datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01T00:00:00+00:00"),
        ({"a": (1, None)}, '{"a":[1,null]}'),
    ],
)
def test_a_cell_shows_what_json_would(value: object, text: str) -> None:
    assert cell(value) == text


@given(st.lists(st.integers(1, 200), min_size=1, max_size=12), st.integers(1, 300))
def test_columns_fit_the_line_or_are_as_narrow_as_they_get(natural: list[int], width: int) -> None:
    widths = fitting(natural, width)
    assert all(new <= old for new, old in zip(widths, natural, strict=True))
    assert sum(widths) + 2 * (len(widths) - 1) <= width or max(widths) <= 4
    assert fitting(natural, None) == natural


@given(st.lists(st.text(), min_size=2, max_size=2), st.integers(20, 200))
def test_no_row_of_a_table_is_longer_than_its_line(cells: list[str], width: int) -> None:
    shown = [readable(each) for each in cells]
    lines = [*tables.lines_of(("id", "name"), [shown], (), width)]
    assert len(lines) == 2
    assert all(cell_len(line) <= width for line in lines)


@given(st.lists(st.integers(1, 200), min_size=1, max_size=12), st.integers(1, 300))
def test_columns_are_left_out_before_they_cannot_be_read(natural: list[int], width: int) -> None:
    count = with_room(natural, width)
    assert 1 <= count <= len(natural)
    widths = fitting(natural[:count], width)
    enough = all(got >= min(each, 16) for got, each in zip(widths, natural, strict=False))
    assert enough or count == 1


def test_columns_that_somebody_asks_for_are_never_left_out() -> None:
    wide = ["x" * 50] * 5
    names = tuple("abcde")
    (head, _) = tables.lines_of(names, [wide], [], 30)
    assert head.split() == [*names]
    (head, _) = tables.lines_of(names, [wide], [], 30, dropping=True)
    assert head.split() == ["a"]


def test_paths_lead_to_what_the_model_has() -> None:
    assert chosen(TaskRead, "id,owner,jobs.count").unwrap() == ("id", "owner", "jobs.count")
    wrong = [problem.message for problem in chosen(TaskRead, "idd,,owner.nmae").failure()]
    assert wrong[0] == "there is no 'idd'; did you mean 'id'?"
    assert len(wrong) == 3
    assert all(chosen(TaskRead, path).unwrap() for path in leaves(TaskRead))


def test_what_is_absent_on_the_way_is_null() -> None:
    assert value_at({"owner": None}, ("owner", "id")) is None
