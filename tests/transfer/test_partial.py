"""Files that are not whole yet: never seen under their final name, never mixed up."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from typing import IO, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typing_extensions import override

from cvatfn.transfer.partial import Handed, PartFile, part_file
from cvatfn.transfer.receiving import Held

TAG = '"a1"'


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def begun(folder: Path, content: bytes = b"12345", held: Held | None = None) -> PartFile:
    """A part with something in it."""
    part = part_file(folder, "cats.zip", "d1")
    part.restart(Held(0, 9, TAG) if held is None else held)
    part.write(content)
    return part


def left(folder: Path, content: bytes = b"12345", held: Held | None = None) -> None:
    """A part that another process left."""
    begun(folder, content, held).close()


def again(folder: Path) -> Held:
    """What the next process finds."""
    with closing(part_file(folder, "cats.zip", "d1")) as part:
        return part.held


def the_part(folder: Path) -> Path:
    return folder / ".cats.zip.d1.part"


def the_note(folder: Path) -> Path:
    return folder / ".cats.zip.d1.part.json"


def test_nothing_has_the_final_name_before_it_is_whole(tmp_path: Path) -> None:
    final = tmp_path / "cats.zip"
    with closing(begun(tmp_path)) as part:
        assert not final.exists()
        part.write(b"6789")
        assert not final.exists()
        part.commit(final, overwrite=False)
        assert final.read_bytes() == b"123456789"
    assert names(tmp_path) == {"cats.zip"}


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_file_is_on_the_disk_before_it_has_its_name(
    overwrite: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final, synced = tmp_path / "cats.zip", os.fsync
    seen: list[tuple[bytes, bool]] = []

    def fsync(number: int) -> None:
        synced(number)
        seen.append((os.pread(number, 99, 0), final.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    with closing(begun(tmp_path)) as part:
        part.commit(final, overwrite=overwrite)
    assert seen == [(b"12345", False)]


@pytest.mark.parametrize("why", [errno.EIO, errno.ENOSPC])
def test_what_the_disk_cannot_keep_gets_no_name(
    why: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(why, os.strerror(why))

    monkeypatch.setattr(os, "fsync", full)
    with closing(begun(tmp_path)) as part, pytest.raises(OSError, match=os.strerror(why)):
        part.commit(tmp_path / "cats.zip", overwrite=False)
    assert not (tmp_path / "cats.zip").exists()


def test_where_nothing_is_known_of_syncing_a_file_gets_its_name_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: int) -> None:
        raise OSError(errno.EINVAL, "not here")

    monkeypatch.setattr(os, "fsync", unknown)
    with closing(begun(tmp_path)) as part:
        part.commit(tmp_path / "cats.zip", overwrite=False)
    assert names(tmp_path) == {"cats.zip"}


def test_a_file_that_appears_in_between_is_not_replaced(tmp_path: Path) -> None:
    final = tmp_path / "cats.zip"
    with closing(begun(tmp_path)) as part:
        final.write_bytes(b"theirs")
        with pytest.raises(FileExistsError):
            part.commit(final, overwrite=False)
    assert final.read_bytes() == b"theirs"
    assert again(tmp_path) == Held(5, 9, TAG)


def test_nor_is_a_dangling_link(tmp_path: Path) -> None:
    final = tmp_path / "cats.zip"
    final.symlink_to(tmp_path / "elsewhere")
    with closing(begun(tmp_path)) as part, pytest.raises(FileExistsError):
        part.commit(final, overwrite=False)
    assert not (tmp_path / "elsewhere").exists()


def test_where_files_have_one_name_only_they_are_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    final = tmp_path / "cats.zip"
    with closing(begun(tmp_path)) as part:
        part.commit(final, overwrite=False)
    assert final.read_bytes() == b"12345"
    with closing(begun(tmp_path)) as part, pytest.raises(FileExistsError):
        part.commit(final, overwrite=False)
    assert final.read_bytes() == b"12345"


def test_a_file_is_replaced_where_that_is_wanted(tmp_path: Path) -> None:
    final = tmp_path / "cats.zip"
    final.write_bytes(b"old")
    with final.open("rb") as reader, closing(begun(tmp_path)) as part:
        part.commit(final, overwrite=True)
        assert reader.read() == b"old"  # whoever reads it reads it to its end
    assert final.read_bytes() == b"12345"
    assert names(tmp_path) == {"cats.zip"}


def test_a_link_at_the_place_is_replaced_not_followed(tmp_path: Path) -> None:
    other, final = tmp_path / "other", tmp_path / "cats.zip"
    other.write_bytes(b"theirs")
    final.symlink_to(other)
    with closing(begun(tmp_path)) as part:
        part.commit(final, overwrite=True)
    assert other.read_bytes() == b"theirs"
    assert not final.is_symlink()


def test_links_at_the_names_of_part_and_note_are_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"theirs")
    the_part(tmp_path).symlink_to(other)
    left(tmp_path)
    assert other.read_bytes() == b"theirs"
    the_part(tmp_path).unlink()
    the_note(tmp_path).symlink_to(other)
    left(tmp_path)
    assert other.read_bytes() == b"theirs"
    assert again(tmp_path) == Held(5, 9, TAG)


def test_a_link_to_nothing_brings_nothing_into_being(tmp_path: Path) -> None:
    the_part(tmp_path).symlink_to(tmp_path / "other")
    left(tmp_path)
    assert names(tmp_path) == {".cats.zip.d1.part"}


@pytest.mark.parametrize("odd", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_at_the_name_of_the_part_is_passed_by(
    tmp_path: Path, odd: Callable[[Path], object]
) -> None:
    odd(the_part(tmp_path))
    with closing(begun(tmp_path)) as part:
        part.commit(tmp_path / "cats.zip", overwrite=False)
    assert names(tmp_path) == {"cats.zip", ".cats.zip.d1.part"}


def test_a_file_with_two_names_is_not_written_to(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"theirs")
    os.link(other, the_part(tmp_path))
    left(tmp_path)
    assert other.read_bytes() == b"theirs"


def test_two_at_once_do_not_spoil_each_other(tmp_path: Path) -> None:
    with closing(begun(tmp_path, b"12345")) as first, closing(begun(tmp_path, b"abc")) as second:
        first.write(b"6789")
        second.write(b"def")
        assert b"".join(first.pieces()) == b"123456789"
        assert b"".join(second.pieces()) == b"abcdef"
        second.commit(tmp_path / "2", overwrite=False)
        first.commit(tmp_path / "1", overwrite=False)
    assert (tmp_path / "1").read_bytes() == b"123456789"
    assert (tmp_path / "2").read_bytes() == b"abcdef"
    assert names(tmp_path) == {"1", "2"}


def test_who_opened_the_part_just_before_it_was_whole_does_not_write_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    final = tmp_path / "cats.zip"
    for overwrite in (False, True):
        first = begun(tmp_path, b"123456789")
        second = late(tmp_path, monkeypatch, first, final, overwrite=overwrite)
        second.restart(Held(0, 9, TAG))
        second.write(b"abc")
        assert final.read_bytes() == b"123456789"
        second.close()
        final.unlink()


def late(
    folder: Path, monkeypatch: pytest.MonkeyPatch, first: PartFile, final: Path, *, overwrite: bool
) -> PartFile:
    """A part that is opened, and then locked after another one was put in its place."""
    with monkeypatch.context() as patch:
        flock = fcntl.flock

        def after_the_first(file: int, how: int) -> None:
            patch.setattr(fcntl, "flock", flock)
            first.commit(final, overwrite=overwrite)
            first.close()
            flock(file, how)

        patch.setattr(fcntl, "flock", after_the_first)
        return part_file(folder, "cats.zip", "d1")


def test_the_lock_holds_until_the_file_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = begun(tmp_path, b"123456789")
    seconds: list[PartFile] = []
    link = os.link

    def watched(old: Path, new: Path) -> None:
        seconds.append(part_file(tmp_path, "cats.zip", "d1"))
        link(old, new)

    monkeypatch.setattr(os, "link", watched)
    first.commit(tmp_path / "cats.zip", overwrite=False)
    (second,) = seconds
    second.restart(Held())
    second.close()
    assert (tmp_path / "cats.zip").read_bytes() == b"123456789"


def test_who_has_put_it_in_its_place_leaves_the_next_part_alone(tmp_path: Path) -> None:
    first = begun(tmp_path, held=Held(0, 5, None))
    first.commit(tmp_path / "cats.zip", overwrite=False)
    with closing(begun(tmp_path)) as second:
        first.close()
        second.commit(tmp_path / "dogs.zip", overwrite=False)
    assert names(tmp_path) == {"cats.zip", "dogs.zip"}


def test_a_part_is_gone_on_with(tmp_path: Path) -> None:
    left(tmp_path)
    assert names(tmp_path) == {".cats.zip.d1.part", ".cats.zip.d1.part.json"}
    with closing(part_file(tmp_path, "cats.zip", "d1")) as part:
        assert part.held == Held(5, 9, TAG)
        part.proceed(9)
        part.write(b"6789")
        assert b"".join(part.pieces()) == b"123456789"
        part.commit(tmp_path / "cats.zip", overwrite=False)
    assert (tmp_path / "cats.zip").read_bytes() == b"123456789"
    assert names(tmp_path) == {"cats.zip"}


def test_of_a_part_that_is_whole_one_byte_is_asked_for_again(tmp_path: Path) -> None:
    left(tmp_path, b"123456789")
    assert again(tmp_path) == Held(8, 9, TAG)


@pytest.mark.parametrize("held", [Held(0, 9, None), Held(0, None, 'W/"a1"')])
def test_what_cannot_be_gone_on_with_is_removed(tmp_path: Path, held: Held) -> None:
    left(tmp_path, held=held)
    assert not names(tmp_path)


def test_an_empty_part_is_removed(tmp_path: Path) -> None:
    left(tmp_path, b"")
    assert not names(tmp_path)


HOSTILE = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [
            b"",
            b"{",
            b"null",
            b"[]",
            b'{"size":5,"total":9}',
            b'{"size":5,"total":-9,"validator":"\\"a1\\""}',
            b'{"size":5,"total":4,"validator":"\\"a1\\""}',
            b'{"size":"5","total":9,"validator":"\\"a1\\""}',
            b'{"size":5,"total":9,"validator":"a1\\r\\nHost: evil"}',
            b'{"size":5,"total":9,"validator":"W/\\"a1\\""}',
            b'{"size":5,"total":9,"validator":7}',
            b'{"size":5,"total":9e999,"validator":"\\"a1\\""}',
            b"[" * 10_000,
            b'{"size":5,"total":9,"validator":"\\"' + b"a" * 100_000 + b'\\""}',
        ]
    ),
)


@given(HOSTILE)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_note_that_cannot_be_read_means_to_start_over(
    tmp_path_factory: pytest.TempPathFactory, note: bytes
) -> None:
    folder = tmp_path_factory.mktemp("notes")
    left(folder)
    the_note(folder).write_bytes(note)
    assert not again(folder).resumable
    assert not names(folder)


def test_a_note_torn_anywhere_means_to_start_over(tmp_path: Path) -> None:
    left(tmp_path)
    note = the_note(tmp_path).read_bytes()
    for size in range(len(note)):
        left(tmp_path)
        the_note(tmp_path).write_bytes(note[:size])
        assert again(tmp_path) == Held()


def test_a_part_without_a_note_is_begun_anew(tmp_path: Path) -> None:
    left(tmp_path)
    the_note(tmp_path).unlink()
    assert again(tmp_path) == Held()


def test_a_part_that_is_longer_than_the_file_is_begun_anew(tmp_path: Path) -> None:
    left(tmp_path)
    with the_part(tmp_path).open("ab") as file:
        file.write(b"67890")
    assert again(tmp_path) == Held()


def test_the_note_holds_of_the_file_that_comes(tmp_path: Path) -> None:
    left(tmp_path)
    left(tmp_path, b"abc", Held(0, 4, '"b2"'))
    assert again(tmp_path) == Held(3, 4, '"b2"')


@pytest.fixture
def umask() -> Iterator[int]:
    before = os.umask(0o027)
    yield 0o640
    os.umask(before)


def test_permissions_follow_the_umask(tmp_path: Path, umask: int) -> None:
    with closing(begun(tmp_path)) as part:
        part.commit(tmp_path / "cats.zip", overwrite=False)
    assert stat.S_IMODE((tmp_path / "cats.zip").stat().st_mode) == umask


@given(st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_makes_a_part(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    for content in (b"12345", b"67890"):
        with closing(part_file(folder, name, "d1")) as part:
            assert not part.held.size
            part.restart(Held(0, 9, None))
            part.write(content)
            assert len(names(folder)) == 1
    assert not names(folder)


def test_long_names_keep_what_tells_them_apart(tmp_path: Path) -> None:
    with closing(part_file(tmp_path, "a" * 400, "d1")) as part:
        part.restart(Held(0, 9, TAG))
        part.write(b"12345")
    with closing(part_file(tmp_path, "a" * 400, "d2")) as part:
        assert part.held == Held()


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        part_file(tmp_path / "missing", "cats.zip", "d1")


class Trickle(BytesIO):
    """Takes three bytes at a time."""

    @override
    def write(self, piece: object, /) -> int:
        return super().write(bytes(cast("bytes", piece))[:3])


def test_a_file_that_takes_less_is_given_the_rest() -> None:
    file = Trickle()
    Handed(file).write(b"12345678")
    assert file.getvalue() == b"12345678"


class Full:
    def write(self, _piece: bytes, /) -> int:
        return 0


def test_a_file_that_takes_nothing_does_not_hold_it_up() -> None:
    with pytest.raises(ValueError, match="takes no more"):
        Handed(Full()).write(b"1")


def test_an_open_file_is_rewound_to_where_it_stood() -> None:
    file = BytesIO(b"before")
    file.seek(6)
    handed = Handed(file)
    handed.restart(Held(0, 9, TAG))
    handed.write(b"12345")
    handed.restart(Held(0, 3, None))
    handed.write(b"abc")
    assert file.getvalue() == b"beforeabc"
    assert handed.held == Held(3, 3, None)


def test_what_cannot_be_rewound_says_so() -> None:
    class Once:
        def write(self, piece: bytes, /) -> int:
            return len(piece)

    handed = Handed(Once())
    handed.restart(Held())
    handed.write(b"12345")
    with pytest.raises(ValueError, match="begun anew"):
        handed.restart(Held())


def test_text_is_no_place_for_bytes() -> None:
    with pytest.raises(TypeError):
        Handed(cast("IO[bytes]", StringIO())).write(b"1")


def test_a_full_pipe_that_does_not_block_loses_nothing_in_silence() -> None:
    output, into = os.pipe()
    with open(output, "rb"), open(into, "wb", buffering=0) as pipe:  # noqa: PTH123
        os.set_blocking(into, False)
        with pytest.raises(ValueError, match="no more now"):
            Handed(pipe).write(bytes(1 << 21))
