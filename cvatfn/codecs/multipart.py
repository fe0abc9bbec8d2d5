"""Bodies with files: `multipart/form-data` (RFC 7578) from the fields of a request model.

Rule: a form carries texts and files, and arrays of them as `name[0]`, `name[1]`, which is how CVAT
reads arrays. Objects and arrays of arrays have no place in it: a problem says so. Files that are
not in memory stay where they are: the form names them, and whoever sends it reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from hashlib import blake2b
from secrets import token_bytes
from typing import Final, TypeAlias
from uuid import UUID

from attrs import evolve, frozen

from cvatfn.codecs.building import members
from cvatfn.codecs.files import Content, File, Part, is_source
from cvatfn.codecs.params import encodable
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.codecs.unset import UNSET
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["MULTIPART", "Form", "files_in", "form", "holds_file", "write_form"]

MULTIPART: Final = "multipart/form-data"

Value: TypeAlias = str | File
Form: TypeAlias = tuple[tuple[str, Value], ...]
"""A form's fields in order; a name may come more than once."""


@frozen
class Encoded:
    """A form as it is sent.

    :param content_type: the media type with its boundary.
    :param body: the content; bytes where all of it is in memory.
    """

    content_type: str
    body: bytes | Content


def holds_file(model: object) -> bool:
    """Whether a model holds a file that JSON cannot carry.

    >>> holds_file(File("a.png", b""))
    True
    """
    if isinstance(model, File):
        return True
    if isinstance(model, int | float | str):
        return False  # of annotations, nearly all
    if is_array(model):
        return any(map(holds_file, model))
    return any(holds_file(held) for _, held in _fields(model))


def files_in(model: object, path: str = "$") -> Iterator[str]:
    """Where in a model there are files that JSON cannot carry.

    :param model: a request model, or the dict of one.
    :param path: where the model itself is.

    >>> list(files_in({"name": "cats", "images": [File("a.png", b"")]}))
    ['$.images[0]']
    """
    if isinstance(model, File):
        yield path
    elif is_array(model):
        for index, element in enumerate(model):
            yield from files_in(element, at_index(path, index))
    else:
        for name, held in _fields(model):
            yield from files_in(held, at_key(path, name))


def form(model: object) -> Outcome[Form, tuple[Problem, ...]]:
    """The fields of a request model as the fields of a form.

    :param model: a request model, or the dict of one.
    :returns: names with texts and files; a failure names the fields that no form can carry.
    """
    fields: list[tuple[str, Value]] = []
    problems: list[Problem] = []
    for name, held in _fields(model):
        for key, value in _entries(name, held):
            match _value(key, value):
                case Failure(wrong):
                    problems.append(Problem(at_key("$", name), wrong))
                    break
                case Success(text_or_file):
                    fields.append((key, text_or_file))
    return Failure(tuple(problems)) if problems else Success(tuple(fields))


def write_form(fields: Form) -> Encoded:
    """Write a form.

    The boundary is a digest of all that is in memory, under a key that nobody outside this process
    knows: the same form gives the same bytes, and no file can be made to hold its boundary.

    :param fields: names with texts and files.

    >>> write_form((("image_quality", "70"),)).body.splitlines()[1:4]
    [b'Content-Disposition: form-data; name="image_quality"', b'', b'70']
    """
    parts = [_part(name, value) for name, value in fields]
    digest = blake2b(key=_KEY, digest_size=16)
    for head, content in parts:
        digest.update(head)
        if isinstance(content, bytes):
            digest.update(content)
    boundary = digest.hexdigest().encode()
    pieces: list[bytes | Part] = []
    for head, content in parts:
        pieces += [b"--" + boundary + b"\r\n" + head + b"\r\n\r\n", content, b"\r\n"]
    pieces.append(b"--" + boundary + b"--\r\n")
    return Encoded(f"{MULTIPART}; boundary={boundary.decode()}", _joined(pieces))


def _joined(pieces: list[bytes | Part]) -> bytes | Content:
    in_memory = [piece for piece in pieces if isinstance(piece, bytes)]
    return b"".join(in_memory) if len(in_memory) == len(pieces) else Content(tuple(pieces))


_KEY: Final = token_bytes(16)
_NESTED: Final = (
    "is nested, which a form cannot carry: `upload_data` sends the files first and such a field "
    "afterwards, as JSON"
)


def _fields(model: object) -> Iterator[tuple[str, object]]:
    for name, value in members(model):
        if value is not UNSET:
            yield name, value


def _entries(name: str, value: object) -> Iterator[tuple[str, object]]:
    if is_array(value):
        yield from ((at_index(name, index), element) for index, element in enumerate(value))
    elif value is not None:  # a form has no null; CVAT takes an absent field for it
        yield name, value


def _value(name: str, value: object) -> Outcome[Value, str]:
    match value:
        case File(name=str(), content_type=str()) if _is_content(value.content, value.size):
            return Success(value if value.name else evolve(value, name=name))
        case File():
            return Failure("is no File of a name, bytes or a source of them, and a media type")
        case Enum():
            return _value(name, value.value)
        case bool():
            return Success("true" if value else "false")
        case str():
            if not encodable(name + value):
                return Failure("holds a lone surrogate, which UTF-8 cannot carry")
            return Success(value)
        case int() | float() | UUID():
            return Success(str(value))
        case datetime():
            return Success(value.isoformat())
        case _:
            return Failure(_NESTED)


def _is_content(content: object, size: object) -> bool:
    sized = size is None or (isinstance(size, int) and size >= 0)
    return sized and (isinstance(content, bytes) or is_source(content))


def _part(name: str, value: Value) -> tuple[bytes, bytes | Part]:
    disposition = f'Content-Disposition: form-data; name="{_quoted(name)}"'
    if isinstance(value, str):
        return disposition.encode(), value.encode()
    head = f'{disposition}; filename="{_quoted(value.name)}"\r\nContent-Type: {_line(value)}'
    content = value.content
    return head.encode("utf-8", "replace"), (
        content if isinstance(content, bytes) else Part(content, size=value.size)
    )


def _quoted(text: str) -> str:
    """Names as WHATWG's forms write them: quotes and line ends percent-encoded, the rest UTF-8."""
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _line(file: File) -> str:
    said = file.content_type
    return said if said.isprintable() else "".join(filter(str.isprintable, said))
