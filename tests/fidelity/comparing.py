"""Two answers to the same request, the server's and the sandbox's, and how they differ.

Rule: what a client can act on is compared. Status; the header fields of `HEADERS`, some by their
value, some by their form, some by being there, and no other: the rest speaks to browsers (framing,
referrers), to proxies (`Vary`), or of the very bytes (`Content-Length`). The body by its shape; a
refusal's sentences word by word, but for the numbers and names in them; files by being there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, cast

from attrs import evolve

from cvatfn import interpret
from cvatfn.codecs import native
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.messages import Response
from cvatfn.models.page import Page
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint
from tests.fidelity.recorded import Recorded
from tests.fidelity.releases import as_recorded
from tests.fidelity.shapes import Difference, differences, shape_of, worded

__all__ = ["HEADERS", "compared"]


def compared(recorded: Recorded, ours: Response) -> tuple[Difference, ...]:
    """How the sandbox's answer differs from the server's; nothing where they agree.

    :param recorded: the exchange.
    :param ours: what the sandbox answered to its request.
    """
    theirs = recorded.response
    if theirs.status != ours.status:
        said = f"{ours.status} {ours.body[:120].decode('utf-8', 'replace')}".strip()
        return (Difference("status", str(theirs.status), said),)
    return (*_headers(theirs, ours), *_bodies(recorded, ours))


def _there(_: str) -> str:
    return "there"


def _exact(value: str) -> str:
    return value


def _form(value: str) -> str:
    """A URL or a name of a file, without host, ids and times."""
    value = re.sub(r"https?://[^/]+", "", value)
    value = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "U", value)
    return re.sub(r"[0-9]+", "N", value)


def _set(value: str) -> str:
    return ", ".join(sorted(part.strip().lower() for part in value.split(",")))


def _disposition(value: str) -> str:
    """Whether a file is to be kept, and what its name ends in: a backup's begins with a name."""
    kind, _, rest = value.partition(";")
    return f"{kind.strip()}; *.{_form(rest).strip().rstrip(chr(34)).rpartition('.')[2]}"


def _cookie(value: str) -> str:
    """The cookie's name, and whether it is being taken away."""
    gone = " gone" if "Max-Age=0" in value else ""
    return value.partition("=")[0] + gone


HEADERS: Final[Mapping[str, Callable[[str], str]]] = {
    "content-type": _exact,  # decides how a body is read
    "allow": _set,  # what may be asked here
    "location": _form,  # where what was made is found, where an upload goes on
    "www-authenticate": _exact,  # how to log in
    "retry-after": _there,  # when to ask again
    "set-cookie": _cookie,  # a login or logout by session
    "content-disposition": _disposition,  # the name a file is kept under
    "etag": _there,  # a download that broke off goes on only with one of these two,
    "last-modified": _there,
    "accept-ranges": _exact,  # and where parts are given at all
    "content-range": _form,
    "cache-control": _set,  # whether an answer may be kept
    "preference-applied": _exact,  # what a 204 in the place of a picture means
    "x-checksum": _there,  # frames: whether what was kept is still good
    "x-updated-date": _there,
    "upload-offset": _exact,  # TUS (1.0.0): where an upload stands
    "upload-length": _exact,
    "upload-filename": _form,  # by what an uploaded file is called afterwards
    "tus-resumable": _exact,
    "tus-version": _exact,
    "tus-extension": _exact,
    "tus-max-size": _exact,
    "access-control-allow-origin": _exact,  # whether a page from elsewhere may upload
    "access-control-allow-methods": _set,
    "access-control-allow-headers": _set,
    "access-control-expose-headers": _set,
}
"""The header fields that matter, by lower-case name, and what of their value does."""


def _headers(theirs: Response, ours: Response) -> Iterator[Difference]:
    for name, form in HEADERS.items():
        given = sorted(form(value) for value in theirs.headers.all(name))
        got = sorted(form(value) for value in ours.headers.all(name))
        if given != got:
            yield Difference(name, _listed(given), _listed(got))


def _listed(values: list[str]) -> str:
    return " | ".join(values) or "absent"


def _bodies(recorded: Recorded, ours: Response) -> Iterator[Difference]:
    theirs = recorded.response
    filled = bool(theirs.body) or bool(recorded.left_out[1])
    if filled != bool(ours.body):
        yield Difference("body", _there_or_not(filled), _there_or_not(bool(ours.body)))
    elif not theirs.body or "json" not in theirs.content_type:
        yield from _texts(theirs, ours)
    elif theirs.status >= 400:
        yield from _refusals(native.read_json(theirs.body), native.read_json(ours.body), "$")
    else:
        told, got = _plain(recorded.endpoint, theirs), _plain(recorded.endpoint, ours)
        yield from differences(shape_of(told), shape_of(got))


def _there_or_not(is_there: bool) -> str:
    return "there" if is_there else "absent"


def _texts(theirs: Response, ours: Response) -> Iterator[Difference]:
    """Only a refusal in words has words that count; a page says no more than that it is one."""
    if theirs.status >= 400 and "html" not in theirs.content_type:
        texts = [body.decode("utf-8", "replace") for body in (theirs.body, ours.body)]
        if worded(texts[0]) != worded(texts[1]):
            yield Difference("body", *texts)


def _plain(endpoint: AnyEndpoint | None, response: Response) -> object:
    """What an endpoint reads in an answer; what the answer is where nothing reads more of it."""
    if endpoint is not None:
        match interpret(endpoint, response):
            case Success(answer) if not isinstance(answer, bytes):
                return as_recorded(_without_next(answer))
            case _:
                pass
    return native.read_json(response.body)


def _without_next(answer: object) -> object:
    """A page without the link to the next one: how many rows there were in all is chance."""
    if not isinstance(answer, Page):
        return answer
    return evolve(cast("Page[object]", answer), next=None)  # of what, does not matter here


def _refusals(theirs: object, ours: object, place: str) -> Iterator[Difference]:
    """How two refusals differ: their form, and their sentences without what is chance in them."""
    if is_mapping(theirs) and is_mapping(ours):
        for name in dict.fromkeys((*theirs, *ours)):
            below = f"{place}.{name}"
            yield from _refusals(theirs.get(name), ours.get(name), below)
    elif is_array(theirs) and is_array(ours) and len(theirs) == len(ours):
        for index, (their_held, our_held) in enumerate(zip(theirs, ours, strict=True)):
            yield from _refusals(their_held, our_held, f"{place}[{index}]")
    elif not (isinstance(theirs, str) and isinstance(ours, str) and worded(theirs) == worded(ours)):
        yield Difference(place, str(theirs), str(ours))
