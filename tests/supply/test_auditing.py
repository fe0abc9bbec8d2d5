"""What the auditor says is told as it is: above all that it could not be asked."""

from __future__ import annotations

import json
from email.message import Message
from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supply.auditing import Audit, ask, audited, licence, unlicensed
from supply.wanted import Pin, pins

HOLE = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2"]}


def _said(*answers: object) -> str:
    return json.dumps({"dependencies": answers, "fixes": []})


def test_a_hole_is_found_under_all_its_names() -> None:
    said = _said({"name": "cats", "version": "1", "vulns": [HOLE]})
    assert audited(["cats==1"], said, "") == Audit(
        found={"cats==1": ("PYSEC-2026-1 CVE-2026-1",)}, unasked={}, asked=1
    )


def test_a_version_that_the_service_does_not_know_is_not_a_clean_one() -> None:
    said = _said({"name": "cats", "skip_reason": "Dependency not found: cats (1)"})
    told = audited(["cats==1"], said, "No known vulnerabilities found")
    assert told.unasked == {"cats==1": "Dependency not found"}
    assert "NOT AUDITED: 1" in str(told)
    assert told.asked == 0


@given(st.lists(st.sampled_from("abcd"), unique=True, min_size=1), st.text())
def test_whatever_the_auditor_says_each_version_is_accounted_for(
    names: list[str], said: str
) -> None:
    versions = [f"{name}==1" for name in names]
    told = audited(versions, said, "Traceback:\nConnectionError: no network\n")
    assert told.unasked == dict.fromkeys(versions, "ConnectionError: no network")
    assert told.asked + len(told.unasked) == len(versions)
    silent = audited(versions, said, "")
    assert set(silent.unasked.values()) == {"the auditor said nothing"}


def test_a_package_in_two_versions_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def note(versions: list[str], _: list[str]) -> Audit:
        asked.append(versions)
        return Audit({}, {}, len(versions))

    monkeypatch.setattr("supply.auditing._asked", note)
    locked: tuple[Pin, ...] = pins("a==1\nb==1\n") + pins("a==2\nb==1\n")
    assert ask(locked).asked == 3
    assert sorted(map(sorted, asked)) == [["a==1", "b==1"], ["a==2"]]


def _metadata(**fields: str) -> metadata.PackageMetadata:
    message = Message()
    for name, said in fields.items():
        message[name.replace("_", "-")] = said
    return message  # type: ignore[return-value]  # what importlib.metadata reads is a Message, too


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"License_Expression": "MIT", "License": "x"}, "MIT"),
        ({"License": "MIT License"}, "MIT"),
        ({"Classifier": "License :: OSI Approved :: BSD License"}, "BSD-3-Clause"),
        ({"Classifier": "Typing :: Typed"}, ""),
        ({"License": "ask me"}, "ask me"),
    ],
)
def test_a_licence_is_read_wherever_it_is_stated(fields: dict[str, str], said: str) -> None:
    assert licence(_metadata(**fields)) == said


@pytest.mark.parametrize("said", ["GPL-3.0-only", "MIT AND GPL-3.0-only", "", "ask me", "AND"])
def test_what_was_not_agreed_to_is_told(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def told(_: str) -> metadata.PackageMetadata:
        return _metadata(License_Expression=said)

    monkeypatch.setattr("importlib.metadata.metadata", told)
    assert unlicensed(["cats"]) == [f"cats: {said or 'says no licence'}"]


def test_what_users_install_is_under_licences_that_were_agreed_to() -> None:
    names = ["attrs", "cattrs", "msgspec", "returns", "typing-extensions", "urllib3"]
    extras = ["av", "hypothesis", "pillow", "pypdfium2", "rich", "tqdm", "werkzeug"]
    assert unlicensed([*names, *extras]) == []
