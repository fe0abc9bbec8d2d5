"""The page of promises names tests that there are, and commands that CI runs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "promises.md"
AREAS = [
    "Values, not exceptions",
    "Time",
    "Memory",
    "Secrets",
    "Origins and injection",
    "Files",
    "Repeats",
    "Concurrency",
    "Event loops",
    "Inputs",
    "Command line",
    "Documentation",
    "Supply",
]


def rows(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each promise, with what is said to hold it."""
    for line in page.splitlines():
        if line.startswith("|") and not re.match(r"\|\s*(-|promise\b)", line):
            promise, *rest = line.strip("|").split(" | ")
            yield promise.strip(), re.findall(r"`([^`]+)`", " | ".join(rest))


def cannot_be_found(holder: str) -> str | None:
    """Why that holds nothing, if so: a test by `path::name`, or a command that CI runs."""
    if holder.startswith("make "):
        return None if holder in _commands() else "CI does not run it"
    path, *names = holder.partition("[")[0].split("::")
    if not (names and names[-1].startswith("test") and (ROOT / path).is_file()):
        return "there is no such file of tests"
    return None if "::".join(names) in _tests(path) else "there is no such test"


@cache
def _commands() -> frozenset[str]:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    made = re.findall(
        r"^([\w-]+)(?: [\w-]+)*:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    run = " ".join(re.findall(r"^(?:\S+=\S+ )?make (.+)$", script, re.MULTILINE)).split()
    return frozenset(f"make {target}" for target in run if target in made)


@cache
def _tests(path: str) -> frozenset[str]:
    """The tests of a file, by what is defined in it: as functions, or in classes."""
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    classes = [node for node in body if isinstance(node, ast.ClassDef)]
    inner = [f"{outer.name}::{name}" for outer in classes for name in _functions(outer.body)]
    return frozenset([*_functions(body), *inner])


def _functions(body: list[ast.stmt]) -> list[str]:
    return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


PROMISES = list(rows(PAGE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("promise", "holders"), PROMISES, ids=[promise for promise, _ in PROMISES])
def test_a_promise_is_held_by_tests_that_there_are(promise: str, holders: list[str]) -> None:
    assert promise.endswith(".")
    assert [each for each in holders if not each.startswith("make ")]
    assert {each: why for each in holders if (why := cannot_be_found(each))} == {}


def test_no_promise_is_made_twice() -> None:
    promises = [promise for promise, _ in PROMISES]
    assert len(set(promises)) == len(promises)


def test_every_area_has_promises() -> None:
    page = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^## (.*)$", page, flags=re.MULTILINE)[1:]
    assert parts[::2] == AREAS
    assert all(list(rows(text)) for text in parts[1::2])


@pytest.mark.parametrize(
    ("holder", "why"),
    [
        ("tests/test_promises.py::test_no_promise_is_made_twice", None),
        ("tests/test_promises.py::test_no_promise_is_made_twice[1-2]", None),
        ("tests/test_promises.py::test_nothing", "there is no such test"),
        ("tests/test_promises.py::rows", "there is no such file of tests"),
        ("tests/test_nothing.py::test_nothing", "there is no such file of tests"),
        ("tests/test_promises.py", "there is no such file of tests"),
        ("make test", None),
        ("make demo", "CI does not run it"),
        ("make nothing", "CI does not run it"),
    ],
)
def test_what_holds_nothing_is_told(holder: str, why: str | None) -> None:
    assert cannot_be_found(holder) == why


def test_a_row_without_tests_is_seen() -> None:
    assert list(rows("| promise | held by |\n|---|---|\n| It works. | |\n")) == [("It works.", [])]


def test_the_pages_lead_to_each_other() -> None:
    assert "(docs/promises.md)" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "(../SECURITY.md)" in PAGE.read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(docs/promises.md)" in readme
    assert "(SECURITY.md)" in readme
