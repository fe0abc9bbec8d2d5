"""Where a command goes, and as whom: who says so first is heard."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Final

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as some

from cvatfn import call
from cvatfn.api import server, tasks
from cvatfn.auth import AccessToken
from cvatfn.auth import Session as Cookies
from cvatfn.cli.kept import Login
from cvatfn.cli.logins import Store, keep, server_named
from cvatfn.cli.proxies import proxy_for
from cvatfn.cli.targets import Session, Target, Unmeant, opened, target_of
from cvatfn.outcome import Success
from cvatfn.testing.sandbox import SandboxServer
from cvatfn.transfer.errors import DiskError
from cvatfn.transport.settings import DEFAULT_TIMEOUT
from tests.cli.running import done, run
from tests.hop.faults import Status
from tests.hop.hop import Hop

HERE: Final = "https://cvat.example"
THERE: Final = "https://there.example"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Logins to two servers; the first is the default."""
    held = Store(tmp_path / "settings")
    keep(held, Login(HERE, "ada", AccessToken("saved-here"))).unwrap()
    keep(held, Login(THERE, "ada", Cookies("s", "c"))).unwrap()
    return held


NOWHERE: Final = Store(Path("/nonexistent/cvatfn"))

said = some.none() | some.sampled_from(["here.example", "http://there.example:8080", HERE])


@given(option=said, variable=said | some.just(""))
def test_the_option_comes_before_the_environment(option: str | None, variable: str | None) -> None:
    environ = {} if variable is None else {"CVATFN_HOST": variable}
    target = target_of(Session(host=option), environ, NOWHERE)
    first = option or variable
    if first:
        assert target == Success(Target(server=server_named(first)))
    else:
        assert isinstance(target.failure(), Unmeant)


def test_the_default_login_is_meant_where_no_server_is_said(store: Store) -> None:
    target = target_of(Session(), {}, store).unwrap()
    assert target == Target(server=HERE, auth=AccessToken("saved-here"), whence="saved")
    target = target_of(Session(), {"CVATFN_HOST": THERE}, store).unwrap()
    assert (target.server, target.auth) == (THERE, Cookies("s", "c"))


def test_who_says_no_server_is_told_the_three_ways() -> None:
    said = str(target_of(Session(), {}, NOWHERE).failure())
    assert all(way in said for way in ("--host", "CVATFN_HOST", "cvatfn login"))


@pytest.mark.parametrize("wrong", ["ftp://x", "https://me:pw@x.example", "https://x.example?a=1"])
def test_a_server_that_cannot_be_meant_is_told(wrong: str) -> None:
    assert isinstance(target_of(Session(host=wrong), {}, NOWHERE).failure(), Unmeant)


def test_a_file_comes_before_the_environment_and_that_before_the_store(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text("  of-the-file \nand more\n")
    options, environ = Session(token_file=str(file)), {"CVATFN_TOKEN": "of-the-environment"}

    def found(session: Session, environ: dict[str, str]) -> tuple[object, str]:
        target = target_of(session, environ, store).unwrap()
        return target.auth, target.whence

    assert found(options, environ) == (AccessToken("of-the-file"), "--token-file")
    assert found(Session(), environ) == (AccessToken("of-the-environment"), "CVATFN_TOKEN")
    assert found(Session(), {"CVATFN_TOKEN": ""}) == (AccessToken("saved-here"), "saved")
    assert found(Session(host="new.example"), {}) == (None, "nobody")


@pytest.mark.parametrize(
    "host", [HERE + ":8443", "http://cvat.example", HERE + "/base", "x.example"]
)
def test_the_environments_token_is_for_the_environments_server(host: str, store: Store) -> None:
    environ = {"CVATFN_HOST": "CVAT.example", "CVATFN_TOKEN": "of-the-environment"}
    target = target_of(Session(host=host), environ, store).unwrap()
    assert target.auth is None
    assert target_of(Session(host=HERE), environ, store).unwrap().whence == "CVATFN_TOKEN"
    assert target_of(Session(host=THERE), environ, store).unwrap().whence == "saved"


def test_the_environments_token_goes_with_whatever_server_where_it_names_none(
    store: Store,
) -> None:
    environ = {"CVATFN_TOKEN": "of-the-environment"}
    assert target_of(Session(host="x.example"), environ, store).unwrap().whence == "CVATFN_TOKEN"


def test_a_token_may_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("typed\nrest\n"))
    target = target_of(Session(host=HERE, token_file="-"), {}, NOWHERE).unwrap()
    assert target.auth == AccessToken("typed")
    assert sys.stdin.read() == "rest\n"


def test_what_is_no_token_is_told_without_it(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"\xfft0p-s3cret")
    asked = Session(host=HERE, token_file=str(file))
    error = target_of(asked, {}, NOWHERE).failure()
    assert error == DiskError(str(file), "is no text in UTF-8")
    file.write_text("t0p s3cret")
    error = target_of(asked, {}, NOWHERE).failure()
    assert isinstance(error, Unmeant)
    assert "s3cret" not in f"{error}{error!r}"
    missing = Session(host=HERE, token_file=str(tmp_path / "none"))
    assert isinstance(target_of(missing, {}, NOWHERE).failure(), DiskError)
    environ = {"CVATFN_TOKEN": "two\nlines-s3cret"}
    error = target_of(Session(host=HERE), environ, NOWHERE).failure()
    assert "s3cret" not in f"{error}{error!r}"


def test_logins_that_cannot_be_read_end_the_search(store: Store) -> None:
    store.file.write_text("[")
    assert isinstance(target_of(Session(), {}, store).failure(), DiskError)
    assert isinstance(target_of(Session(host=HERE), {}, store).failure(), DiskError)
    environ = {"CVATFN_HOST": HERE, "CVATFN_TOKEN": "t"}
    assert isinstance(target_of(Session(), environ, store), Success)  # nobody asks the store


