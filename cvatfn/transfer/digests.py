"""Digests that a server sends with a file, and the check that what arrived fits them.

Rule: a digest counts only for the bytes it was made of. Whether that is the whole file or the
content of one answer, and before or after content coding, is the header's own matter; the
functions here ask for one of them and leave out the rest. What cannot be read is no digest.

| header | is made of |
|---|---|
| `Repr-Digest` (RFC 9530), `Digest` (RFC 3230) | the whole file as coded, also in a 206 |
| `Content-Digest` (RFC 9530) | the content of this one answer as coded |
| `Content-MD5` (RFC 1864) | the content of this one answer; in a 206 servers did not agree |
| `X-Checksum` (CVAT's, of frame chunks: CRC-32 in decimal) | the whole file before any coding |
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Protocol
from zlib import crc32

from attrs import frozen

from cvatfn.messages import Headers

__all__ = ["Checker", "Expected", "checking", "digests_of", "digests_of_part"]


@frozen
class Expected:
    """A digest that a server sent.

    :param name: the algorithm: `sha-512`, `sha-256`, `sha`, `md5` or `crc-32`.
    :param value: the digest's bytes.
    :param header: the name of the header that said so.

    >>> Expected("crc-32", bytes.fromhex("f4746354"), "X-Checksum").value.hex()
    'f4746354'
    """

    name: str
    value: bytes
    header: str


class Checker:
    """Is fed what arrives, and says which expected digest does not fit; made by `checking`.

    It may be asked at any time, and fed on after that. One checker is for one thread.
    """

    def __init__(self, expected: Iterable[Expected]) -> None:
        self._expected = tuple(expected)
        self._meters = {each.name: METERS[each.name]() for each in self._expected}

    def feed(self, piece: bytes | memoryview) -> None:
        """Take the next piece.

        :param piece: any number of bytes; they are not kept.
        """
        for meter in self._meters.values():
            meter.update(piece)

    def wrong(self) -> str | None:
        """What does not fit, as a sentence; `None` where all fits, or nothing was expected."""
        for each in self._expected:
            found = self._meters[each.name].digest()
            if found != each.value:
                return (
                    f"the {each.name} of what arrived is {found.hex()},"
                    f" but {each.header} says {each.value.hex()}"
                )
        return None


def checking(expected: Iterable[Expected]) -> Checker:
    """Begin to check a file; what is there of it already has to be fed first.

    :param expected: what `digests_of` or `digests_of_part` found.
    :raises ValueError: an algorithm's name is not one of those of `Expected`.

    >>> checker = checking([Expected("crc-32", (0xCBF43926).to_bytes(4, "big"), "X-Checksum")])
    >>> checker.feed(b"1234")
    >>> checker.wrong()
    'the crc-32 of what arrived is 9be3e0a3, but X-Checksum says cbf43926'
    >>> checker.feed(b"56789")
    >>> checker.wrong()
    """
    wanted = tuple(expected)
    unknown = sorted({each.name for each in wanted} - METERS.keys())
    if unknown:
        raise ValueError(f"no such algorithm: {', '.join(unknown)}")
    return Checker(wanted)


def digests_of(headers: Headers, *, partial: bool = False) -> tuple[Expected, ...]:
    r"""The digests that the whole file has, with any content coding undone.

    :param headers: the headers of an answer that has the whole file or a range of it.
    :param partial: whether it is a range (206): then only the headers count that speak of the
        whole file even there: `Repr-Digest`, `Digest` and `X-Checksum`.
    :returns: all that can be read; with a content coding only `X-Checksum`, as the others are made
        of the coded bytes.

    >>> headers = Headers.of({"X-Checksum": "3421780262", "Content-Digest": "md5=:mZ9iAA==:"})
    >>> digests_of(headers)
    (Expected(name='crc-32', value=b'\xcb\xf49&', header='X-Checksum'),)
    """
    checksum = tuple(_checksum(headers))
    if _coded(headers):
        return checksum
    once = () if partial else (*_field(headers, "Content-Digest"), *_content_md5(headers))
    return (*_field(headers, "Repr-Digest"), *_legacy(headers), *once, *checksum)


def digests_of_part(headers: Headers) -> tuple[Expected, ...]:
    """The digests that the content of this one answer has, which may be a range of the file.

    :param headers: the headers of an answer with status 206 and one range.
    :returns: those of `Content-Digest`; none where the content is coded.

    >>> digests_of_part(Headers.of({"Repr-Digest": "md5=:CY9rzUYh03PK3k6DJie09g==:"}))
    ()
    """
    return () if _coded(headers) else tuple(_field(headers, "Content-Digest"))


class _Meter(Protocol):
    def update(self, piece: bytes | memoryview, /) -> None: ...
    def digest(self) -> bytes: ...


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, piece: bytes | memoryview, /) -> None:
        self._value = crc32(piece, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


# SHA-1 and MD5 are broken against those who mean it, but they do find what was damaged on the way.
METERS: Final[Mapping[str, Callable[[], _Meter]]] = {
    "sha-512": hashlib.sha512,
    "sha-256": hashlib.sha256,
    "sha": lambda: hashlib.sha1(usedforsecurity=False),
    "md5": lambda: hashlib.md5(usedforsecurity=False),
    "crc-32": _Crc32,
}

SENT: Final = {"sha-512": 64, "sha-256": 32, "sha": 20, "md5": 16}
"""Sizes of the digests that RFC 9530 and RFC 3230 have names for, in bytes."""

MEMBER: Final = re.compile(r"[ \t]*([a-z*][a-z0-9_\-.*]*)=:([A-Za-z0-9+/=]*):[ \t]*(?:;[^,]*)?")


def _field(headers: Headers, header: str) -> Iterator[Expected]:
    """The members of a dictionary of byte sequences (RFC 9651, section 3.2).

    The last one of a name counts; one that cannot be read spoils the whole field (section 4.2).
    """
    values = headers.all(header)
    members = [MEMBER.fullmatch(member) for member in ",".join(values).split(",")]
    read = {found[1]: found[2] for found in members if found}
    if values and all(members):
        yield from _known(read.items(), header)


def _legacy(headers: Headers) -> Iterator[Expected]:
    members = (member.partition("=") for member in ",".join(headers.all("Digest")).split(","))
    return _known(((name.strip().lower(), value) for name, _, value in members), "Digest")


def _content_md5(headers: Headers) -> Iterator[Expected]:
    return _known((("md5", value) for value in headers.all("Content-MD5")), "Content-MD5")


def _checksum(headers: Headers) -> Iterator[Expected]:
    text = headers.get("X-Checksum") or ""
    if re.fullmatch(r"[0-9]{1,10}", text) and int(text) < 1 << 32:
        yield Expected("crc-32", int(text).to_bytes(4, "big"), "X-Checksum")


def _known(pairs: Iterable[tuple[str, str]], header: str) -> Iterator[Expected]:
    for name, text in pairs:
        value = _bytes_of(text.strip())
        if len(value) == SENT.get(name):
            yield Expected(name, value, header)


def _bytes_of(text: str) -> bytes:
    try:
        # Padding may be missing (RFC 9651, section 4.2.7).
        return b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)
    except ValueError:
        return b""


def _coded(headers: Headers) -> bool:
    codings = ",".join(headers.all("Content-Encoding")).split(",")
    return any(coding.strip().lower() not in {"", "identity"} for coding in codings)
