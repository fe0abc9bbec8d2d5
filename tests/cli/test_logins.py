"""Logins are kept for their own server and for their owner's eyes alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import keyring
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as some
from keyring.backend import KeyringBackend
from keyring.backends import null

from cvatfn.auth import AccessToken, Session
from cvatfn.cli import logins, private
from cvatfn.cli.kept import Login
from cvatfn.cli.keyrings import Keyring, KeyringFailed, system_keyring
from cvatfn.cli.logins import (
    Store,
    forget,
    keep,
    known_logins,
    login_for,
    make_default,
    server_named,
    system_store,
)
from cvatfn.outcome import Success
from cvatfn.transfer.errors import DiskError
from tests.cli.running import LockedKeyring, MemoryKeyring, no_keyring

HERE: Final = "https://cvat.example"
TOKEN: Final = "t0p-s3cret"
ADA: Final = Login(HERE, "ada", AccessToken(TOKEN))

only_with_owners = pytest.mark.skipif(os.name == "nt", reason="files have no modes here")

VISIBLE = some.text(some.characters(min_codepoint=33, max_codepoint=126), min_size=1)
COOKIE = some.text(some.sampled_from("abcXYZ019-_."), min_size=1)
SESSIONS = some.builds(Session, COOKIE, COOKIE)
LOGINS = some.builds(
    Login,
    some.sampled_from([HERE, "http://localhost:8080", "https://[::1]:8443/cvat"]),
    some.text(),
    some.builds(AccessToken, VISIBLE),
    some.none() | some.integers(1, 10**9),
    some.none() | SESSIONS,
) | some.builds(Login, some.just(HERE), some.text(), SESSIONS)


def in_file(folder: Path) -> Store:
    return Store(folder / "settings")


def in_keyring(folder: Path) -> Store:
    held = MemoryKeyring()
    return Store(folder / "settings", lambda: held)


PLACES = pytest.mark.parametrize("made", [in_file, in_keyring])


@PLACES
@given(login=LOGINS)
def test_a_login_comes_back_as_it_was_kept(made: Callable[[Path], Store], login: Login) -> None:
    with TemporaryDirectory() as folder:
        store = made(Path(folder))
        place = keep(store, login).unwrap()
        assert login_for(store, login.server) == Success(login)
        assert place == ("file" if made is in_file else "keyring")
        (known,) = known_logins(store).unwrap().logins
        assert (known.username, known.place) == (login.username, place)
        assert (known.secret is None) == (place == "keyring")


@PLACES
@pytest.mark.parametrize(
    "other",
    [
        "http://cvat.example",
        "https://cvat.example:8443",
        "https://cvat.example.evil.example",
        "https://a.cvat.example",
        "https://cvat.example/other",
        "https://cvat.exampl",
    ],
)
def test_a_login_is_for_its_own_server_only(
    made: Callable[[Path], Store], other: str, tmp_path: Path
) -> None:
    store = made(tmp_path)
    keep(store, ADA).unwrap()
    assert login_for(store, server_named(other)) == Success(None)
    forget(store, server_named(other)).unwrap()
    assert login_for(store, HERE) == Success(ADA)


@pytest.mark.parametrize(
    "written", ["cvat.example", "HTTPS://CVAT.Example/", "cvat.example:443", "https://cvat.example"]
)
def test_a_server_has_one_name_however_it_is_written(written: str) -> None:
    assert server_named(written) == HERE


@pytest.mark.parametrize("wrong", ["ftp://cvat.example", "https://me:pw@cvat.example", ""])
def test_what_is_no_server_has_no_name(wrong: str) -> None:
    with pytest.raises(ValueError, match="host") as error:
        server_named(wrong)
    assert "pw" not in str(error.value)


def test_the_keyring_has_what_the_file_has_not(tmp_path: Path) -> None:
    held = MemoryKeyring()
    store = Store(tmp_path, lambda: held)
    keep(store, ADA).unwrap()
    assert TOKEN not in store.file.read_text()
    assert TOKEN in held.held["cvatfn", HERE]
    keep(store, ADA, in_file=True).unwrap()
    assert TOKEN in store.file.read_text()
    assert held.held == {}  # it is not left behind where nobody looks for it


def test_a_login_is_forgotten_wherever_it_is(tmp_path: Path) -> None:
    held = MemoryKeyring()
    store = Store(tmp_path, lambda: held)
    keep(store, ADA).unwrap()
    forget(store, HERE).unwrap()
    assert (held.held, login_for(store, HERE)) == ({}, Success(None))
    keep(store, ADA, in_file=True).unwrap()
    forget(store, HERE).unwrap()
    assert TOKEN not in store.file.read_text()


def test_the_first_server_is_meant_until_another_is_made_so(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def meant() -> str | None:
        return known_logins(store).unwrap().default

    second, third = "https://b.example", "https://c.example"
    assert meant() is None
    keep(store, ADA).unwrap()
    keep(store, evolve(ADA, server=second)).unwrap()
    assert meant() == HERE
    keep(store, evolve(ADA, server=third), default=True).unwrap()
    assert meant() == third
    assert make_default(store, second) == Success(True)
    assert make_default(store, "https://unknown.example") == Success(False)
    assert meant() == second
    forget(store, second).unwrap()
    assert meant() is None  # two are left: which one is meant is not for us to say
    forget(store, HERE).unwrap()
    assert meant() is None
    make_default(store, third).unwrap()
    keep(store, ADA).unwrap()
    forget(store, third).unwrap()
    assert meant() == HERE  # it is the only one


@only_with_owners
@pytest.mark.parametrize("mask", [0, 0o077])
def test_the_file_is_its_owners_alone_from_its_first_byte(
    mask: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[tuple[str, int, int]] = []
    real = os.open

    def watched(path: str | os.PathLike[str], flags: int, mode: int = 0o777) -> int:
        number = real(path, flags, mode)
        found = os.fstat(number)
        begun.append((Path(path).name, stat.S_IMODE(found.st_mode), found.st_size))
        return number

    before = os.umask(mask)
    try:
        monkeypatch.setattr(os, "open", watched)
        keep(Store(tmp_path / "new"), ADA).unwrap()
    finally:
        os.umask(before)
    written = [(mode, size) for name, mode, size in begun if name.startswith(".logins.json.")]
    assert (0o600, 0) in written
    assert all(size == 0 for _, size in written)
    assert stat.S_IMODE((tmp_path / "new" / "logins.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


@only_with_owners
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o606, 0o601, 0o777])
def test_a_file_that_others_can_open_is_refused(mode: int, tmp_path: Path) -> None:
    store = Store(tmp_path)
    keep(store, ADA).unwrap()
    store.file.chmod(mode)
    for refused in (login_for(store, HERE), known_logins(store), keep(store, ADA)):
        error = refused.failure()
        assert isinstance(error, DiskError)
        assert "chmod 600" in str(error)
        assert TOKEN not in str(error)
    store.file.chmod(0o600)
    assert login_for(store, HERE) == Success(ADA)


@only_with_owners
def test_a_file_of_somebody_else_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    keep(store, ADA).unwrap()
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    assert "belongs to somebody else" in str(login_for(store, HERE).failure())


@only_with_owners
def test_a_link_is_neither_read_nor_written_through(tmp_path: Path) -> None:
    elsewhere, store = Store(tmp_path / "elsewhere"), Store(tmp_path / "here")
    keep(elsewhere, ADA).unwrap()
    before = elsewhere.file.read_bytes()
    store.folder.mkdir()
    store.file.symlink_to(elsewhere.file)
    assert "is a link" in str(login_for(store, HERE).failure())
    assert "is a link" in str(keep(store, evolve(ADA, username="eve")).failure())
    store.file.unlink()
    store.file.symlink_to(tmp_path / "nothing")
    assert "is a link" in str(keep(store, ADA).failure())
    assert elsewhere.file.read_bytes() == before
    assert not (tmp_path / "nothing").exists()


@only_with_owners
def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    store = Store(tmp_path / "here")
    store.folder.mkdir()
    (store.folder / ".logins.json.lock").symlink_to(victim)
    assert isinstance(keep(store, ADA).failure(), DiskError)
    assert not victim.exists()


@only_with_owners
def test_a_pipe_in_its_place_is_refused_and_not_waited_on(tmp_path: Path) -> None:
    store = Store(tmp_path)
    os.mkfifo(store.file, 0o600)
    assert "no regular file" in str(login_for(store, HERE).failure())


def test_a_folder_in_its_place_is_a_value(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.file.mkdir()
    assert isinstance(login_for(store, HERE).failure(), DiskError)
    assert isinstance(keep(store, ADA).failure(), DiskError)


def test_where_no_folder_can_be_is_a_value(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert isinstance(keep(Store(tmp_path / "file" / "settings"), ADA).failure(), DiskError)


def test_what_cannot_be_written_leaves_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    keep(store, ADA).unwrap()
    before = store.file.read_bytes()

    def full(_: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr(private, "kept", full)
    assert "no space" in str(keep(store, evolve(ADA, username="eve")).failure())
    assert store.file.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"logins.json", ".logins.json.lock"}


@pytest.mark.parametrize(
    "content",
    [
        b"not JSON " + TOKEN.encode(),
        b'{"logins": {"t0p-s3cret": 1}}',
        b'{"logins": [{"server": 1, "username": "t0p-s3cret"}]}',
        b'{"logins": [{"server": "x", "username": "y", "place": "t0p-s3cret"}]}',
        b"\xff" + TOKEN.encode(),
    ],
)
def test_a_file_that_is_something_else_is_told_without_what_is_in_it(
    content: bytes, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    private.write_private(store.file, content)
    error = login_for(store, HERE).failure()
    assert "log in anew" in str(error)
    assert TOKEN not in f"{error} {error!r}"
    assert isinstance(keep(store, ADA).failure(), DiskError)  # nothing is thrown away
    assert store.file.read_bytes() == content


@pytest.mark.parametrize(
    "secret", ["null", "{}", '{"token": "two\\nlines"}', '{"session": {"sessionid": 1}}']
)
def test_a_secret_that_cannot_be_one_is_a_value(secret: str, tmp_path: Path) -> None:
    held = MemoryKeyring()
    store = Store(tmp_path, lambda: held)
    keep(store, ADA).unwrap()
    held.held["cvatfn", HERE] = secret
    assert isinstance(login_for(store, HERE).failure(), KeyringFailed)
    line = f'{{"server": "{HERE}", "username": "ada", "place": "file", "secret": {secret}}}'
    private.write_private(store.file, f'{{"logins": [{line}]}}'.encode())
    assert isinstance(login_for(store, HERE).failure(), DiskError)


def test_what_a_newer_release_wrote_beside_is_passed_over(tmp_path: Path) -> None:
    store = Store(tmp_path)
    private.write_private(store.file, b'{"default": null, "logins": [], "colour": "red"}')
    keep(store, ADA).unwrap()
    assert login_for(store, HERE) == Success(ADA)


def test_no_secret_is_in_what_is_shown_of_a_login(tmp_path: Path) -> None:
    session = Session("c00kie", "cr0ss")
    login = evolve(ADA, maker=session, made=7)
    store = Store(tmp_path)
    keep(store, login).unwrap()
    known = known_logins(store).unwrap()
    for shown in (repr(login), repr(known), str(known), repr(store), f"{login_for(store, HERE)}"):
        assert not any(secret in shown for secret in (TOKEN, "c00kie", "cr0ss"))


def test_a_locked_keyring_is_told_and_nothing_is_kept(tmp_path: Path) -> None:
    store = Store(tmp_path, LockedKeyring)
    error = keep(store, ADA).failure()
    assert "nobody unlocked it" in str(error)
    assert "--in-file" in str(error)
    assert known_logins(store).unwrap().logins == ()


def test_what_is_said_against_a_locked_keyring_helps(tmp_path: Path) -> None:
    keyrings: list[Keyring] = [MemoryKeyring()]
    store = Store(tmp_path, lambda: keyrings[-1])
    keep(store, ADA).unwrap()
    keyrings.append(LockedKeyring())
    assert isinstance(login_for(store, HERE).failure(), KeyringFailed)
    assert isinstance(forget(store, HERE).failure(), KeyringFailed)
    assert keep(store, ADA, in_file=True) == Success("file")
    assert login_for(store, HERE) == Success(ADA)


def test_a_keyring_that_is_gone_is_told(tmp_path: Path) -> None:
    held: list[Keyring | None] = [MemoryKeyring()]
    store = Store(tmp_path, lambda: held[-1])
    keep(store, ADA).unwrap()
    held.append(None)
    assert "there is none here" in str(login_for(store, HERE).failure())
    assert "there is none here" in str(forget(store, HERE).failure())


def test_a_secret_that_somebody_removed_from_the_keyring_is_no_login(tmp_path: Path) -> None:
    held = MemoryKeyring()
    store = Store(tmp_path, lambda: held)
    keep(store, ADA).unwrap()
    held.held.clear()
    assert login_for(store, HERE) == Success(None)
    forget(store, HERE).unwrap()
    assert known_logins(store).unwrap().logins == ()


def test_a_keyring_is_not_asked_for_what_is_in_the_file(tmp_path: Path) -> None:
    def asked() -> Keyring | None:
        raise AssertionError("it was asked")

    keep(Store(tmp_path), ADA).unwrap()
    assert login_for(Store(tmp_path, asked), HERE) == Success(ADA)


@pytest.mark.parametrize("made", [no_keyring, null.Keyring])
def test_a_backend_that_keeps_nothing_is_no_keyring(
    made: Callable[[], KeyringBackend], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", made())
    assert system_keyring() is None


def test_a_backend_that_does_not_load_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise ModuleNotFoundError("No module named 'my_keyring'")

    monkeypatch.setattr(keyring, "get_keyring", broken)
    store = Store(tmp_path, system_keyring)
    assert "my_keyring" in str(keep(store, ADA).failure())
    assert keep(store, ADA, in_file=True) == Success("file")
    keep(Store(tmp_path, MemoryKeyring), ADA).unwrap()
    assert "my_keyring" in str(login_for(store, HERE).failure())
    assert "my_keyring" in str(forget(store, HERE).failure())


def test_of_many_that_log_in_at_once_none_is_lost(tmp_path: Path) -> None:
    servers = [f"https://{number}.example" for number in range(12)]

    def kept(server: str) -> bool:
        return isinstance(keep(Store(tmp_path), evolve(ADA, server=server)), Success)

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(kept, servers))
    assert {known.server for known in known_logins(Store(tmp_path)).unwrap().logins} == {*servers}


def test_who_waits_too_long_for_another_process_is_told(tmp_path: Path) -> None:
    waits: list[float] = []
    store = Store(tmp_path, sleep=waits.append)
    with private.alone_at(store.file, waits.append) as alone:
        assert alone
        assert "another process" in str(keep(store, ADA).failure())
    assert 9 < sum(waits) <= 10
    assert keep(store, ADA) == Success("file")


def test_the_folder_is_the_platforms_unless_another_is_named(tmp_path: Path) -> None:
    assert system_store({"CVATFN_CONFIG_DIR": str(tmp_path)}).folder == tmp_path
    assert "cvatfn" in system_store({}).folder.parts
    assert logins.system_store({"CVATFN_CONFIG_DIR": ""}).folder == system_store({}).folder
