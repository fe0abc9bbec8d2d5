"""A build that differs, lacks something, or took something along, is told by name."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from supply.building import contents, differences, faults
from supply.wanted import PROJECT, wants

CORE = [str(each) for each in wants(PROJECT.read_text(encoding="utf-8")).core]
METADATA = "\n".join(
    [
        "Metadata-Version: 2.4",
        "Name: cvatfn",
        "Version: 1",
        "Summary: cats",
        "Keywords: cats",
        "License-Expression: MIT",
        "License-File: LICENSE",
        "Requires-Python: >=3.11",
        "Classifier: Typing :: Typed",
        "Provides-Extra: images",
        "Description-Content-Type: text/markdown",
        *(f"Requires-Dist: {each}" for each in CORE),
        "",
        "cats",
    ]
)
PACKAGE = {"cvatfn/__init__.py": b"1"}
INFO = {"cvatfn-1.dist-info/METADATA": METADATA.encode()}
TREE = {**PACKAGE, "tests/test_cats.py": b"2", "PKG-INFO": b""}
TRACKED = ["cvatfn/__init__.py", "tests/test_cats.py"]


def _wheel(folder: Path, held: dict[str, bytes], year: int = 2020) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "cvatfn-1-py3-none-any.whl", "w") as archive:
        for name, data in held.items():
            archive.writestr(zipfile.ZipInfo(name, (year, 2, 2, 0, 0, 0)), data)


def _source(folder: Path, held: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    with tarfile.open(folder / "cvatfn-1.tar.gz", "w:gz") as archive:
        for name, data in held.items():
            member = tarfile.TarInfo(f"cvatfn-1/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def test_equal_archives_do_not_differ(tmp_path: Path) -> None:
    _wheel(tmp_path / "a", PACKAGE)
    _wheel(tmp_path / "b", PACKAGE)
    assert differences(tmp_path / "a", tmp_path / "b") == []


@pytest.mark.parametrize(
    ("held", "year", "said"),
    [
        ({"cvatfn/__init__.py": b"2"}, 2020, "differs in cvatfn/__init__.py"),
        ({}, 2020, "differs in cvatfn/__init__.py"),
        ({**PACKAGE, "stray": b""}, 2020, "differs in stray"),
        (PACKAGE, 2021, "differs in its order, times or modes"),
    ],
)
def test_what_differs_is_named(
    tmp_path: Path, held: dict[str, bytes], year: int, said: str
) -> None:
    _wheel(tmp_path / "a", PACKAGE)
    _wheel(tmp_path / "b", held, year)
    assert differences(tmp_path / "a", tmp_path / "b") == [f"cvatfn-1-py3-none-any.whl: {said}"]


def test_what_was_built_once_only_is_told(tmp_path: Path) -> None:
    _wheel(tmp_path / "a", PACKAGE)
    _source(tmp_path / "b", PACKAGE)
    said = differences(tmp_path / "a", tmp_path / "b")
    assert [each.rpartition(": ")[2] for each in said] == ["was built once only"] * 2
    assert len(differences(tmp_path / "a", tmp_path / "b", "*.whl")) == 1


def test_contents_are_known_by_their_paths_in_the_tree(tmp_path: Path) -> None:
    _source(tmp_path, TREE)
    assert contents(tmp_path / "cvatfn-1.tar.gz") == TREE


@pytest.mark.parametrize(
    ("source", "wheel", "said"),
    [
        ({}, {}, []),
        ({".hypothesis/x": b""}, {}, ["cvatfn-1.tar.gz: .hypothesis/x is a stray file"]),
        ({}, {"tests/x.py": b""}, ["cvatfn-1-py3-none-any.whl: tests/x.py is a stray file"]),
    ],
)
def test_what_is_not_committed_is_a_stray_file(
    tmp_path: Path, source: dict[str, bytes], wheel: dict[str, bytes], said: list[str]
) -> None:
    _source(tmp_path, {**TREE, **source})
    _wheel(tmp_path, {**PACKAGE, **INFO, **wheel})
    assert faults(tmp_path, TRACKED) == said


def test_what_is_committed_and_not_in_the_archives_is_missing(tmp_path: Path) -> None:
    _source(tmp_path, {"PKG-INFO": b"", **PACKAGE})
    _wheel(tmp_path, INFO)
    assert [each.partition(": ")[2] for each in faults(tmp_path, TRACKED)] == [
        "tests/test_cats.py is missing",
        "cvatfn/__init__.py is missing",
    ]


@pytest.mark.parametrize("line", ["License-Expression: MIT", "Summary: cats", CORE[0]])
def test_metadata_say_all_that_they_should(tmp_path: Path, line: str) -> None:
    _source(tmp_path, TREE)
    left = "\n".join(each for each in METADATA.splitlines() if not each.endswith(line))
    _wheel(tmp_path, {**PACKAGE, "cvatfn-1.dist-info/METADATA": left.encode()})
    (said,) = faults(tmp_path, TRACKED)
    assert said.startswith("METADATA: ")
