"""How tests run the command line: in this process, over a transport of theirs."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from click.testing import CliRunner, Result

from cvatfn import Failure, Outcome, Request, Response, Success
from cvatfn.cli.commands import cvatfn
from cvatfn.cli.sessions import Opener, Session
from cvatfn.errors import TransportError
from cvatfn.transport import Transport


def over(transport: Transport) -> Opener:
    """Have commands send over a transport, wherever they are told to go."""

    @contextmanager
    def opened(session: Session) -> Generator[Transport]:
        del session
        yield transport

    return opened


def run(transport: Transport, *words: str, typed: bytes | None = None) -> Result:
    """Run a command; what it raises but should not is raised here.

    :param transport: what it sends over.
    :param words: what was typed behind `cvatfn`.
    :param typed: what stdin gives.
    """
    runner = CliRunner(env={"NO_COLOR": "1", "COLUMNS": "100"})
    result = runner.invoke(cvatfn, words, input=typed, obj=over(transport))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


class Echo:
    """A transport that keeps what is sent, and answers each request the same."""

    def __init__(self, answer: Response | TransportError = Response(204)) -> None:  # noqa: B008 - frozen
        self.answer = answer
        self.sent: list[Request] = []

    def __call__(self, request: Request, /) -> Outcome[Response, TransportError]:
        self.sent.append(request)
        return Success(self.answer) if isinstance(self.answer, Response) else Failure(self.answer)


def objects(result: Result) -> Iterator[dict[str, object]]:
    """The JSON objects that a command wrote, one a line."""
    for line in result.stdout.splitlines():
        found: dict[str, object] = json.loads(line)
        yield found
