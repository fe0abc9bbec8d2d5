"""Everything that may go wrong with a call, as values: `CallError` is a closed union.

Rule: an error says what was wrong, where, and what to do next; it carries the endpoint's name, the
request with its secrets masked and, where there was one, the response. `match` with `assert_never`
over it is exhaustive.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias, TypeVar, final

from attrs import field, frozen
from returns.result import Failure, Success
from typing_extensions import override

from cvatfn.codecs.clearing import cleared_text, shown
from cvatfn.codecs.problems import DecodeError, Problem, lines_of
from cvatfn.codecs.showing import readable
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome

__all__ = [
    "CallError",
    "CallFailed",
    "ConnectFailed",
    "ConnectionLost",
    "DecodeError",
    "ForeignOrigin",
    "InvalidParams",
    "Outdated",
    "Problem",
    "Rejected",
    "TimedOut",
    "TlsFailed",
    "TooLarge",
    "TransportError",
    "Undecodable",
    "UnexpectedStatus",
    "Unsendable",
    "raise_on_failure",
]

T = TypeVar("T")


def _lines(problems: Sequence[object]) -> str:
    return "".join(f"\n  {line}" for line in lines_of(problems))


def _called(endpoint: str, request: Request) -> str:
    asked = readable(f"{request.method} {cleared_text(request.path, set())}")
    return f"{endpoint} ({asked})" if endpoint else asked


def _traced(response: Response) -> str:
    return f" [request id {readable(response.request_id)}]" if response.request_id else ""


@final
@frozen
class InvalidParams:
    """The parameters or the body failed their checks; nothing was sent.

    :param endpoint: the endpoint's name.
    :param problems: all that is wrong, each with its path.

    >>> print(InvalidParams("tasks.retrieve", (Problem("id", "is missing"),)))
    tasks.retrieve: nothing was sent, these parameters need correction:
      id: is missing
    """

    endpoint: str
    problems: tuple[Problem, ...]

    @override
    def __str__(self) -> str:
        head = f"{self.endpoint}: nothing was sent, these parameters need correction:"
        return head + _lines(self.problems)


@final
@frozen
class ConnectFailed:
    """No connection could be made: the name, the address or the proxy is wrong, or nobody listens.

    :param request: what was to be sent.
    :param reason: what the network said.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    reason: str
    endpoint: str = ""

    @property
    def may_have_acted(self) -> bool:
        """Whether the server may have acted on the request: no, nothing was sent."""
        return False

    @override
    def __str__(self) -> str:
        called = _called(self.endpoint, self.request)
        return f"{called}: no connection: {self.reason}. Check the host, the port and the proxy."


@final
@frozen
class TimedOut:
    """No whole response came in time.

    :param request: what was sent.
    :param reason: which wait ran out.
    :param may_have_acted: whether the server may have acted on the request; false while connecting.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    reason: str
    may_have_acted: bool = True
    endpoint: str = ""

    @override
    def __str__(self) -> str:
        called = _called(self.endpoint, self.request)
        return f"{called}: timed out: {self.reason}. {_acted(self.may_have_acted)}"


@final
@frozen
class ConnectionLost:
    """The connection broke before the response was whole, or what came was no HTTP.

    :param request: what was sent.
    :param reason: what the network said.
    :param may_have_acted: whether the server may have acted on the request.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    reason: str
    may_have_acted: bool = True
    endpoint: str = ""

    @override
    def __str__(self) -> str:
        called = _called(self.endpoint, self.request)
        return f"{called}: connection lost: {self.reason}. {_acted(self.may_have_acted)}"


