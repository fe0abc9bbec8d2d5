"""Logging in and out from a shell: what is made is kept, or given back; nothing secret is shown."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import keyring
import pytest
from attrs import evolve

from cvatfn.auth import AccessToken, Session
from cvatfn.cli.logins import login_for, system_store
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.testing.sandbox import Sandbox, SandboxServer, World, serve
from tests.cli.running import (
    LockedKeyring,
    MemoryKeyring,
    code_of,
    done,
    facts,
    on_terminal,
    run,
    shown_until,
)

PASSWORD: Final = "let-me-in"
"""That of the sandbox's `admin`."""


def log_in(server: SandboxServer, *options: object) -> dict[str, object]:
    return facts(
        "login", server.url, "-u", "admin", "--password-stdin", *options, typed=f"{PASSWORD}\n"
    )


def secrets(server: SandboxServer) -> set[str]:
    """All that nobody may see, as the server knows it."""
    world = server.sandbox.world
    keys = {key.value for key in world.keys.values()}
    sessions = {text for each in world.sessions.values() for text in (each.csrftoken,)}
    return {PASSWORD, *keys, *sessions, *world.sessions, *world.tokens}


def test_a_password_becomes_an_access_token_that_is_kept(
    sandbox_server: SandboxServer, settings: Path
) -> None:
    told = log_in(sandbox_server)
    world = sandbox_server.sandbox.world
    (made,) = [key for key in world.keys.values() if key.name.startswith("cvatfn on")]
    assert told == {
        "server": sandbox_server.url,
        "username": "admin",
        "place": "file",
        "access_token": made.id,
    }
    content = (settings / "logins.json").read_text()
    assert made.value in content
    assert PASSWORD not in content
    assert made.expiry is not None
    left = made.expiry - datetime.now(UTC)
    assert timedelta(days=89) < left <= timedelta(days=90)
    assert not made.read_only
    assert done("whoami") == f"admin at {sandbox_server.url} (login: saved)\n"


def test_how_long_and_for_what_a_token_is_good_can_be_said(sandbox_server: SandboxServer) -> None:
    number = log_in(sandbox_server, "--days", 0, "--read-only")["access_token"]
    assert isinstance(number, int)
    made = sandbox_server.sandbox.world.keys[number]
    assert (made.expiry, made.read_only) == (None, True)
    told = facts("whoami")
    assert told["login"] == "saved"
    token = told["access_token"]
    assert isinstance(token, dict)
    assert (token["id"], token["read_only"], token["expiry_date"]) == (number, True, None)


def test_logging_out_revokes_what_logging_in_made(
    sandbox_server: SandboxServer, settings: Path
) -> None:
    before = sandbox_server.sandbox.world
    log_in(sandbox_server)
    held = login_for(system_store(os.environ), sandbox_server.url).unwrap()
    assert facts("logout")["revoked"] is True
    after = sandbox_server.sandbox.world
    assert set(after.keys) == set(before.keys)
    assert after.sessions == {}
    assert held is not None
    assert isinstance(held.auth, AccessToken)
    assert held.auth.token not in (settings / "logins.json").read_text()
    result = run("whoami", "--host", sandbox_server.url, CVATFN_TOKEN=held.auth.token)
    assert result.exit_code == 3


def test_a_token_that_was_brought_is_kept_and_not_revoked(sandbox_server: SandboxServer) -> None:
    token = sandbox_server.token
    told = facts("login", sandbox_server.url, "--with-token", typed=f"{token}\n")
    assert (told["username"], told["access_token"]) == ("admin", None)
    assert facts("whoami")["username"] == "admin"
    assert facts("logout")["revoked"] is False
    assert run("whoami").exit_code == 2
    assert done("whoami", "--host", sandbox_server.url, CVATFN_TOKEN=token)


@pytest.mark.parametrize("typed", ["\n", "no-such-token\n", "two words\n", ""])
def test_a_token_that_is_not_good_is_not_kept(
    typed: str, sandbox_server: SandboxServer, settings: Path
) -> None:
    result = run("login", sandbox_server.url, "--with-token", typed=typed)
    assert result.exit_code == (3 if typed == "no-such-token\n" else 2)
    assert not settings.exists()


def test_a_wrong_password_is_code_3_and_nothing_is_kept(
    sandbox_server: SandboxServer, settings: Path
) -> None:
    result = run(
        "login", sandbox_server.url, "-u", "admin", "--password-stdin", "-v", typed="wr0ng-one\n"
    )
    assert result.exit_code == 3
    assert "wr0ng-one" not in result.output
    assert not settings.exists()


