"""One walk through all there is, with planted secrets: it finds none; and what leaks, it finds."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from pathlib import Path
from typing import TypeAlias, get_args

import pytest

from cvatfn.api import auth, tasks
from cvatfn.codecs.secrets import Unshown
from cvatfn.polling import PollTimedOut, RequestFailed
from cvatfn.transfer import TransferError
from tests.secrets import tours
from tests.secrets.building import Unbuildable, built
from tests.secrets.finding import Secrets
from tests.secrets.walk import Walk, hearing
from tests.transport.conftest import Authority

AWAITED = (auth.create_login, tasks.create_data)
"""What is asked under event loops: the catalogue's other operations go the same way."""

DATA = ("cats.zip",)
"""What is downloaded is data, and holds what a server says."""


def test_no_secret_is_found_in_whatever_is_shown_raised_logged_kept_or_pickled(
    walk: Walk,
    tmp_path: Path,
    authority: Authority,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    with hearing(walk, "meanwhile"):
        tours.classes(walk)
        tours.mistakes(walk)
        tours.calls(walk, tmp_path)
        tours.awaited_calls(walk, tmp_path, AWAITED)
        tours.conversations(walk, tmp_path)
        tours.wires(walk, authority)
        tours.other_ends(walk, tmp_path)
    printed = capfd.readouterr()
    walk.at_texts("what was printed", [("stdout", printed.out), ("stderr", printed.err)])
    walk.at_files("what was written", tmp_path, DATA)
    assert walk.found == []
    errors = {*get_args(TransferError), PollTimedOut, RequestFailed}
    assert errors - walk.seen == set()
    assert walk.looked > 50_000


def _clumsy(_: object) -> Unshown:
    return Unshown()


def _ignorant(*_: object) -> set[str]:
    return set()


def _nothing(*_: object) -> Iterator[str]:
    return iter(())


def _same(held: object, *_: object) -> object:
    return held


def _classes(walk: Walk, _: Path, __: Authority) -> None:
    tours.classes(walk)


def _logins(walk: Walk, folder: Path, _: Authority) -> None:
    tours.calls(walk, folder, [auth.create_login])
    walk.at_files("what was written", folder)


def _awaited(walk: Walk, folder: Path, _: Authority) -> None:
    tours.awaited_calls(walk, folder, AWAITED[:1])
    walk.at_files("what was written", folder)


def _wires(walk: Walk, _: Path, authority: Authority) -> None:
    tours.wires(walk, authority)


Tour: TypeAlias = Callable[[Walk, Path, Authority], None]
LEAKS: dict[str, tuple[str, Callable[..., object], Tour]] = {
    "header fields are shown": ("cvatfn.messages._masked", _same, _classes),
    "URLs show their logins": ("cvatfn.codecs.clearing.without_urls", _same, _classes),
    "a connection forgets its login": ("cvatfn.transport.outgoing.login_of", _clumsy, _wires),
    "httpcore2 is not hushed": ("cvatfn.aio.links.hushed", nullcontext, _wires),
    "a wrapper forgets its login": ("cvatfn.transport.wrappers.login_of", _clumsy, _logins),
    "deep JSON is not looked at": ("cvatfn.codecs.masking.words", _nothing, _logins),
    "base64 is not looked for": ("cvatfn.codecs.clearing._coded", _nothing, _logins),
    "an awaited recording masks nothing": (
        "cvatfn.transport.exchanges.secrets_of",
        _ignorant,
        _awaited,
    ),
    "an awaited log record masks nothing": (
        "cvatfn.transport.logs.secrets_of",
        _ignorant,
        _awaited,
    ),
    "an awaited wrapper shows its fields": ("cvatfn.messages._masked", _same, _awaited),
    "a recording masks nothing": ("cvatfn.transport.exchanges.secrets_of", _ignorant, _logins),
    "a log record masks nothing": ("cvatfn.transport.logs.secrets_of", _ignorant, _logins),
    "a body masks nothing": ("cvatfn.messages.sent_secrets", _ignorant, _logins),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_what_leaks_is_found(
    leak: str, walk: Walk, tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, broken, tour = LEAKS[leak]
    monkeypatch.setattr(place, broken)
    with hearing(walk, "meanwhile"):
        tour(walk, tmp_path, authority)
    assert walk.found


def test_what_http_client_is_told_to_print_would_be_found(
    walk: Walk,
    authority: Authority,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)
    monkeypatch.setattr(http.client.HTTPConnection, "set_debuglevel", _nothing)
    with hearing(walk, "meanwhile"):
        tours.wires(walk, authority)
    assert walk.found == []
    walk.at_texts("what was printed", [("stdout", capfd.readouterr().out)])
    assert walk.found


def test_a_class_that_nobody_says_how_to_build_fails_the_walk() -> None:
    class Unknown:
        """Neither attrs nor in a recipe."""

        held = count()

    with pytest.raises(Unbuildable, match="say how to build"):
        built(Unknown, Secrets())
