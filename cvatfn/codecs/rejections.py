"""What a server says when it refuses: five forms of error bodies, read into one.

CVAT sends `{"detail": "..."}`, `{"field": ["...", ...]}` nested like the request, a bare list of
texts, a bare text as JSON, and text or HTML from the proxies before it.

Rule: any bytes can be read; what is said is shortened, and the response keeps all of it. Time and
memory are in proportion to the body, however its parts are arranged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from http import HTTPStatus
from itertools import islice
from typing import Final

from attrs import frozen

from cvatfn.codecs import native
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import Problem, at_index, at_key

__all__ = ["Refusal", "read_refusal", "read_retry_after"]

LONGEST: Final = 500
"""How many characters of a text or of a page are told; the response keeps all of it."""
MOST_FIELDS: Final = 1_000
"""How many fields are told."""
LONGEST_PATH: Final = 1_000
"""How many characters of names a field's path may have."""

_LONGEST_WAIT: Final = 1e9
"""Whoever asks for more, in seconds, asks for never: it is not to be taken for nothing."""


@frozen
class Refusal:
    """What an error body says.

    :param detail: as one text.
    :param fields: of single fields, with paths.
    """

    detail: str
    fields: tuple[Problem, ...] = ()


def read_refusal(status: int, content_type: str, body: bytes) -> Refusal:
    """Read an error body.

    :param status: the status code, for a body that says nothing.
    :param content_type: the media type, without parameters.
    :param body: the bytes.

    >>> read_refusal(404, "application/vnd.cvat+json", b'{"detail": "Not found."}').detail
    'Not found.'
    >>> print(*read_refusal(400, "", b'{"labels": [{}, {"name": ["Too long."]}]}').fields)
    $.labels[1].name: Too long.
    """
    if "html" not in content_type:
        try:
            return _of_json(status, native.read_json(body))
        except native.REFUSALS:
            pass
    return Refusal(_of_text(status, content_type, body.decode("utf-8", "replace")))


def read_retry_after(value: str | None, date: str | None) -> float | None:
    """How long a server asks to wait, in seconds.

    :param value: the `Retry-After` field: seconds or a date (RFC 9110, section 10.2.3).
    :param date: the response's own `Date` field, against which a date is counted: no clock is
        needed, and a wrong one does no harm.
    :returns: seconds, at least zero; `None` where nothing readable was said.

    >>> read_retry_after("120", None)
    120.0
    >>> read_retry_after("Mon, 23 Nov 2026 10:00:30 GMT", "Mon, 23 Nov 2026 10:00:00 GMT")
    30.0
    """
    if value is None:
        return None
    value = value.strip(" \t")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return min(float(value), _LONGEST_WAIT)
    until, now = _date(value), _date(date or "")
    if until is None or now is None:
        return None
    return min(max(0.0, (until - now).total_seconds()), _LONGEST_WAIT)


def _date(text: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed if parsed.tzinfo is not None else None


def _of_json(status: int, said: object) -> Refusal:
    if isinstance(said, str):
        return Refusal(_short(said) or _phrase(status))
    if is_mapping(said) and isinstance(detail := said.get("detail"), str):
        others = {key: held for key, held in said.items() if key != "detail"}
        return Refusal(_short(detail) or _phrase(status), _first_fields(others))
    fields = _first_fields(said) if is_mapping(said) or is_array(said) else ()
    told = "; ".join(str(field) if field.path != "$" else field.message for field in fields)
    return Refusal(_short(told) or _phrase(status), fields)


def _first_fields(said: object) -> tuple[Problem, ...]:
    return tuple(islice(_fields(said), MOST_FIELDS))


def _fields(said: object) -> Iterator[Problem]:
    """Walk a nested error body without recursion: its depth is the server's choice.

    So is its breadth: what is still to be walked is not made before its turn comes.
    """
    walks = [_parts(said, "$")]
    while walks:
        held, at = next(walks[-1], (_NO_MORE, ""))
        if held is _NO_MORE:
            walks.pop()
        elif is_mapping(held) or is_array(held):
            walks.append(_parts(held, at))
        else:
            yield Problem(at, _short(str(held)))


def _parts(held: object, at: str) -> Iterator[tuple[object, str]]:
    if is_mapping(held):
        for key, value in held.items():
            yield value, _under(at, str(key))
    elif is_array(held):
        for index, value in enumerate(held):
            # An array of texts speaks of the field itself, one of objects of its elements.
            yield value, at_index(at, index) if is_mapping(value) or is_array(value) else at


_NO_MORE: Final = object()


def _under(path: str, key: str) -> str:
    if key == "non_field_errors":
        return path
    longer = at_key(path, key[:LONGEST_PATH])
    return longer if len(longer) <= LONGEST_PATH else f"{longer[: LONGEST_PATH - 3]}..."


def _of_text(status: int, content_type: str, text: str) -> str:
    text = text[: 20 * LONGEST]
    if "html" not in content_type and not text.lstrip().startswith("<"):
        return _short(text) or _phrase(status)
    title = re.search(r"(?is)<title[^>]*>(.{0,500}?)</title>", text)
    visible = title.group(1) if title else re.sub(r"(?s)<[^>]{0,500}>", " ", text)
    return _short(unescape(visible)) or _phrase(status)


def _short(text: str) -> str:
    line = " ".join(text[: 20 * LONGEST].split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "no reason given"
