"""A check, and how a transport is put to it.

Rule: a check always comes to a result. What a transport raises is what it did wrong; and one that
never comes back is given up, its servers with it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack, closing
from threading import Thread
from traceback import extract_tb
from typing import Final, Literal, TypeAlias, final

from attrs import field, frozen
from typing_extensions import override

from cvatfn.codecs.showing import readable
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.conformance.peers import Behaviour, Server
from cvatfn.testing.conformance.service import Seen, seen_in, serving
from cvatfn.transport.types import Transport

__all__ = [
    "Cannot",
    "Check",
    "Facing",
    "MakeTransport",
    "Need",
    "Report",
    "Result",
    "Stage",
    "check",
    "expect",
    "failed",
    "put_to",
    "succeeded",
]

MakeTransport: TypeAlias = Callable[[str], AbstractContextManager[Transport]]
"""Makes a transport to the server at a URL; the end of its `with` block is the transport's."""

Need: TypeAlias = Literal[
    "answers", "origin", "wire", "pieces", "streams", "timeouts", "deadlines", "parallel", "closing"
]
"""What a check needs of a transport, beside that it is one.

- `answers`: what it asks is the suite's server, or `answered`.
- `origin`: it belongs to one server, and knows which.
- `wire`: it asks over a socket, in HTTP/1.1.
- `pieces`: it reads a body while it is sent.
- `streams`: it hands on a streamed answer while it comes.
- `timeouts`: it keeps a request's `connect` and `read`.
- `deadlines`: it keeps `total`.
- `parallel`: it sends requests of several threads at once.
- `closing`: it sends nothing any more when its block has ended.
"""

Cannot: TypeAlias = Mapping[Need, str]
"""What a transport cannot do, and why: the reason with which checks are skipped."""

PATIENCE: Final = 30.0
"""How long one check may take, in seconds; far more than any of them needs."""


class Unmet(Exception):  # noqa: N818 - says what was expected
    """What a check expects is not so."""


def expect(is_so: object, otherwise: str) -> None:
    """End the check, unless something is so.

    :param is_so: what is to be so.
    :param otherwise: what is wrong if it is not.
    """
    if not is_so:
        raise Unmet(otherwise)


def succeeded(outcome: Outcome[Response, TransportError]) -> Response:
    """The response; whatever else came ends the check.

    :param outcome: what a transport made of a request.
    """
    match outcome:
        case Success(response):
            return response
        case Failure(error):
            raise Unmet(f"a response was expected, not {type(error).__name__}: {error}")


def failed(outcome: Outcome[Response, TransportError], *kinds: type) -> TransportError:
    """The error; a response, or an error of another kind, ends the check.

    :param outcome: what a transport made of a request.
    :param kinds: what it may be.
    """
    named = " or ".join(kind.__name__ for kind in kinds)
    match outcome:
        case Success(response):
            raise Unmet(f"{named} was expected, not a response of status {response.status}")
        case Failure(error):
            expect(isinstance(error, kinds), f"{named} was expected, not {type(error).__name__}")
            return error


@final
@frozen
class Facing:
    """A transport, and the server that it faces."""

    transport: Transport
    server: Server

    def seen(self, request: Request) -> Seen:
        """Send a request, and see what arrived of it.

        :param request: the request.
        """
        response = succeeded(self.transport(request))
        seen = seen_in(response)
        if seen is None:
            raise Unmet(f"the answer was not what the server said: {response!r}")
        return seen


@final
class Stage:
    """Where a transport is put to a check: it faces servers that last as long as the check.

    :param make: makes the transport.
    """

    def __init__(self, make: MakeTransport) -> None:
        self._make = make
        self._open = ExitStack()
        self._servers: list[Server] = []
        self._last: list[Callable[[], object]] = []

    def facing(self, behaviour: Behaviour = serving) -> Facing:
        """A new transport, to a new server.

        :param behaviour: what the server does; it tells what it was asked unless given.
        """
        server = self.server(behaviour)
        return Facing(self.transport(server.url), server)

    def server(self, behaviour: Behaviour = serving) -> Server:
        """A new server.

        :param behaviour: what it does.
        """
        server = Server(behaviour)
        self._servers.append(server)
        return server

    def transport(self, url: str) -> Transport:
        """A new transport, to any server.

        :param url: whose server it is for.
        """
        return self.entered(url, self._open)

    def entered(self, url: str, stack: ExitStack) -> Transport:
        """A new transport, which ends with a stack.

        :param url: whose server it is for.
        :param stack: ends it.
        """
        return stack.enter_context(self._make(url))

    def at_the_end(self, act: Callable[[], object]) -> None:
        """Do something before the servers end, or are given up.

        :param act: what to do.
        """
        self._last.append(act)

    def close(self) -> None:
        """End the transports, then the servers."""
        with ExitStack() as servers:
            for server in self._servers:
                servers.callback(server.close)
            for act in self._last:
                servers.callback(act)
            self._open.close()

    def give_up(self) -> None:
        """End the servers under a transport that does not come back."""
        for act in self._last:
            act()
        for server in self._servers:
            server.release()


