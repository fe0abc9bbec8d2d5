"""What an answer brings of a file of which a part may be here already (RFC 9110, section 14).

Rule: pure. A part is gone on with only where the server showed that it still has the same file: a
strong `ETag`, sent back as `If-Range`. What an answer says of ranges and lengths has to fit what is
here; otherwise nothing of it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn.messages import Response, quoted

__all__ = ["Fresh", "Held", "More", "Unfit", "brought", "range_headers"]


@frozen
class Held:
    """What is here of a file.

    :param size: how many bytes.
    :param total: how many there are in all, where that was said.
    :param validator: what shows that the server still has the same file; `None`: nothing does.
    """

    size: int = 0
    total: int | None = None
    validator: str | None = None

    @property
    def resumable(self) -> bool:
        """Whether it can be gone on with."""
        return bool(self.size) and _STRONG.fullmatch(self.validator or "") is not None


@frozen
class Fresh:
    """The file from its beginning: what is here counts no more.

    :param total: its size, where it was said.
    :param validator: for going on with it later.
    """

    total: int | None
    validator: str | None


@frozen
class More:
    """What comes after what is here.

    :param count: how many bytes.
    :param total: the file's size.
    """

    count: int
    total: int


@frozen
class Unfit:
    """What is here is of no use: ask again, for all of it."""


Brought: TypeAlias = Fresh | More | Unfit

_SPAN: Final = re.compile(
    r"bytes (?P<first>[0-9]{1,18})-(?P<last>[0-9]{1,18})/(?P<total>[0-9]{1,18})"
)
_STRONG: Final = re.compile(r'"[!#-~]{0,512}"')


def range_headers(held: Held) -> Mapping[str, str]:
    """The header fields that ask for the rest of a file.

    :param held: what is here.

    >>> range_headers(Held(5, 9, '"a1"'))
    {'Range': 'bytes=5-', 'If-Range': '"a1"'}
    >>> range_headers(Held(5, 9))
    {}
    """
    if held.validator is None or not held.resumable:
        return {}
    return {"Range": f"bytes={held.size}-", "If-Range": held.validator}


def brought(held: Held, response: Response) -> Brought | str:
    """What the head of an answer brings.

    :param held: what is here, and was asked to be completed.
    :param response: the head of a 2xx.
    :returns: what comes; or, as a text, why that cannot be.

    >>> brought(Held(5, 9, '"a1"'), Response(206, {"Content-Range": "bytes 5-8/9"}))
    More(count=4, total=9)
    """
    if response.status == 202:  # what it says is about the work, and no file
        return "it is still at work on the file (202), and was asked for it"
    if response.status != 206:
        return Fresh(_length(response), _validator(response))
    if not held.resumable:
        return "it sent a part (206) where all was asked for"
    tag = response.headers.get("etag")
    if tag is not None and tag != held.validator:
        return Unfit()  # it did not mind `If-Range`
    return _more(held, response)


def _more(held: Held, response: Response) -> More | str:
    said = quoted(response, "content-range")
    span = _SPAN.fullmatch(response.headers.get("content-range") or "")
    if span is None:
        return f"it sent a part (206), but not which one: {said}"
    first, last, total = int(span["first"]), int(span["last"]), int(span["total"])
    if first != held.size or not first <= last < total:
        return f"it was asked for what comes after byte {held.size} and sent {said}"
    if held.total not in (None, total):
        return f"it said that the file has {held.total} bytes and now that it has {total}"
    if _length(response) not in (None, last - first + 1):
        return f"it announced {_length(response)} bytes and called them {said}"
    return More(last - first + 1, total)


def _length(response: Response) -> int | None:
    said = response.headers.get("content-length") or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 18 else None


def _validator(response: Response) -> str | None:
    tag = response.headers.get("etag") or ""
    ranges = (response.headers.get("accept-ranges") or "").lower()
    return tag if _STRONG.fullmatch(tag) and ranges != "none" else None