@final
@frozen
class TlsFailed:
    """The server's identity could not be verified, or no common TLS was found.

    :param request: what was to be sent.
    :param reason: what the TLS library said.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    reason: str
    endpoint: str = ""

    @property
    def may_have_acted(self) -> bool:
        """Whether the server may have acted on the request: no, nothing was sent."""
        return False

    @override
    def __str__(self) -> str:
        called = _called(self.endpoint, self.request)
        return (
            f"{called}: TLS failed: {self.reason}. "
            "Give `ca_bundle` if the server's certificate is signed by your own authority."
        )


@final
@frozen
class TooLarge:
    """The response is larger than what was asked for may be, or the connection accepts.

    :param request: what was sent.
    :param limit: the limit, in bytes of the decoded body.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    limit: int
    endpoint: str = ""

    @property
    def may_have_acted(self) -> bool:
        """Whether the server may have acted on the request: yes, it answered."""
        return True

    @override
    def __str__(self) -> str:
        called = _called(self.endpoint, self.request)
        return (
            f"{called}: the answer is larger than {self.limit} bytes. To allow it, ask for "
            "`at_most(endpoint, bytes)`, raise `max_body` of the connection, or, of a download, "
            "its `max_size`; `stream` takes an answer of any size in pieces."
        )


@final
@frozen
class ForeignOrigin:
    """A URL leads to another origin than the connection's; nothing was sent there.

    :param request: what was to be sent.
    :param origin: the origin the connection belongs to.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    origin: str
    endpoint: str = ""

    @property
    def may_have_acted(self) -> bool:
        """Whether the server may have acted on the request: no, nothing was sent."""
        return False

    @override
    def __str__(self) -> str:
        named = cleared_text(self.request.origin or "", set())
        return (
            f"{_called(self.endpoint, self.request)}: {readable(named)} is not {self.origin}: "
            "nothing was sent. Connect to that origin on its own if you trust it."
        )


@final
@frozen
class Unsendable:
    """The request cannot be put on the wire whole, or the connection is closed.

    :param request: what was to be sent.
    :param reason: what is wrong with it.
    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    """

    request: Request
    reason: str
    endpoint: str = ""

    @property
    def may_have_acted(self) -> bool:
        """Whether the server may have acted on the request: no, it never had the whole of it."""
        return False

    @override
    def __str__(self) -> str:
        return f"{_called(self.endpoint, self.request)}: could not be sent: {self.reason}."


TransportError: TypeAlias = (
    ConnectFailed | TimedOut | ConnectionLost | TlsFailed | TooLarge | ForeignOrigin | Unsendable
)
"""No whole response arrived; `may_have_acted` says whether repeating could do a thing twice."""


@final
@frozen
class Outdated:
    """What was asked for is not in the server's release of CVAT.

    :param release: the first release that has it; where it is gone, the last one that had it.
    :param server: the server's release, as it says it.
    :param parameter: the parameter that is meant; `None` for the endpoint itself.
    :param gone: whether the server's release is too new, not too old.

    >>> print(Outdated("2.65.0", "2.40.1", "import_mode"))
    `import_mode` needs CVAT 2.65.0, the server is 2.40.1
    >>> print(Outdated("2.69.0", "2.80.0", gone=True))
    needs CVAT 2.69.0 or older, the server is 2.80.0
    """

    release: str
    server: str
    parameter: str | None = None
    gone: bool = False

    @override
    def __str__(self) -> str:
        named = "" if self.parameter is None else f"`{self.parameter}` "
        older = " or older" if self.gone else ""
        return f"{named}needs CVAT {self.release}{older}, the server is {self.server}"


@final
@frozen
class Rejected:
    """The server answered with a 4xx or 5xx status.

    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    :param request: what was sent, with its secrets masked; `None` where only a response was read.
    :param response: what came back.
    :param detail: what the server said, as one text.
    :param fields: what it said of single fields, with paths.
    :param retry_after: how many seconds to wait, where it said so (RFC 9110, section 10.2.3).
    :param outdated: what the server's release lacks of what was asked for, where it was found out.
    """

    endpoint: str
    request: Request | None
    response: Response
    detail: str
    fields: tuple[Problem, ...] = ()
    retry_after: float | None = None
    outdated: Outdated | None = None

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status

    @override
    def __str__(self) -> str:
        called = _where(self.endpoint, self.request)
        advice = _ADVICE.get(self.status, "")
        detail = readable(self.detail)
        if advice and not detail.endswith((".", "!", "?")):
            detail += "."
        cut = " [more was said than is read of a refusal]" if self.response.cut else ""
        said = f"{called}: {self.status}: {detail}{advice}{cut}{_traced(self.response)}"
        return said if self.outdated is None else f"{said.rstrip('.')}: {self.outdated}"


@final
@frozen
class UnexpectedStatus:
    """A status that is no answer: a 1xx, a redirect that may not be followed, an unknown class.

    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    :param request: what was sent, with its secrets masked; `None` where only a response was read.
    :param response: what came back.
    """

    endpoint: str
    request: Request | None
    response: Response

    @property
    def status(self) -> int:
        """The status code."""
        return self.response.status

    @override
    def __str__(self) -> str:
        called = _where(self.endpoint, self.request)
        location = self.response.headers.get("location")
        led, advice = (f" to {readable(shown(location))}", _NOT_FOLLOWED) if location else ("", "")
        return f"{called}: status {self.status}{led} is no answer.{advice}{_traced(self.response)}"


@final
@frozen
class Undecodable:
    """The body does not fit the declared type, or a page of a listing not those before it.

    :param endpoint: the endpoint's name; empty for a request outside the catalogue.
    :param request: what was sent, with its secrets masked; `None` where only a response was read.
    :param response: what came back; its `body` holds the raw bytes.
    :param problems: all that does not fit, each with its path.
    :param walked: whether it is a page from which a walk cannot go on.
    """

    endpoint: str
    request: Request | None
    response: Response
    problems: tuple[Problem, ...] = field(factory=tuple)
    walked: bool = False

    @override
    def __str__(self) -> str:
        advice = _OF_A_WALK if self.walked else _OF_A_BODY
        return f"{_where(self.endpoint, self.request)}: {advice}:{_lines(self.problems)}"


CallError: TypeAlias = InvalidParams | TransportError | Rejected | UnexpectedStatus | Undecodable
"""Why a call came to nothing."""


class CallFailed(Exception):  # noqa: N818 - it is not an error of its own, it carries one
    """One exception for those who want exceptions: made by `raise_on_failure` only.

    :param error: the error as a value.
    """

    def __init__(self, error: object) -> None:
        super().__init__(error)
        self.error = error

    @override
    def __str__(self) -> str:
        return str(self.error)


def raise_on_failure(outcome: Outcome[T, object]) -> T:
    """Unwrap an outcome, turning any error into the exception `CallFailed`.

    :param outcome: what a function of this library returned.
    :returns: the value.
    :raises CallFailed: it was a failure; `.error` is the value that it held.

    >>> raise_on_failure(Success(3))
    3
    """
    match outcome:
        case Success(value):
            return value
        case Failure(error):
            raise CallFailed(error)


def _acted(may_have_acted: bool) -> str:
    if may_have_acted:
        return "The server may have acted on it: look before you repeat it."
    return "The server did not act on it: it is safe to repeat."


def _where(endpoint: str, request: Request | None) -> str:
    return endpoint or "request" if request is None else _called(endpoint, request)


_OF_A_BODY: Final = (
    "the answer does not fit its type; "
    "`lenient(endpoint)` reads what it can, `raw(endpoint)` gives the bytes"
)
_OF_A_WALK: Final = (
    "the walk cannot go on from this page, and what came before it may not be all; "
    "walk again, or ask for single pages with `call`"
)

_GATEWAY: Final = " The server may have acted on it: look before you repeat it."

_NOT_FOLLOWED: Final = (
    " It was not followed: only GET and HEAD are, a few times, and never to another origin. If you "
    "trust where it leads, connect there."
)

_ADVICE = {
    401: " Log in first: give `auth` to `connect`.",
    403: " The login is known but not allowed to do this; is the organization right?",
    406: " The server does not speak the media type that was asked for.",
    408: " It waited in vain for the whole of the request: try again.",
    429: " Wait as long as `retry_after` says, then try again.",
    500: " The server failed at it: its administrators find out why.",
    502: _GATEWAY,
    503: " Try again later; `connect(retry=...)` does so where it is safe.",
    504: _GATEWAY,
}
