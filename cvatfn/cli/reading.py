"""What is typed, as values: texts by the type of what takes them.

Rule: a text that stands for one value is taken as it is, whatever it begins with. Only where lists
and objects are taken, one that begins with `[` or `{` is JSON, `@` names a file with JSON in it,
and `-` is JSON on stdin.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import get_args

from cvatfn.cli.exits import Stopped
from cvatfn.cli.wording import choices, sort_of
from cvatfn.codecs import native
from cvatfn.codecs.building import plain
from cvatfn.codecs.enums import closed_enums
from cvatfn.codecs.files import File
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.params import param_codec
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.transfer.errors import DiskError

__all__ = ["read", "read_json", "read_text"]


def read(annotation: object, texts: tuple[str, ...]) -> Outcome[object, str]:
    """What texts stand for.

    :param annotation: what is taken.
    :param texts: one, or several where a list is taken.
    :returns: the value, or what is wrong with a text.
    :raises Stopped: a file that is named cannot be read.

    >>> read(tuple[int, ...], ("3", "[5, 8]")), read(int, ("x",))
    (<Success: (3, 5, 8)>, <Failure: expected int, got 'x'>)
    """
    match sort_of(annotation):
        case "file":
            return Success(_file(texts[-1]))
        case "files":
            return Success(tuple(map(_file, texts)))
        case "scalar" | "flag":
            return read_text(annotation, texts[-1])
        case "json":
            return read_json(texts[-1])
        case "scalars" | "jsons" as sort:
            (many,) = plain(annotation)
            return _list(None if sort == "jsons" else get_args(many)[0], texts)


def read_text(annotation: object, text: str) -> Outcome[object, str]:
    """What a text stands for, where one value is taken.

    :param annotation: a scalar, an enum, a `Literal`, or a union of those.
    :param text: the text; one of an enum's must be in its list.
    """
    listed = choices(annotation)
    if listed and text not in listed:
        hint = did_you_mean(text, listed)
        return Failure(f"{text!r} is none of {', '.join(each for each in listed if each)}{hint}")
    if listed:
        return Success(text)
    with closed_enums():
        found = param_codec(annotation).decode((text,))
    match found:
        case Success(datetime() as moment) if moment.utcoffset() is None:
            return Failure(f"a time needs its zone, as in {moment.isoformat()}+00:00")
        case _:
            return found


def read_json(text: str) -> Outcome[object, str]:
    """What JSON stands for, given as it is, as `@file`, or as `-` for stdin.

    :param text: what was typed.
    :raises Stopped: a file that is named cannot be read.
    """
    try:
        return Success(native.read_json(_content(text)))
    except native.REFUSALS as refusal:
        hint = "; @FILE reads a file" if Path(text[:200]).suffix else ""
        return Failure(f"is no JSON: {refusal}{hint}")


def _list(element: object, texts: tuple[str, ...]) -> Outcome[object, str]:
    values: list[object] = []
    for text in texts:
        if element is not None and text[:1] not in ("[", "@") and text != "-":
            one = read_text(element, text)
        else:
            one = read_json(text)
        match one:
            case Failure() as refused:
                return refused
            case Success(found) if is_array(found):
                values.extend(found)
            case Success(found) if element is not None or is_mapping(found):
                values.append(found)
            case Success():
                return Failure("is no list in JSON, nor an object of one")
    return Success(tuple(values))


def _content(text: str) -> bytes:
    if text == "-":
        return sys.stdin.buffer.read()
    if not text.startswith("@"):
        return text.encode(errors="replace")  # what is no UTF-8 is no JSON
    try:
        return Path(text[1:]).read_bytes()
    except OSError as error:
        raise Stopped(DiskError(text[1:], error.strerror or str(error))) from None


def _file(text: str) -> File:
    """A file to send, `@` before it or not, as curl has it; one such as `@x` is `./@x`."""
    path = Path(text.removeprefix("@"))
    if not path.is_file():
        raise Stopped(DiskError(str(path), "there is no such file"))
    return File(path.name, path)
