"""Reading `multipart/form-data` (RFC 7578) back into the fields of a request model.

Rule: texts become values through the same codecs that write them; `name[0]`, `name[1]`, ... become
an array, in the order of the numbers. A form knows neither null nor an empty array; both are absent
then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias, get_args, get_origin

from cvatfn.codecs.building import field_types, plain
from cvatfn.codecs.dicts import check
from cvatfn.codecs.files import File
from cvatfn.codecs.params import param_codec
from cvatfn.codecs.problems import Problem, at_key
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.state.media import Received

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

__all__ = ["read_form", "read_parts", "received"]

Part: TypeAlias = tuple[str, str | File]

NO_WERKZEUG: Final = "the sandbox reads forms with werkzeug: install `cvatfn[sandbox]`"


def read_form(model: type, content_type: str, body: bytes) -> Outcome[object, tuple[Problem, ...]]:
    """Read a form as a request model.

    :param model: the class.
    :param content_type: the header's value, with its boundary.
    :param body: the form.
    :returns: the model, or all that does not fit.
    """
    match read_parts(content_type, body):
        case Failure(wrong):
            return Failure((Problem("$", wrong),))
        case Success(parts):
            pass
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, kind in field_types(model).items():
        given = _given(name, parts)
        if not given:
            continue
        match _value(kind, given):
            case Success(value):
                values[name] = value
            case Failure(wrong):
                problems.append(Problem(at_key("$", name), wrong))
    return Failure(tuple(problems)) if problems else check(model, values)


def read_parts(content_type: str, body: bytes) -> Outcome[tuple[Part, ...], str]:
    """Read a form's fields and files, in order.

    :param content_type: the header's value, with its boundary.
    :param body: the form.
    :returns: names with texts and files; what is wrong, in words.
    """
    try:
        from werkzeug.sansio.multipart import MultipartDecoder, NeedData
    except ImportError as error:  # pragma: no cover - the extra is installed where this is tested
        raise ImportError(NO_WERKZEUG) from error
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        return Failure("Multipart form parse error - Invalid boundary in multipart")
    try:
        decoder = MultipartDecoder((boundary["quoted"] or boundary["bare"]).encode("latin-1"))
        decoder.receive_data(body)
        decoder.receive_data(None)
        events: list[object] = []
        while not isinstance(event := decoder.next_event(), NeedData):
            events.append(event)
            if type(event).__name__ == "Epilogue":
                break
        return Success(tuple(_parts(events)))
    except (ValueError, KeyError, LookupError) as error:
        return Failure(f"Multipart form parse error - {error}")


def received(file: File) -> Received:
    """A file of a form that was read, as the sandbox holds it.

    :param file: the file; its content is bytes, because the whole form was.

    >>> received(File("a.png", b"1234")).name
    'a.png'
    """
    if not isinstance(file.content, bytes):
        raise TypeError(f"{file.name!r} was not read from a form")
    return Received(file.name, file.content, file.content_type)


_BOUNDARY: Final = re.compile(r'boundary=(?:"(?P<quoted>[^"]+)"|(?P<bare>[^;\s]+))', re.IGNORECASE)
_PARAMETER: Final = re.compile(r';\s*(name|filename)="([^"]*)"', re.IGNORECASE)
_NUMBERED: Final = re.compile(r"(?P<name>.+)\[(?P<index>[0-9]{1,9})\]")
_WRITTEN: Final = (("%0D", "\r"), ("%0A", "\n"), ("%22", '"'))


def _parts(events: Sequence[object]) -> Iterator[Part]:
    from werkzeug.sansio.multipart import Data, Field
    from werkzeug.sansio.multipart import File as FileStart

    head: Field | FileStart | None = None
    content: list[bytes] = []
    for event in events:
        if isinstance(event, Field | FileStart):
            head, content = event, []
        elif isinstance(event, Data) and head is not None:
            content.append(event.data)
            if not event.more_data:
                yield _part(head.headers, b"".join(content))


def _part(headers: Headers, content: bytes) -> Part:
    # Read by WHATWG's rules, as forms are written: a backslash in a name is a backslash.
    said = headers.get("Content-Disposition", "")
    named = {key.lower(): _unquoted(value) for key, value in _PARAMETER.findall(said)}
    name, filename = named.get("name", ""), named.get("filename")
    if filename is None:
        return name, content.decode()
    kind = headers.get("Content-Type", "application/octet-stream")
    return name, File(filename, content, kind)


def _unquoted(text: str) -> str:
    for written, meant in _WRITTEN:
        text = text.replace(written, meant)
    return text


def _given(name: str, parts: Sequence[Part]) -> list[str | File]:
    """What a form holds under a name: once, or numbered."""
    plain_ones = [value for key, value in parts if key == name]
    numbered = [
        (int(found["index"]), value)
        for key, value in parts
        if (found := _NUMBERED.fullmatch(key)) and found["name"] == name
    ]
    return plain_ones + [value for _, value in sorted(numbered, key=lambda pair: pair[0])]


def _value(kind: object, given: Sequence[str | File]) -> Outcome[object, str]:
    (form, *_) = plain(kind) or (None,)
    many = get_origin(form) is tuple
    element = get_args(form)[0] if many else form
    if element is File:
        files = [value for value in given if isinstance(value, File)]
        if len(files) != len(given):
            return Failure("The submitted data was not a file.")
        return Success(tuple(files) if many else files[-1])
    texts = tuple(value for value in given if isinstance(value, str))
    try:
        codec = param_codec(form if many else element)
    except TypeError:
        return Failure("is nested, which a form cannot carry")
    return codec.decode(texts if many else texts[-1:])
