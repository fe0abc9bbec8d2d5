"""Each row of the page's table of exceptions: the value is the one that the page names."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from cvatfn import Failure, Success
from cvatfn.testing.conformance.peers import Server
from cvatfn.transport import connect
from tests.coming_from.page import code, table
from tests.coming_from.situations import LIMIT, SITUATIONS, Situation

ROWS = {when: value for _, when, value in table("Exceptions, and what answers them")}


def test_every_row_is_played() -> None:
    assert list(ROWS) == list(SITUATIONS)


@pytest.mark.parametrize("when", SITUATIONS)
def test_it_comes_to_the_value_that_the_page_names(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    situation = SITUATIONS[when]
    with ExitStack() as stack:
        host = where(situation, stack)
        timeout = LIMIT if when == "no answer in time" else 5.0
        transport = stack.enter_context(connect(host, timeout=timeout))
        if "AttributeError" in ROWS[when]:
            with pytest.raises(AttributeError):
                situation.asks(transport)
            return
        outcome = situation.asks(transport)
    match outcome:
        case Success():
            assert ROWS[when].startswith("nothing")
        case Failure(error):
            assert type(error).__name__ == code(ROWS[when])[0]
            assert str(error)


def where(situation: Situation, stack: ExitStack) -> str:
    """Where a situation is found: the server runs until the stack is closed."""
    if situation.does is not None:
        server = stack.enter_context(Server(situation.does))
        return server.url.replace("http://", f"{situation.scheme}://")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return f"http://127.0.0.1:{port}"
