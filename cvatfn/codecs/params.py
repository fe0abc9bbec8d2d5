"""Parameters of path, query and headers as text, and back.

Rule: text goes out in one way only (booleans as `true` and `false`, dates in ISO 8601 with their
offset, enums by value, filters in JSON Logic) and comes back as the same value. A value that its
type does not take, or that has no place in a request, is a problem, never an exception.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sized
from datetime import datetime
from enum import Enum
from types import NoneType
from typing import Annotated, Final, Literal, TypeAlias, get_args, get_origin
from urllib.parse import quote, unquote
from uuid import UUID

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.plain import Array, is_array, is_mapping
from cvatfn.codecs.remembering import remembered
from cvatfn.codecs.showing import in_words
from cvatfn.codecs.unset import Unset
from cvatfn.forking import making
from cvatfn.outcome import Failure, Outcome, Success

__all__ = [
    "LONGEST_INT",
    "ParamCodec",
    "encodable",
    "header_text",
    "limit_broken",
    "param_codec",
    "path_segment",
    "scalar_codec",
    "text_as_given",
    "text_of_segment",
]

Texts: TypeAlias = tuple[str, ...]

LONGEST_INT: Final = 1 << 4096
"""Python refuses to print very long integers (`sys.set_int_max_str_digits`), by ValueError."""


@frozen
class ParamCodec:
    """One type's two directions.

    :param expected: what the type takes, in words.
    :param encode: from a value to its texts: one, or one for each element of an array.
    :param decode: from texts to the value.
    """

    expected: str
    encode: Callable[[object], Outcome[Texts, str]]
    decode: Callable[[Texts], Outcome[object, str]]


@remembered
def param_codec(annotation: object) -> ParamCodec:
    """The codec of a parameter's type.

    :param annotation: a scalar, an enum, a `Literal`, `tuple[X, ...]` of those, or a union of them.
    :raises TypeError: a declaration names a type that has no form as text.

    >>> param_codec(bool).encode(True), param_codec(int).encode("5")
    (<Success: ('true',)>, <Failure: expected int, got '5'>)
    """
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _limited(param_codec(arguments[0]), arguments[1:])
    if is_union(annotation):
        kinds = tuple(part for part in arguments if part is not NoneType and part is not Unset)
        return param_codec(kinds[0]) if len(kinds) == 1 else _either(tuple(map(param_codec, kinds)))
    if origin is tuple:
        return _array(param_codec(arguments[0]))
    if origin is Literal:
        return _choice(arguments)
    kind: type[object] = class_of(annotation)  # filters and orders say of whose fields they speak
    if issubclass(kind, Enum):
        return _member(kind)
    known = _known(kind)
    if known is not None:
        return known
    raise TypeError(f"{annotation!r} has no form as text in a path, a query or a header")


def text_as_given(value: object) -> Outcome[Texts, str]:
    """A value's texts by its own type, whatever the parameter's type says.

    :param value: a scalar, an enum or a sequence of those.
    """
    return _each(value, _scalar_as_given) if is_array(value) else _scalar_as_given(value)


def _scalar_as_given(value: object) -> Outcome[Texts, str]:
    if isinstance(value, Enum):
        return _scalar_as_given(value.value)
    return (_known(type(value)) or _SCALARS[str]).encode(value)


def _known(kind: type) -> ParamCodec | None:
    """The codec of a class that has one by its name."""
    if f"{kind.__module__}".startswith("cvatfn.filters."):
        # What filters are made of is imported by those who take some.
        with making():
            from cvatfn.codecs.filters import FILTERS

        return FILTERS.get(kind)
    return _SCALARS.get(kind)


def path_segment(text: str) -> Outcome[str, str]:
    """Percent-encode a value as one whole path segment (RFC 3986, section 3.3).

    :param text: any text.
    :returns: the segment; a failure for what would lead to another path: nothing, `.` and `..`,
        also between slashes, since some proxies decode a path before they resolve its dots.

    >>> path_segment("a/b?c=~"), path_segment("..")
    (<Success: a%2Fb%3Fc%3D~>, <Failure: '..' would lead to another path>)
    """
    if text.isascii() and text.isalnum():
        return Success(text)  # as almost all are: numbers
    if not text or _DOTS.search(text):
        return Failure(f"{text[:60]!r} would lead to another path")
    if not encodable(text, "utf-8"):
        return Failure("holds a lone surrogate, which UTF-8 cannot carry")
    return Success(quote(text, safe=""))


def text_of_segment(segment: str) -> str:
    """The text that a path segment stands for.

    >>> text_of_segment("a%2Fb")
    'a/b'
    """
    return unquote(segment)


def header_text(text: str) -> Outcome[str, str]:
    r"""Check that a text can be the value of a header field (RFC 9110, section 5.5).

    :param text: any text.
    :returns: the text; a failure for control characters, outer blanks and what is not Latin-1.

    >>> header_text("a\r\nHost: evil")
    <Failure: a header cannot hold control characters>
    """
    if _CONTROL.search(text):
        return Failure("a header cannot hold control characters")
    if text != text.strip():
        return Failure("a header's value cannot begin or end with a blank")
    if not encodable(text, "latin-1"):
        return Failure("a header can only hold Latin-1 characters")
    return Success(text)


_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_DOTS: Final = re.compile(r"(?:\A|[/\\])\.{1,2}(?:\Z|[/\\])")


def encodable(text: str, encoding: str = "utf-8") -> bool:
    r"""Whether a text can be written in an encoding; half a character cannot be in UTF-8.

    >>> encodable("\u00e9"), encodable("\ud800")
    (True, False)
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _got(expected: str, value: object) -> Failure[str]:
    held = value if is_array(value) else (value,)
    # What belongs into a body came to the wrong place: it may hold a password.
    hidden = any(map(is_mapping, held))
    shown = f"<{type(value).__name__}>" if hidden else in_words(value, repr)
    return Failure(f"expected {expected}, got {shown if len(shown) <= 60 else shown[:57] + '...'}")


