"""Reads `CHANGELOG.md`, and says in what it is not as Keep a Changelog wants it.

What is not released stands under `[Unreleased]`, and every release under its version and its day,
the newest first. The version itself is stated in `cvatfn/__init__.py`, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from attrs import frozen
from packaging.version import InvalidVersion, Version

from supply.wanted import ROOT

__all__ = [
    "CHANGELOG",
    "MODULE",
    "Section",
    "cut",
    "faults",
    "is_version",
    "sections",
    "unready",
    "versioned",
]

CHANGELOG = ROOT / "CHANGELOG.md"
MODULE = ROOT / "cvatfn" / "__init__.py"
UNRELEASED = "Unreleased"
KINDS = frozenset({"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"})
HEAD = re.compile(r"^## (.*)$", re.MULTILINE)
NAMED = re.compile(r"\[(?P<name>[^\]]+)\](?: - (?P<day>\S+))?")


@frozen
class Section:
    """What is said of one release, or of what is not released.

    :param name: its version, or `Unreleased`; the whole heading, where it is neither
    :param day: when it was released, as it is written
    :param kinds: the headings in it
    :param entries: how many changes it lists
    """

    name: str
    day: str | None
    kinds: tuple[str, ...]
    entries: int


def sections(text: str) -> tuple[Section, ...]:
    r"""The sections of a changelog, in their order.

    >>> sections("# Changelog\n\n## [0.1.0] - 2026-12-01\n\n### Added\n\n- Cats.\n")
    (Section(name='0.1.0', day='2026-12-01', kinds=('Added',), entries=1),)
    """
    _, *parts = HEAD.split(text)
    return tuple(_section(head, body) for head, body in zip(parts[::2], parts[1::2], strict=True))


def _section(head: str, body: str) -> Section:
    told = NAMED.fullmatch(head.strip())
    return Section(
        name=told["name"] if told else head,
        day=told["day"] if told else None,
        kinds=tuple(re.findall(r"^### (.*)$", body, re.MULTILINE)),
        entries=len(re.findall(r"^- ", body, re.MULTILINE)),
    )


def faults(text: str, version: str) -> Iterator[str]:
    """In what a changelog is not as it should be, at any time.

    :param version: the one that the package states
    """
    if not text.startswith("# Changelog\n"):
        yield "the changelog has no title"
    first, *released = sections(text) or (Section("", None, (), 0),)
    if (first.name, first.day) != (UNRELEASED, None):
        yield f"the changelog begins with no section [{UNRELEASED}]"
    for section in (first, *released):
        yield from _ill_made(section)
    known = [each for each in map(_version, released) if each is not None]
    if len(known) != len(released):
        yield "a heading is not of the form [version] - day"
    if not all(newer > older for newer, older in pairwise(known)):
        yield "the releases are not in their order"
    days = [each.day or "" for each in released]
    if days != sorted(days, reverse=True):
        yield "the days are not in their order"
    if known and known[0] > Version(version):
        yield f"the changelog knows {known[0]}, the package is {version}"


def _version(section: Section) -> Version | None:
    try:
        date.fromisoformat(section.day or "")
        return Version(section.name)
    except (InvalidVersion, ValueError):
        return None


def _ill_made(section: Section) -> Iterator[str]:
    unknown = sorted(set(section.kinds) - KINDS)
    if unknown:
        yield f"[{section.name}] has headings of no kind of change: {', '.join(unknown)}"
    if len(set(section.kinds)) != len(section.kinds):
        yield f"[{section.name}] has a heading twice"
    if section.name != UNRELEASED and not section.entries:
        yield f"[{section.name}] says nothing"


def unready(text: str, version: str) -> Iterator[str]:
    """What a release of a version lacks in the changelog."""
    first, *released = sections(text)
    if not any(each.name == version for each in released[:1]):
        yield f"the changelog has no section [{version}]: `make cut VERSION={version}` makes it"
    elif first.entries:
        yield f"[{UNRELEASED}] holds what belongs to [{version}], or to the next"


def is_version(said: str) -> bool:
    """Whether that is a version, written as packages write it.

    >>> [is_version(said) for said in ("0.2.0", "1.0.0rc1", "", "0.2.0 ", "cats")]
    [True, True, False, False, False]
    """
    try:
        return str(Version(said)) == said
    except InvalidVersion:
        return False


def cut(text: str, version: str, day: date) -> str:
    r"""Give what is not released to a version.

    >>> text = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Cats.\n"
    >>> print(cut(text, "0.1.0", date(2026, 12, 1)))
    # Changelog
    <BLANKLINE>
    ## [Unreleased]
    <BLANKLINE>
    ## [0.1.0] - 2026-12-01
    <BLANKLINE>
    ### Added
    <BLANKLINE>
    - Cats.
    <BLANKLINE>
    """
    head = f"## [{UNRELEASED}]\n"
    return text.replace(head, f"{head}\n## [{version}] - {day.isoformat()}\n", 1)


def versioned(module: str, version: str) -> str:
    """The module that states the version, with another one.

    >>> versioned('__version__ = "0.1.0"', "0.2.0")
    '__version__ = "0.2.0"'
    """
    said = f'__version__ = "{version}"'
    return re.sub(r'^__version__ = "[^"]*"$', said, module, count=1, flags=re.MULTILINE)