@final
@frozen
class Check:
    """One thing that every transport does.

    :param name: its name.
    :param sentence: what it says of a transport.
    :param needs: what it needs of a transport.
    :param body: puts a transport to it.
    """

    name: str
    sentence: str
    needs: tuple[Need, ...]
    body: Callable[[Stage], None] = field(repr=False)

    def run(
        self, make: MakeTransport, cannot: Cannot | None = None, *, patience: float = PATIENCE
    ) -> Result:
        """Put a transport to the check.

        :param make: makes the transport, for the server at a URL.
        :param cannot: what it cannot do, and why; checks that need it are skipped.
        :param patience: how long it may take, in seconds.
        """
        lacking = [f"{need}: {cannot[need]}" for need in self.needs if cannot and need in cannot]
        if lacking:
            return Result(self.name, self.sentence, "skipped", "; ".join(lacking))
        wrong = put_to(self.body, make, patience)
        return Result(
            self.name, self.sentence, "passed" if wrong is None else "failed", wrong or ""
        )

    @override
    def __str__(self) -> str:
        return self.name


@final
@frozen
class Result:
    """What came of a check.

    :param check: its name.
    :param sentence: what it says of a transport.
    :param verdict: whether that is so.
    :param reason: why it failed or was skipped.

    >>> print(Result("ends", "Redirects end.", "failed", "101 requests were sent"))
    failed   ends: Redirects end. (101 requests were sent)
    """

    check: str
    sentence: str
    verdict: Literal["passed", "failed", "skipped"]
    reason: str = ""

    @override
    def __str__(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.verdict:8} {self.check}: {self.sentence}{why}"


@final
@frozen
class Report:
    """What came of all checks; printed, it is one line for each.

    :param results: in the order of the checks.
    """

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether no check failed."""
        return not self.of("failed")

    def of(self, verdict: Literal["passed", "failed", "skipped"]) -> tuple[Result, ...]:
        """The results of one kind.

        :param verdict: which.
        """
        return tuple(result for result in self.results if result.verdict == verdict)

    @override
    def __str__(self) -> str:
        return "\n".join(map(str, self.results))


def check(*needs: Need) -> Callable[[Callable[[Stage], None]], Check]:
    """Make a check of a function, whose name and docstring say what it is.

    :param needs: what it needs of a transport.
    """

    def made(function: Callable[[Stage], None]) -> Check:
        sentence = (inspect.getdoc(function) or "").replace("\n", " ")
        return Check(function.__name__, sentence, needs, function)

    return made


def put_to(body: Callable[[Stage], None], make: MakeTransport, patience: float) -> str | None:
    """Put a transport to a check, in a thread of its own.

    :param body: the check.
    :param make: makes the transport.
    :param patience: how long it may take, in seconds.
    :returns: what is wrong; `None` if nothing is.
    """
    stage, told = Stage(make), list[str | None]()
    thread = Thread(target=lambda: told.append(_wrong(body, stage)), daemon=True)
    thread.start()
    thread.join(patience)
    if not told:
        stage.give_up()
        thread.join(patience)
        return f"it did not come back within {patience:g} s"
    return told[0]


def _wrong(body: Callable[[Stage], None], stage: Stage) -> str | None:
    """What is wrong, whatever it is: this is where exceptions of a transport end."""
    try:
        with closing(stage):
            body(stage)
    except Unmet as unmet:
        return readable(str(unmet))
    except Exception as error:
        frame = extract_tb(error.__traceback__)[-1]
        said = f"it raised {type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"
        return readable(said)
    return None
