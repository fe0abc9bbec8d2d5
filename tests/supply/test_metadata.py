"""What the metadata say is true: of Pythons, of kinds, of places."""

from __future__ import annotations

import tomllib
from urllib.parse import urlsplit

from packaging.specifiers import SpecifierSet
from trove_classifiers import classifiers as known

from supply.wanted import PROJECT, ROOT

SAID = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
CLASSIFIERS: list[str] = SAID["classifiers"]
PYTHON = "Programming Language :: Python :: "
RESERVED = ("example", "invalid", "localhost", "test")


def test_each_classifier_is_one_and_stands_once_and_in_order() -> None:
    assert [each for each in CLASSIFIERS if each not in known] == []
    assert sorted(set(CLASSIFIERS)) == CLASSIFIERS


def test_the_pythons_that_are_classified_are_allowed_and_the_one_before_is_not() -> None:
    said = [each.removeprefix(PYTHON) for each in CLASSIFIERS if each.startswith(f"{PYTHON}3.")]
    minors = [int(each.partition(".")[2]) for each in said]
    allowed = SpecifierSet(SAID["requires-python"])
    assert minors == list(range(min(minors), max(minors) + 1))
    assert all(allowed.contains(f"3.{minor}") for minor in minors)
    assert not allowed.contains(f"3.{min(minors) - 1}")


def test_types_are_said_to_be_there_and_are() -> None:
    assert "Typing :: Typed" in CLASSIFIERS
    assert (ROOT / "cvatfn" / "py.typed").exists()


def test_no_place_is_made_up() -> None:
    urls: dict[str, str] = SAID.get("urls", {})
    hosts = [urlsplit(url).hostname or "" for url in urls.values()]
    assert [host for host in hosts if _is_made_up(host)] == []


def _is_made_up(host: str) -> bool:
    """By RFC 2606: nobody has such a name."""
    return not host or host.rpartition(".")[2] in RESERVED or host.startswith("example.")