@pytest.mark.parametrize("name", ["admin", "admin@cvat.example"])
def test_one_logs_in_by_name_or_by_address(name: str, sandbox_server: SandboxServer) -> None:
    world = sandbox_server.sandbox.world
    accounts = {
        number: evolve(account, email="admin@cvat.example")
        for number, account in world.accounts.items()
    }
    sandbox_server.sandbox.world = evolve(world, accounts=accounts)
    told = facts("login", sandbox_server.url, "-u", name, "--password-stdin", typed=f"{PASSWORD}\n")
    assert told["username"] == "admin"


def test_where_there_is_a_keyring_the_secret_is_there(
    sandbox_server: SandboxServer, settings: Path, memory_keyring: MemoryKeyring
) -> None:
    assert log_in(sandbox_server)["place"] == "keyring"
    (held,) = memory_keyring.held.values()
    content = (settings / "logins.json").read_text()
    assert not any(secret in content for secret in secrets(sandbox_server))
    assert any(secret in held for secret in secrets(sandbox_server))
    assert facts("whoami")["username"] == "admin"
    done("logout")
    assert memory_keyring.held == {}
    assert log_in(sandbox_server, "--in-file")["place"] == "file"
    assert memory_keyring.held == {}


def test_what_cannot_be_kept_is_given_back(
    sandbox_server: SandboxServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sandbox_server.sandbox.world
    monkeypatch.setattr(keyring.core, "_keyring_backend", LockedKeyring())
    result = run(
        "login", sandbox_server.url, "-u", "admin", "--password-stdin", typed=f"{PASSWORD}\n"
    )
    assert result.exit_code == 3
    assert "--in-file" in result.stderr
    after = sandbox_server.sandbox.world
    assert set(after.keys) == set(before.keys)
    assert after.sessions == {}


def test_logging_in_anew_revokes_the_earlier_token(sandbox_server: SandboxServer) -> None:
    first, second = (log_in(sandbox_server)["access_token"] for _ in range(2))
    keys = sandbox_server.sandbox.world.keys
    assert second in keys
    assert first not in keys
    assert len(sandbox_server.sandbox.world.sessions) == 1
    assert facts("whoami")["username"] == "admin"


def test_a_session_that_has_ended_leaves_a_token_and_that_is_told(
    sandbox_server: SandboxServer, settings: Path
) -> None:
    number = log_in(sandbox_server)["access_token"]
    sandbox_server.sandbox.world = evolve(sandbox_server.sandbox.world, sessions={})
    result = run("logout")
    assert result.exit_code != 0
    assert f"token number {number} could not be revoked" in result.stderr
    assert json.loads((settings / "logins.json").read_text())["logins"] == []


def test_a_token_that_is_revoked_already_is_no_obstacle(sandbox_server: SandboxServer) -> None:
    number = log_in(sandbox_server)["access_token"]
    world = sandbox_server.sandbox.world
    keys = {each: key for each, key in world.keys.items() if each != number}
    sandbox_server.sandbox.world = evolve(world, keys=keys)
    assert run("whoami").exit_code == 3
    assert facts("logout")["revoked"] is True
    assert sandbox_server.sandbox.world.sessions == {}


def test_an_older_server_gives_a_session_and_that_is_kept() -> None:
    sandbox = Sandbox(evolve(World.with_user("admin", PASSWORD), version="2.40.0"))
    with serve(sandbox) as url:
        told = facts("login", url, "-u", "admin", "--password-stdin", typed=f"{PASSWORD}\n")
        assert told["access_token"] is None
        held = login_for(system_store(os.environ), url).unwrap()
        assert held is not None
        assert isinstance(held.auth, Session)
        assert facts("whoami")["access_token"] is None
        assert facts("call", "tasks.create", "--name", "cats")["name"] == "cats"  # CSRF and all
        assert facts("logout")["revoked"] is True
        assert sandbox.world.sessions == {}


def test_a_login_is_sent_to_no_other_server(sandbox_server: SandboxServer) -> None:
    log_in(sandbox_server)
    seen: list[Request] = []

    def listening(request: Request) -> Outcome[Response, TransportError]:
        seen.append(request)
        return sandbox_server.sandbox(request)

    with serve(listening) as other:
        result = run("call", "tasks.list", "--host", other)
        assert result.exit_code == 3
        assert run("whoami", "--host", other).exit_code == 3
        run("call", "tasks.list", "--host", other.replace("127.0.0.1", "localhost"))
    assert seen
    assert all(
        name.lower() not in ("authorization", "cookie") for each in seen for name, _ in each.headers
    )


def test_no_secret_is_ever_shown(sandbox_server: SandboxServer) -> None:
    shown = ""
    for arguments in (
        ("login", sandbox_server.url, "-u", "admin", "--password-stdin", "--verbose"),
        ("login", sandbox_server.url, "-u", "admin", "--password-stdin", "--json", "--verbose"),
        ("whoami", "--verbose"),
        ("whoami", "--json", "--verbose"),
        ("hosts",),
        ("hosts", "--json"),
        ("call", "tasks.retrieve", "--id", "99", "--verbose", "--json"),
        ("call", "auth.list_access_tokens", "--verbose"),
        ("logout", "--verbose", "--json"),
    ):
        secret = secrets(sandbox_server)
        shown += run(*arguments, typed=f"{PASSWORD}\n").output
        assert not any(each in shown for each in secret | secrets(sandbox_server))
    assert "POST /api/auth/login" in shown


def test_several_servers_are_told_apart(sandbox_server: SandboxServer) -> None:
    with serve(Sandbox(World.with_user("ann", PASSWORD))) as second:
        log_in(sandbox_server)
        login = ("login", second, "-u", "ann", "--password-stdin")
        done(*login, typed=f"{PASSWORD}\n")
        assert done("whoami").startswith("admin at")
        assert done("whoami", CVATFN_HOST=second).startswith("ann at")
        rows = {f"* {sandbox_server.url} admin (file)", f"  {second} ann (file)"}
        assert set(done("hosts").splitlines()) == rows
        done("hosts", "--default", second)
        assert done("whoami").startswith("ann at")
        assert run("hosts", "--default", "https://unknown.example").exit_code == 3
        done("logout")  # the default one
        assert done("whoami").startswith("admin at")
        done(*login, "--default", typed=f"{PASSWORD}\n")
        assert json.loads(done("hosts", "--json"))[0].keys() == {
            "server",
            "username",
            "place",
            "default",
        }
        assert done("whoami").startswith("ann at")
        done("logout", sandbox_server.url)
        assert run("logout", sandbox_server.url).exit_code == 3


def test_without_a_terminal_nobody_is_asked(sandbox_server: SandboxServer) -> None:
    for arguments in (("login",), ("login", sandbox_server.url), ("login", "x.example", "-u", "a")):
        result = run(*arguments, typed="admin\n")
        assert result.exit_code == 2
        assert "--password-stdin" in result.stderr
    result = run("login", sandbox_server.url, "-u", "admin", "--password-stdin", typed="")
    assert result.exit_code == 2
    result = run("login", sandbox_server.url, "-u", "admin", "--with-token", typed="x\n")
    assert result.exit_code == 2


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
def test_a_password_is_asked_for_on_a_terminal_and_not_echoed(
    sandbox_server: SandboxServer,
) -> None:
    with on_terminal("login", sandbox_server.url) as (process, end):
        shown = shown_until(end, b"address: ")
        os.write(end, b"admin\n")
        shown += shown_until(end, b"Password: ")
        os.write(end, f"{PASSWORD}\n".encode())
        shown += shown_until(end, b"only you can read.")
        assert code_of(process) == 0
    assert PASSWORD not in shown
    assert "as admin. An access token is kept" in shown
    assert facts("whoami")["username"] == "admin"


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
def test_ctrl_c_at_the_password_is_code_130_and_nothing_is_kept(
    sandbox_server: SandboxServer, settings: Path
) -> None:
    with on_terminal("login", sandbox_server.url, "-u", "admin") as (process, end):
        shown_until(end, b"Password: ")
        os.write(end, b"\x03")
        shown_until(end)
        assert code_of(process) == 130
    assert not settings.exists()


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
def test_a_token_that_is_typed_is_not_echoed(sandbox_server: SandboxServer) -> None:
    with on_terminal("login", sandbox_server.url, "--with-token") as (process, end):
        shown = shown_until(end, b"Access token: ")
        os.write(end, f"{sandbox_server.token}\n".encode())
        shown += shown_until(end)
        assert code_of(process) == 0
    assert sandbox_server.token not in shown
    assert facts("whoami")["username"] == "admin"