ENVIRON: Final = {
    "CVATFN_HOST": HERE,
    "CVATFN_ORG": "acme",
    "CVATFN_TIMEOUT": "7.5",
    "CVATFN_RETRIES": "0",
    "CVATFN_CA_FILE": "/ca.pem",
    "CVATFN_PROXY": "http://me:pw@proxy.example",
}


def test_all_else_can_be_said_by_the_environment_and_by_options_before_it() -> None:
    target = target_of(Session(), ENVIRON, NOWHERE).unwrap()
    assert target == Target(
        server=HERE,
        org="acme",
        timeout=evolve(DEFAULT_TIMEOUT, connect=7.5, read=7.5),
        retries=0,
        ca_file="/ca.pem",
        proxy="http://me:pw@proxy.example",
    )
    assert "pw" not in repr(target)
    session = Session(org="", timeout=1.0, retries=9, ca_file="own.pem", proxy="")
    target = target_of(session, ENVIRON, NOWHERE).unwrap()
    assert (target.org, target.retries, target.ca_file, target.proxy) == ("", 9, "own.pem", None)
    assert target.timeout.read == 1.0
    assert target_of(Session(host=HERE), {}, NOWHERE).unwrap() == Target(server=HERE)


@pytest.mark.parametrize("name", ["CVATFN_TIMEOUT", "CVATFN_RETRIES"])
@pytest.mark.parametrize("wrong", ["soon", "-1", "nan", "inf", "1e99"])
def test_a_number_that_cannot_be_meant_is_told(name: str, wrong: str) -> None:
    error = target_of(Session(host=HERE), {name: wrong}, NOWHERE).failure()
    assert name in str(error)


def test_a_proxys_login_is_refused_on_the_command_line_alone() -> None:
    asked = Session(host=HERE, proxy="http://me:pw@proxy.example")
    error = str(target_of(asked, {}, NOWHERE).failure())
    assert "CVATFN_PROXY" in error
    assert "pw" not in error
    result = run("whoami", "--host", HERE, "--proxy", "http://me:pw@proxy.example")
    assert (result.exit_code, "pw@" in result.output) == (2, False)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"https_proxy": "small", "HTTPS_PROXY": "capital"}, "small"),
        ({"HTTP_PROXY": "plain"}, None),
        ({"ALL_PROXY": "all"}, "all"),
        ({"HTTPS_PROXY": "one", "CVATFN_PROXY": "own"}, "own"),
        ({"HTTPS_PROXY": "one", "CVATFN_PROXY": ""}, None),
        ({"HTTPS_PROXY": "one", "NO_PROXY": "*"}, None),
        ({"HTTPS_PROXY": "one", "NO_PROXY": "x.example, cvat.example"}, None),
        ({"HTTPS_PROXY": "one", "no_proxy": ".example"}, None),
        ({"HTTPS_PROXY": "one", "no_proxy": "*.example"}, None),
        ({"HTTPS_PROXY": "one", "no_proxy": "vat.example"}, "one"),
        ({"HTTPS_PROXY": "one", "no_proxy": "cvat.example:8443"}, "one"),
        ({"HTTPS_PROXY": "one", "no_proxy": ","}, "one"),
    ],
)
def test_the_environment_says_through_whom(environ: dict[str, str], expected: str | None) -> None:
    assert proxy_for(HERE, environ) == expected


@pytest.mark.parametrize("option", ["--token", "--password"])
def test_a_secret_on_the_command_line_is_refused_and_not_repeated(option: str) -> None:
    for command in ("login", "whoami") if option == "--token" else ("login",):
        result = run(command, option, "t0p-s3cret")
        assert result.exit_code == 2
        assert "t0p-s3cret" not in result.output
    assert "everybody on this machine" in run("whoami", "--token", "x").stderr


def test_a_post_is_repeated_after_429_and_after_nothing_else(
    sandbox_server: SandboxServer,
) -> None:
    login = AccessToken(sandbox_server.token)
    with (
        Hop(sandbox_server.url, [Status(429), Status(503)]) as url,
        opened(Target(server=url, auth=login)) as transport,
    ):
        refused = call(transport, tasks.create, {"name": "cats"}).failure()
    assert "503" in str(refused)
    assert len(sandbox_server.sandbox.world.tasks) == 0


def test_an_organization_is_named_with_each_request_and_a_ca_that_is_not_there_is_told(
    sandbox_server: SandboxServer, tmp_path: Path
) -> None:
    target = Target(server=sandbox_server.url, org="nobody", auth=AccessToken(sandbox_server.token))
    with opened(target) as transport:
        assert "404" in str(call(transport, tasks.list).failure())
    result = run(
        "whoami", "--host", sandbox_server.url, "--ca-file", tmp_path / "no.pem", CVATFN_TOKEN="t"
    )
    assert (result.exit_code, "no.pem" in result.stderr) == (2, True)


def test_nothing_is_left_open(sandbox_server: SandboxServer) -> None:
    with opened(Target(server=sandbox_server.url)) as transport:
        call(transport, server.retrieve_about).unwrap()
    assert "closed" in str(call(transport, server.retrieve_about).failure())


def test_options_and_environment_reach_the_server(sandbox_server: SandboxServer) -> None:
    url, token = sandbox_server.url, sandbox_server.token
    told = done("whoami", CVATFN_HOST=url, CVATFN_TOKEN=token)
    assert told == f"admin at {url} (login: CVATFN_TOKEN)\n"
    told = done("whoami", "--host", url, "--token-file", "-", typed=token + "\n")
    assert told == f"admin at {url} (login: --token-file)\n"
