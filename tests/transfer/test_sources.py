"""Files of any kind are named, measured and read in stretches; what is wrong is told before."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Final, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File
from cvatfn.codecs.files import Content, FileLike
from cvatfn.errors import InvalidParams
from cvatfn.outcome import Failure, Success
from cvatfn.transfer.errors import DiskError
from cvatfn.transfer.sources import Local, found
from cvatfn.transport.contents import pieces_of

NAME: Final = "tasks.create_data"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def one(stack: ExitStack, file: FileLike) -> Local:
    (local,) = found(NAME, [file], stack).unwrap()
    return local


def read(local: Local, offset: int = 0, size: int | None = None) -> bytes:
    size = local.size - offset if size is None else size
    return b"".join(map(bytes, pieces_of(Content((local.part(offset, size),)))))


class Trickle:
    """An open file that cannot be put back, and gives little at a time."""

    def __init__(self, content: bytes) -> None:
        self._left = BytesIO(content)

    def read(self, size: int, /) -> bytes:
        return self._left.read(min(size, 3))


def test_every_kind_of_file(stack: ExitStack, tmp_path: Path) -> None:
    path = tmp_path / "path.bin"
    path.write_bytes(b"0123456789")
    advanced = BytesIO(b"....0123456789")
    advanced.seek(4)
    with path.open("rb") as opened:
        opened.read(2)
        given_files: list[FileLike] = [
            path,
            b"0123456789",
            File("advanced", advanced),
            File("iterator", iter([b"01234", b"", b"56789"])),
            File("list", [b"01234", b"56789"]),
            File("trickle", Trickle(b"0123456789")),
            File("folder/open", opened),
        ]
        locals_ = found(NAME, given_files, stack).unwrap()
        names = ["path.bin", "file", "advanced", "iterator", "list", "trickle", "folder/open"]
        assert [local.name for local in locals_] == names
        assert [local.size for local in locals_] == [10] * 6 + [8]
        for _ in range(2):
            assert [read(local) for local in locals_[:-1]] == [b"0123456789"] * 6
            assert read(locals_[-1]) == b"23456789"
            assert [read(local, 3, 4) for local in locals_[:-1]] == [b"3456"] * 6
            assert read(locals_[-1], 3, 4) == b"5678"
        assert (opened.tell(), advanced.tell()) == (2, 4)
    assert all(local.changed() is None for local in locals_)


@given(st.binary(max_size=50), st.integers(0, 60), st.integers(0, 60), st.integers(0, 20))
def test_any_stretch_is_the_stretch(content: bytes, first: int, size: int, start: int) -> None:
    standing = BytesIO(b"-" * start + content)
    standing.seek(start)
    first = min(first, len(content))
    size = min(size, len(content) - first)
    with ExitStack() as stack:
        for file in (File("a", content), File("a", standing), File("a", iter([content]))):
            local = one(stack, file)
            assert local.size == len(content)
            assert read(local, first, size) == content[first : first + size]


def test_what_is_read_once_is_kept_until_the_end(temporary: Path) -> None:
    with ExitStack() as stack:
        local = one(stack, File("a", iter([b"12", b"34"])))
        (kept,) = temporary.iterdir()
        assert kept.read_bytes() == b"1234"
        assert read(local) == read(local) == b"1234"
    assert list(temporary.iterdir()) == []


def test_an_iterator_that_breaks_leaves_nothing(temporary: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"12"
        raise RuntimeError("the disk is on fire")

    with ExitStack() as stack:
        error = found(NAME, [File("a", breaking())], stack).failure()
        assert isinstance(error, DiskError)
        assert "the disk is on fire" in str(error)
    assert list(temporary.iterdir()) == []


def test_an_iterator_that_was_used_up_is_told(stack: ExitStack) -> None:
    file = File("a", iter([b"12"]))
    one(stack, file)
    error = found(NAME, [file], stack).failure()
    assert isinstance(error, DiskError)
    assert "sent before" in str(error)


def test_nowhere_to_keep_it(stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/there/is/no/such/folder")
    assert isinstance(found(NAME, [File("a", iter([b"1"]))], stack).failure(), DiskError)


def test_a_mark_is_of_the_content_where_it_can_be(stack: ExitStack) -> None:
    def mark(content: bytes, *, spooled: bool) -> str:
        return one(stack, File("a", iter([content]) if spooled else content)).mark

    assert mark(b"12", spooled=True) == mark(b"12", spooled=True) == mark(b"12", spooled=False)
    assert mark(b"12", spooled=True) != mark(b"13", spooled=True)


def test_a_file_that_changes_is_seen(stack: ExitStack, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12")
    local = one(stack, path)
    assert local.changed() is None
    found_before = path.stat()
    path.write_bytes(b"123")
    error = local.changed()
    assert error is not None
    assert error.path == str(path)
    assert "has changed" in error.reason
    path.write_bytes(b"12")
    os.utime(path, ns=(0, found_before.st_mtime_ns))
    assert local.changed() is None
    path.unlink()
    gone = local.changed()
    assert gone is not None
    assert "No such file" in gone.reason


@pytest.mark.parametrize(
    "name",
    ["", "..", ".", "/a", "a/", "a//b", "a/../b", "../a", "a/./b", "..\\a", "\\a", "\udcff.png"],
)
def test_names_that_no_file_can_have(name: str, stack: ExitStack) -> None:
    error = found(NAME, [File("fine", b""), File(name, b"")], stack).failure()
    assert isinstance(error, InvalidParams)
    (problem,) = error.problems
    assert str(problem).startswith("files[1]: has a name that no file can have")


def test_all_that_is_wrong_is_told_at_once(stack: ExitStack) -> None:
    standing = BytesIO(b"1")
    given_files = [
        File("a", b"1"),
        File("b/c", standing),
        File("a", b"2"),
        File("d", standing),
        File("", b"1"),
        "text",
    ]
    error = found(NAME, given_files, stack).failure()  # type: ignore[arg-type]  # on purpose
    assert isinstance(error, InvalidParams)
    assert [problem.path for problem in error.problems] == [f"files[{n}]" for n in (2, 3, 4, 5)]
    assert "same name as files[0]" in str(error.problems[0])
    assert "same open file as files[1]" in str(error.problems[1])


@pytest.mark.parametrize("name", ["missing", ".", "null\0byte"])
def test_a_path_that_cannot_be_read(name: str, stack: ExitStack, tmp_path: Path) -> None:
    file = File("a", Path(f"{tmp_path}/{name}"))
    error = found(NAME, [File("fine", b""), file], stack).failure()
    assert isinstance(error, DiskError)
    assert error.reason


def test_a_file_that_was_closed_or_opened_as_text(stack: ExitStack, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12")
    with path.open("rb") as closed:
        pass
    assert isinstance(found(NAME, [closed], stack).failure(), DiskError)
    texts = File("a", iter(["12"]))  # type: ignore[arg-type]  # on purpose
    assert isinstance(found(NAME, [texts], stack), Failure)


def test_no_files_are_no_problem(stack: ExitStack) -> None:
    assert found(NAME, [], stack) == Success(())


@pytest.mark.parametrize("name", [5, b"a", None])
def test_a_name_that_is_no_text(name: object, stack: ExitStack) -> None:
    error = found(NAME, [File(cast("str", name), b"")], stack).failure()
    assert isinstance(error, InvalidParams)
    assert "no text" in str(error)