def scalar_codec(
    expected: str,
    fits: Callable[[object], bool],
    text: Callable[[object], str],
    parse: Callable[[str], object],
) -> ParamCodec:
    """The codec of values that are one text each.

    :param expected: what the type takes, in words.
    :param fits: whether a value is one of them.
    :param text: its text.
    :param parse: from a text to the value, or a ValueError.
    """

    def encode(value: object) -> Outcome[Texts, str]:
        return Success((text(value),)) if fits(value) else _got(expected, value)

    def decode(texts: Texts) -> Outcome[object, str]:
        if len(texts) != 1:
            return Failure(f"expected one value, got {len(texts)}")
        try:
            return Success(parse(texts[0]))
        except ValueError:
            return _got(expected, texts[0])

    return ParamCodec(expected, encode, decode)


def _parse_bool(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


def _parse_int(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,4000}", text):  # int() also takes blanks, "+", "_" and "٣"
        raise ValueError(text)
    return int(text)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LONGEST_INT


def _is_float(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return _is_int(value)


def _moment(value: object) -> datetime | None:
    """A moment, or a text of one: without a zone it is a different one for everybody."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
    if isinstance(moment, datetime) and moment.utcoffset() is not None:
        return moment
    return None


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else value if isinstance(value, UUID) else None
    except ValueError:
        return None


_SCALARS: Final[dict[type, ParamCodec]] = {
    str: scalar_codec(
        "str",
        lambda value: isinstance(value, str) and encodable(value, "utf-8"),
        lambda value: str.__str__(value) if isinstance(value, str) else "",  # an enum's own text
        str,
    ),
    int: scalar_codec("int", _is_int, lambda value: f"{value:d}", _parse_int),
    float: scalar_codec(
        "float",
        _is_float,
        lambda value: float.__repr__(value) if isinstance(value, float) else f"{value:d}",
        float,
    ),
    bool: scalar_codec(
        "bool",
        lambda value: isinstance(value, bool),
        lambda value: "true" if value else "false",
        _parse_bool,
    ),
    datetime: scalar_codec(
        "datetime with a time zone",
        lambda value: _moment(value) is not None,
        lambda value: moment.isoformat() if (moment := _moment(value)) else "",
        datetime.fromisoformat,
    ),
    UUID: scalar_codec(
        "UUID", lambda value: _uuid(value) is not None, lambda value: str(_uuid(value)), UUID
    ),
}


def _choice(values: tuple[object, ...]) -> ParamCodec:
    codecs = [(value, param_codec(type(value))) for value in values]
    expected = " or ".join(repr(value) for value in values)

    def encode(value: object) -> Outcome[Texts, str]:
        for choice, codec in codecs:
            # `True == 1`, but they are different choices; a member of a text enum is its text.
            alike = type(value) is type(choice) or isinstance(value, str)
            if alike and value == choice:
                return codec.encode(choice)
        return _got(expected, value)

    def decode(given: Texts) -> Outcome[object, str]:
        for choice, codec in codecs:
            if codec.decode(given) == Success(choice):
                return Success(choice)
        return _got(expected, ", ".join(given))

    return ParamCodec(expected, encode, decode)


def _member(kind: type[Enum]) -> ParamCodec:
    expected = kind.__name__

    def encode(value: object) -> Outcome[Texts, str]:
        return Success((str(value.value),)) if isinstance(value, kind) else _got(expected, value)

    def decode(given: Texts) -> Outcome[object, str]:
        try:
            return Success(kind(given[0]))
        except ValueError:
            return _got(expected, given[0])

    return ParamCodec(expected, encode, decode)


def _either(codecs: tuple[ParamCodec, ...]) -> ParamCodec:
    expected = " or ".join(codec.expected for codec in codecs)

    def encode(value: object) -> Outcome[Texts, str]:
        for codec in codecs:
            encoded = codec.encode(value)
            if isinstance(encoded, Success):
                return encoded
        return _got(expected, value)

    def decode(texts: Texts) -> Outcome[object, str]:
        for codec in codecs:
            decoded = codec.decode(texts)
            if isinstance(decoded, Success):
                return decoded
        return _got(expected, ", ".join(texts))

    return ParamCodec(expected, encode, decode)


def _array(item: ParamCodec) -> ParamCodec:
    expected = f"a sequence of {item.expected}"

    def encode(value: object) -> Outcome[Texts, str]:
        return _each(value, item.encode) if is_array(value) else _got(expected, value)

    def decode(texts: Texts) -> Outcome[object, str]:
        values: list[object] = []
        for text in texts:
            match item.decode((text,)):
                case Success(decoded):
                    values.append(decoded)
                case Failure() as refused:
                    return refused
        return Success(tuple(values))

    return ParamCodec(expected, encode, decode)


def _each(elements: Array, encode: Callable[[object], Outcome[Texts, str]]) -> Outcome[Texts, str]:
    texts: list[str] = []
    wrong: list[str] = []
    for index, element in enumerate(elements):
        match encode(element):
            case Success(encoded):
                texts.extend(encoded)
            case Failure(said):
                wrong.append(f"[{index}]: {said}")
    return Failure("; ".join(wrong)) if wrong else Success(tuple(texts))


def _limited(codec: ParamCodec, extras: tuple[object, ...]) -> ParamCodec:
    limits = [extra for extra in extras if isinstance(extra, Meta)]

    def encode(value: object) -> Outcome[Texts, str]:
        encoded = codec.encode(value)
        if isinstance(encoded, Failure):
            return encoded
        broken = [said for limit in limits for said in limit_broken(value, limit)]
        return Failure(" and ".join(broken)) if broken else encoded

    return ParamCodec(codec.expected, encode, codec.decode)


def limit_broken(value: object, limit: Meta) -> Texts:
    """What a value breaks of a limit, in words.

    :param value: a value of the right type.
    :param limit: the limits, as msgspec states them.

    >>> limit_broken("", Meta(min_length=1)), limit_broken(3, Meta(lt=3, multiple_of=2))
    (('is shorter than 1',), ('is not less than 3', 'is no multiple of 2'))
    """
    said: list[str] = []
    if isinstance(value, int | float) and not isinstance(value, bool):
        if limit.ge is not None and not value >= limit.ge:
            said.append(f"is less than {limit.ge}")
        if limit.gt is not None and not value > limit.gt:
            said.append(f"is not more than {limit.gt}")
        if limit.le is not None and not value <= limit.le:
            said.append(f"is more than {limit.le}")
        if limit.lt is not None and not value < limit.lt:
            said.append(f"is not less than {limit.lt}")
        if limit.multiple_of is not None and value % limit.multiple_of != 0:
            said.append(f"is no multiple of {limit.multiple_of}")
    if isinstance(value, Sized):
        if limit.min_length is not None and len(value) < limit.min_length:
            said.append(f"is shorter than {limit.min_length}")
        if limit.max_length is not None and len(value) > limit.max_length:
            said.append(f"is longer than {limit.max_length}")
    if isinstance(value, str) and limit.pattern and not re.search(limit.pattern, value):
        words = limit.description
        said.append(f"is no {words}" if words else f"does not match {limit.pattern}")
    return tuple(said)
