"""What is to come of each fault for each kind of endpoint: the table that the docs show.

Rule: what stands here follows from what the errors say of themselves, from RFC 9110 and RFC 9112,
and from which of the library's conversations try again by design; nothing was copied from a run.
A row says what a single try comes to, and the rest follows; what does not follow is named by kind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final, Literal, TypeAlias

from tests.faults.cells import (
    GOES_ON,
    UNSEEN,
    Cell,
    Certificate,
    Nobody,
    Row,
    final,
    harmless,
    passing,
    unacted,
)
from tests.faults.kinds import KINDS, Kind
from tests.hop.faults import (
    CutAnswer,
    CutRequest,
    CutRequestUnseen,
    Deaf,
    DropAnswer,
    Refuse,
    Share,
    Status,
    StatusAfter,
)
from tests.hop.retellings import (
    Chunks,
    CutBody,
    Fields,
    Gzip,
    Interim,
    Length,
    Nonsense,
    Stall,
    Trickle,
)
from tests.hop.thresholds import Handshake

__all__ = ["EVERY", "LOOPS", "ROWS", "SECTIONS", "awaited_cells"]

Loop: TypeAlias = Literal["asyncio", "trio"]
LOOPS: Final[tuple[Loop, ...]] = ("asyncio", "trio")

RESENT: Final = Cell(GOES_ON, "ConnectionLost")
"""On a link that was used before, silence is how a server closes an idle one: a safe request is
sent once more at once."""

_EMPTY: Final = {"piece": GOES_ON, "delete": GOES_ON}
"""Where there is no content (204), nothing of it can be wrong (RFC 9112, section 6.3)."""

_UNREAD: Final = {**_EMPTY, "multipart": GOES_ON, "announce": GOES_ON}
"""Where content is not looked at, it does not matter what it is."""


CONNECTING: Final = (
    Row(
        "nobody listens",
        Nobody(),
        final("ConnectFailed"),
        acts=False,
        unsent=True,
    ),
    *(
        Row(
            f"refused as it begins, {how}",
            Refuse(reset),
            unacted("ConnectionLost", list=RESENT),
            acts=False,
        )
        for reset, how in ((True, "reset"), (False, "closed"))
    ),
    Row(
        "request cut, unseen",
        CutRequestUnseen(Share(0.6)),
        unacted("ConnectionLost", list=RESENT),
        acts=False,
    ),
    Row(
        "request cut half-way",
        CutRequest(Share(0.6)),
        unacted("ConnectionLost", list=RESENT),
        acts=False,
    ),
    Row(
        "reset at the request's last byte",
        CutRequest(1 << 40),
        passing("ConnectionLost", list=RESENT),
    ),
    Row("no HTTP", Nonsense(), passing("ConnectionLost")),
)

TLS: Final = (
    *(
        Row(f"certificate: {flaw}", Certificate(flaw), final("TlsFailed"), acts=False, unsent=True)
        for flaw in ("wrong name", "expired", "untrusted", "not yet valid")
    ),
    Row(
        "server speaks no TLS",
        Handshake("no TLS"),
        final("TlsFailed"),
        acts=False,
        unsent=True,
    ),
    Row(
        "reset in the handshake",
        Handshake("reset"),
        final("ConnectFailed"),
        acts=False,
        unsent=True,
    ),
    Row(
        "closed in the handshake",
        Handshake("closed"),
        final("ConnectFailed"),
        acts=False,
        unsent=True,
    ),
    Row("stall in the handshake", Handshake("stall"), final("TimedOut"), acts=False, unsent=True),
)

CUT: Final = (
    Row("reset before the head", DropAnswer(True), passing("ConnectionLost", list=RESENT)),
    Row("closed before the head", DropAnswer(False), passing("ConnectionLost", list=RESENT)),
    Row("reset within the head", CutAnswer(20, True), passing("ConnectionLost")),
    Row("closed within the head", CutAnswer(20, False), passing("ConnectionLost")),
    Row(
        "body cut, by length",
        CutBody("length"),
        passing("ConnectionLost", **_EMPTY),
    ),
    Row(
        "body reset, by length", CutBody("length", reset=True), passing("ConnectionLost", **_EMPTY)
    ),
    Row("body cut, chunked", CutBody("chunked"), passing("ConnectionLost", **_EMPTY)),
    Row("body cut, gzip", CutBody("gzip"), passing("ConnectionLost", **_EMPTY)),
    Row(
        "body reset, until close",
        CutBody("until close", reset=True),
        passing("ConnectionLost", **_EMPTY),
    ),
    Row(
        "body cut, until close",
        CutBody("until close"),
        final("Undecodable", **_UNREAD, download=UNSEEN),
    ),
)

SLOW: Final = (
    Row("request is never read", Deaf(), unacted("TimedOut"), acts=False),
    Row("stall before the head", Stall("before"), passing("TimedOut")),
    Row("stall within the head", Stall("head"), passing("TimedOut")),
    Row("stall within the body", Stall("body"), passing("TimedOut", **_EMPTY)),
    Row("trickle of the head", Trickle("head"), passing("TimedOut")),
    Row(
        "trickle of the body",
        Trickle("body"),
        passing("TimedOut", **_EMPTY, download=GOES_ON),  # each try brings some of it
    ),
)

_ELSEWHERE: Final = b"Location: http://127.0.0.1:9/elsewhere"

FIELDS: Final = (
    Row("two Content-Length, equal", Fields(another_length=0), harmless()),
    Row("two Content-Length, unequal", Fields(another_length=1), passing("ConnectionLost")),
    Row(
        "Content-Length with Transfer-Encoding",
        Fields((b"Transfer-Encoding: chunked",), chunked=True),
        harmless(),
    ),
    Row("two ETags", Fields((b'ETag: "another"',)), harmless()),
    Row("two Locations", Fields((_ELSEWHERE,)), harmless(announce="ForeignOrigin")),
    Row(
        "two Content-Encodings",
        Fields((b"Content-Encoding: gzip", b"Content-Encoding: gzip"), coded=True),
        final("Undecodable", **_UNREAD, download="Implausible"),
    ),
    Row(
        "10,000 fields",
        Fields(tuple(b"X-Odd-%d: y" % number for number in range(10_000))),
        passing("ConnectionLost"),
    ),
    Row("a field of 1 MB", Fields((b"X-Odd: " + b"y" * 1_000_000,)), passing("ConnectionLost")),
    Row(
        "control bytes in a field",
        Fields((b"X-Odd: a\x01b\x00c\x7fd\x1b[2Je",)),
        harmless(),
    ),
    Row("a field without a colon", Fields((b"X-Odd",)), passing("ConnectionLost")),
    Row("a folded field", Fields((b"X-Odd: y", b"  z")), harmless()),
)

FRAMES: Final = (
    Row("length too short", Length(-5), final("Undecodable", **_UNREAD, download=UNSEEN)),
    Row("length too long", Length(5), passing("ConnectionLost", **_EMPTY)),
    *(
        Row(
            f"length is {flaw}",
            Length(said),
            passing("ConnectionLost", **_EMPTY),
        )
        for flaw, said in (("negative", "-1"), ("no number", "ten"))
    ),
    Row(
        "length is huge",
        Length(str(10**15)),
        final("TooLarge", **_EMPTY, multipart=GOES_ON),
    ),
    *(
        Row(f"chunks: {flaw}", Chunks(flaw), passing("ConnectionLost", **_EMPTY))
        for flaw in ("no size", "huge size", "negative size", "no line end", "endless extension")
    ),
    *(
        Row(f"gzip: {flaw}", Gzip(flaw), passing("ConnectionLost", **_EMPTY))
        for flaw in ("damaged", "not gzip")
    ),
    Row("gzip: a bomb", Gzip("bomb"), final("TooLarge", **_EMPTY, multipart=GOES_ON)),
)

INTERIM: Final = (
    *(Row(f"300 times {code}", Interim(code), harmless()) for code in (100, 102, 103)),
    *(
        Row(f"{code} without end", Interim(code, None), passing("ConnectionLost"))
        for code in (100, 102, 103)
    ),
)

IN_VAIN: Final = Cell("Rejected", "Rejected")
WAITS: Final[tuple[tuple[str, int | str | None, float | None], ...]] = (
    ("", None, None),
    (", Retry-After in seconds", 7, 7.0),
    (", Retry-After a date", "Thu, 26 Nov 2026 10:00:09 GMT", 9.0),
    (", Retry-After nonsense", "soon", None),
    (", Retry-After negative", -5, None),
    (", Retry-After enormous", 99_999_999, 99_999_999.0),
)


def _refused(code: int, said: str, retry_after: int | str | None, waits: float | None) -> Row:
    name, fault = f"{code}{said}", Status(code, retry_after)
    if code == 500:  # CVAT answers so to a piece that it could not take this time
        too_long = waits is not None and waits > 120
        piece = IN_VAIN if too_long else Cell(GOES_ON, "Rejected")
        cells = final("Rejected", piece=piece)
    elif waits is not None and waits > 600:  # nobody is as patient
        cells = final("Rejected", look="PollTimedOut")
    elif code == 429:  # the batch was surely not taken, so it is sent again
        cells = unacted("Rejected", multipart=Cell(GOES_ON, "Rejected"))
    else:
        cells = unacted("Rejected")
    return Row(name, fault, cells, acts=False, waits=waits)


REFUSALS: Final = (
    *(_refused(code, *how) for code in (408, 429, 500, 502, 503, 504) for how in WAITS),
    Row(
        "500 after the server acted",
        StatusAfter(500),
        final("Rejected", piece=Cell(GOES_ON, GOES_ON)),
    ),
    *(
        Row(f"{code} after the server acted", StatusAfter(code), passing("Rejected"))
        for code in (408, 502, 503, 504)
    ),
)

SECTIONS: Final[Mapping[str, tuple[Row, ...]]] = {
    "No connection, no request, no HTTP": CONNECTING,
    "TLS": TLS,
    "Answers that are cut": CUT,
    "Slow ones": SLOW,
    "Header fields": FIELDS,
    "Lengths, chunks, gzip": FRAMES,
    "Interim answers": INTERIM,
    "Refusals": REFUSALS,
}

ROWS: Final = tuple(row for rows in SECTIONS.values() for row in rows)

EVERY: Final = 1000
"""A profile of so many examples has the time for all that event loops may be asked."""


def awaited_cells(
    row: Row, kinds: Sequence[Kind] = KINDS, *, every: bool
) -> Iterator[tuple[Kind, Loop]]:
    """The cells of a row that are tried under event loops, and under which.

    Each fault meets one kind: the next one in turn for each row, so that every kind meets faults of
    all sections, and both loops.

    :param row: the fault.
    :param kinds: those that may be asked.
    :param every: whether there is time for all kinds under both.
    """
    if every:
        yield from product(kinds, LOOPS)
    else:
        turn, at = divmod(ROWS.index(row), len(kinds))
        yield kinds[at], LOOPS[turn % len(LOOPS)]
