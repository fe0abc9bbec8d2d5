"""The locks hold what `pyproject.toml` asks for, on every platform, and name no place."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from supply.locking import LOWEST
from supply.wanted import LOCKS, PROJECT, Pin, Wants, lower_bound, pins, wants

WANTED = wants(PROJECT.read_text(encoding="utf-8"))
LOCKED = {path.stem: pins(path.read_text(encoding="utf-8")) for path in LOCKS.glob("*.txt")}
DIRECT = {
    *WANTED.core,
    *(each for extra in WANTED.extras.values() for each in extra),
    *(each for group in WANTED.groups.values() for each in group),
    *WANTED.backend,
}
MACHINES = [
    {
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
        "platform_system": system,
        "python_full_version": f"{python}.1",
        "python_version": python,
        "sys_platform": platform,
    }
    for python in ("3.11", "3.12", "3.13")
    for platform, system in (("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows"))
]
# Where a lower version may be locked than the bound says: nowhere. These have higher ones, since
# another dependency asks for them.
NAMED = re.compile(r"https?:|file:|://|@|/|--(?!hash=)|^-", re.MULTILINE)


def test_the_core_needs_six_libraries_and_no_more() -> None:
    assert sorted(each.name for each in WANTED.core) == [
        "attrs",
        "cattrs",
        "msgspec",
        "returns",
        "typing-extensions",
        "urllib3",
    ]


@pytest.mark.parametrize("requirement", sorted(DIRECT, key=str), ids=str)
def test_every_direct_dependency_has_a_lower_bound(requirement: Requirement) -> None:
    assert lower_bound(requirement) is not None
    assert requirement.url is None


def test_there_is_a_lock_for_each_group_and_one_of_lower_bounds() -> None:
    assert sorted(LOCKED) == sorted([*WANTED.locked(), LOWEST])


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_a_lock_holds_what_is_asked_for_on_every_machine(name: str) -> None:
    for machine in MACHINES:
        there = [pin for pin in LOCKED[name] if pin.counts(machine)]
        versions = {pin.name: pin.version for pin in there}
        assert len(versions) == len(there)
        for requirement in WANTED.locked()["dev" if name == LOWEST else name]:
            if requirement.marker is None or requirement.marker.evaluate(machine):
                version = versions[canonicalize_name(requirement.name)]
                assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("name", sorted(LOCKED))
def test_a_lock_has_a_hash_for_each_file_and_names_no_place(name: str) -> None:
    assert LOCKED[name]
    for pin in LOCKED[name]:
        assert pin.hashes
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in pin.hashes)
        assert pin.requirement.url is None
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    _, lines = text.split("\n\n", 1) if "\n\n" in text else ("", text)
    told = [line for line in lines.splitlines() if not line.startswith("#")]
    assert [line for line in told if NAMED.search(line)] == []


@pytest.mark.parametrize("requirement", WANTED.locked()["dev"], ids=str)
def test_the_lowest_lock_is_at_the_lower_bounds(requirement: Requirement) -> None:
    (only,) = [pin for pin in LOCKED[LOWEST] if pin.name == canonicalize_name(requirement.name)]
    begins = max(
        lower_bound(each) or only.version
        for each in WANTED.locked()["dev"]
        if canonicalize_name(each.name) == only.name
    )
    # A release that adds nothing but zeros is the same; stubs number their days behind it.
    assert only.version.release[: len(begins.release)] == begins.release


def test_groups_are_locked_to_the_versions_of_development() -> None:
    dev = {pin.name: pin.version for pin in LOCKED["dev"]}
    for name in LOCKED.keys() - {"dev", LOWEST}:
        shared = {pin.name: pin.version for pin in LOCKED[name] if pin.name in dev}
        assert shared == {each: dev[each] for each in shared}


def test_what_builds_a_release_is_locked() -> None:
    (backend,) = WANTED.backend
    assert backend in WANTED.groups["dev"]
    assert any(pin.name == backend.name for pin in LOCKED["dev"])


def test_a_package_does_not_ask_for_itself() -> None:
    told = """
        build-system.requires = []
        dependency-groups.dev = ["The_Cats[fast]", "pytest>=9"]
        [project]
        name = "the-cats"
        dependencies = []
        optional-dependencies.fast = ["msgspec>=0.20"]
    """
    read = wants(told)
    assert read.locked() == {"dev": (Requirement("msgspec>=0.20"), Requirement("pytest>=9"))}
    assert isinstance(read, Wants)


def test_a_pin_counts_where_its_marker_says() -> None:
    pin = Pin(Requirement("colorama==1 ; sys_platform == 'win32'"), ())
    assert [pin.counts(machine) for machine in MACHINES[:3]] == [False, False, True]
