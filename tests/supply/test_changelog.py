"""The changelog has the form of Keep a Changelog, and the version comes from one place."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from importlib import metadata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Request, Response, __version__, connect, in_memory
from cvatfn.testing.sandbox import serve
from supply.changelog import CHANGELOG, MODULE, cut, faults, sections, unready, versioned
from supply.wanted import ROOT

HEAD = "# Changelog\n\n## [Unreleased]\n"
CATS = "\n### Added\n\n- Cats.\n"
RELEASED = f"{HEAD}\n## [0.2.0] - 2026-12-01\n{CATS}\n## [0.1.0] - 2026-11-01\n{CATS}"
VERSIONS = st.tuples(*[st.integers(0, 20)] * 3).map(lambda parts: ".".join(map(str, parts)))


def test_the_changelog_is_in_form() -> None:
    assert list(faults(CHANGELOG.read_text(encoding="utf-8"), __version__)) == []


def test_a_changelog_in_form_has_no_faults() -> None:
    assert list(faults(RELEASED, "0.2.0")) == []
    assert list(faults(HEAD, "0.1.0")) == []
    assert list(faults(HEAD + CATS, "0.1.0")) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no title"),
        (RELEASED.replace("# Changelog", "# News", 1), "no title"),
        ("# Changelog\n", "no section [Unreleased]"),
        (RELEASED.replace("## [Unreleased]\n", ""), "no section [Unreleased]"),
        (RELEASED.replace("[Unreleased]", "[Unreleased] - 2026-12-02"), "no section [Unreleased]"),
        (RELEASED.replace("[0.1.0]", "0.1.0"), "not of the form"),
        (RELEASED.replace("[0.1.0]", "[cats]"), "not of the form"),
        (RELEASED.replace(" - 2026-11-01", ""), "not of the form"),
        (RELEASED.replace("2026-11-01", "2026-11-31"), "not of the form"),
        (RELEASED.replace("0.1.0", "0.2.0"), "releases are not in their order"),
        (RELEASED.replace("2026-11-01", "2026-12-02"), "days are not in their order"),
        (RELEASED.replace("### Added", "### Cats", 1), "no kind of change: Cats"),
        (RELEASED.replace("### Added", "### Added\n\n### Added", 1), "a heading twice"),
        (RELEASED.replace("- Cats.\n", "", 1), "[0.2.0] says nothing"),
        (RELEASED.replace("0.2.0", "0.3.0"), "knows 0.3.0, the package is 0.2.0"),
    ],
)
def test_what_is_out_of_form_is_told(text: str, said: str) -> None:
    assert any(said in each for each in faults(text, "0.2.0"))


def test_a_release_wants_its_section_and_nothing_left_over() -> None:
    assert list(unready(RELEASED, "0.2.0")) == []
    assert "no section [0.3.0]" in next(unready(RELEASED, "0.3.0"))
    assert "no section [0.1.0]" in next(unready(RELEASED, "0.1.0"))
    assert "[Unreleased] holds" in next(unready(RELEASED.replace(HEAD, HEAD + CATS), "0.2.0"))


@given(VERSIONS)
def test_what_is_cut_is_ready_and_loses_nothing(version: str) -> None:
    done = cut(HEAD + CATS, version, date(2026, 12, 1))
    assert list(faults(done, version)) == list(unready(done, version)) == []
    unreleased, released = sections(done)
    assert (unreleased.entries, released.entries) == (0, 1)
    assert released.name == version


@given(VERSIONS)
def test_the_module_is_given_its_version_and_nothing_else_changes(version: str) -> None:
    module = MODULE.read_text(encoding="utf-8")
    anew = versioned(module, version)
    assert anew.replace(f'"{version}"', f'"{__version__}"', 1) == module
    assert anew.count(f'__version__ = "{version}"') == 1


def test_the_version_is_the_same_wherever_it_is_said() -> None:
    command = [sys.executable, "-m", "hatchling", "metadata", "version"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    assert built.stdout.strip() == __version__ == metadata.version("cvatfn")
    assert _agent() == f"cvatfn/{__version__}"


def _agent() -> str | None:
    """What a connection calls itself, as a server sees it."""
    telling = in_memory(lambda request: Response(200, body=_told(request)))
    with serve(telling) as url, connect(url) as transport:
        return transport(Request("GET", "/")).unwrap().body.decode()


def _told(request: Request) -> bytes:
    return (request.headers.get("User-Agent") or "").encode()
