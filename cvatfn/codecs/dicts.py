"""Dicts to models, with every problem named at once: cattrs, made strict.

Three ways to read, one converter each:

- `read`: what was received. Unknown fields pass.
- `check`: what a caller gives. Unknown keys are problems too.
- `guess`: best effort. What does not fit is kept as it came; what is missing is `UNSET`.

Rule: types are exact, limits hold, and nothing is coerced. `"5"` is no integer; only texts become
enums, dates and UUIDs, since JSON has no other form for them, and subclasses of the scalars become
plain ones.
"""

from __future__ import annotations

import difflib
import math
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import Enum
from functools import cache
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Annotated, Final, Literal, TypeAlias, Union, cast, get_args, get_origin
from uuid import UUID

import attrs
from cattrs import Converter
from cattrs.errors import (
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn
from msgspec import Meta, convert

from cvatfn.codecs.building import field_types, fields_of, members
from cvatfn.codecs.files import File
from cvatfn.codecs.params import limit_broken
from cvatfn.codecs.plain import is_mapping, is_walkable
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["check", "guess", "read"]

Hook: TypeAlias = Callable[[object, object], object]


def read(kind: object, data: object) -> Outcome[object, tuple[Problem, ...]]:
    """Structure what a server sent.

    :param kind: any type that a signature can name.
    :param data: plain dicts, lists and scalars, or models among them.
    """
    return _structure(_reader(), kind, data)


def check(kind: object, data: object) -> Outcome[object, tuple[Problem, ...]]:
    """Structure what a caller gives, holding it to its types, its limits and its keys.

    :param kind: a request model, or a type made of them.
    :param data: models, dicts and sequences in any mixture.
    """
    return _structure(_checker(), kind, data)


def guess(kind: object, data: object) -> object:
    """Structure as well as it goes.

    :param kind: any type that a signature can name.
    :param data: plain dicts, lists and scalars.
    :returns: a value of the type as far as the data fit it.
    """
    match _structure(_guesser(), kind, data):
        case Success(value):
            return value
        case Failure():
            return data


def _structure(
    converter: Converter, kind: object, data: object
) -> Outcome[object, tuple[Problem, ...]]:
    try:
        hook: Hook = converter.get_structure_hook(kind)
        return Success(hook(data, kind))
    except RecursionError:
        return Failure((Problem("$", "is nested too deeply"),))
    except Exception as refusal:
        return Failure(tuple(_problems(refusal, "$")))


class _Misfit(Exception):  # noqa: N818 - never leaves this module
    """One value does not fit its type."""


def _problems(refusal: BaseException, path: str) -> Iterator[Problem]:
    match refusal:
        case IterableValidationError():
            noted, others = refusal.group_exceptions()
            for error, note in noted:
                yield from _problems(error, _at(path, note))
            for error in others:
                yield from _problems(error, path)
        case ClassValidationError():
            fields, others = refusal.group_exceptions()
            for error, field in fields:
                at = at_key(path, field.name)
                yield from [Problem(at, "is missing")] if _absent(error) else _problems(error, at)
            for error in others:
                yield from _problems(error, path)
        case ForbiddenExtraKeysError():
            known = [field.name for field in fields_of(refusal.cl)]
            for key in sorted(map(str, refusal.extra_fields)):
                near = difflib.get_close_matches(key, known, 1)
                hint = f"; did you mean {near[0]!r}?" if near else ""
                yield Problem(at_key(path, key), f"is no field that can be sent{hint}")
        case _:
            yield Problem(path, str(refusal))


def _at(path: str, note: IterableValidationNote) -> str:
    index: object = note.index
    return at_index(path, index) if isinstance(index, int) else at_key(path, str(index))


def _absent(error: BaseException) -> bool:
    return isinstance(error, KeyError)


def _misfit(expected: str, value: object) -> _Misfit:
    got = "null" if value is None else type(value).__name__
    return _Misfit(f"expected {expected}, got {got}")


def _exact(kind: type, expected: str) -> Hook:
    def hook(value: object, _: object) -> object:
        if type(value) is kind:
            return value
        raise _misfit(expected, value)

    return hook


def _text(value: object, _: object) -> object:
    # `str` takes its subclasses too: members of enums are texts.
    if not isinstance(value, str):
        raise _misfit("str", value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise _Misfit("holds a lone surrogate, which UTF-8 cannot carry") from error
    return value if type(value) is str else str.__str__(value)


def _integer(value: object, _: object) -> object:
    # NumPy's integers and floats are `Integral` and `Real` too: what people compute with fits.
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise _misfit("int", value)
    return int(value)


def _number(value: object, _: object) -> object:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise _misfit("float", value)
    if isinstance(value, int):
        return int(value)  # a whole number stays one: JSON knows no difference
    if not math.isfinite(value):
        raise _Misfit(f"expected a finite float, got {value}")
    return float(value)


def _moment(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise _Misfit(f"expected a date and time in ISO 8601, got {value!r}") from error
    if not isinstance(value, datetime):
        raise _misfit("datetime", value)
    return value


def _uuid(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError as error:
            raise _Misfit(f"expected a UUID, got {value!r}") from error
    if isinstance(value, UUID):
        return value
    raise _misfit("UUID", value)


def _bytes(value: object, _: object) -> object:
    if isinstance(value, str):
        try:
            return b64decode(value, validate=True)  # how JSON carries bytes here
        except ValueError as error:
            raise _Misfit("expected bytes in base64") from error
    if isinstance(value, bytes):
        return value
    raise _misfit("bytes", value)


def _file(value: object, _: object) -> object:
    if isinstance(value, bytes):
        return File("file", value)
    if isinstance(value, File):
        return value
    if not is_mapping(value):
        raise _misfit("File or bytes", value)
    name, content_type = value.get("name"), value.get("content_type")
    content = _bytes(value.get("content"), None)
    if isinstance(name, str) and isinstance(content_type, str) and isinstance(content, bytes):
        return File(name, content, content_type)
    raise _misfit("File or bytes", value)


def _open(value: object, _: object) -> object:
    return value


def _nothing(value: object, _: object) -> object:
    if value is None:
        return None
    raise _misfit("null", value)


def _as_it_is(hook: Hook) -> Hook:
    return hook


def _converter(
    model: Callable[[Converter, type], Hook],
    wrap: Callable[[Hook], Hook] = _as_it_is,
) -> Converter:
    converter = Converter(detailed_validation=True, structure_fallback_factory=_natively)
    for kind, hook in _SCALARS:
        converter.register_structure_hook(kind, wrap(hook))
    for origins, factory in _FACTORIES:
        converter.register_structure_hook_factory(
            _made_of(*origins), _bound(converter, factory, wrap)
        )

    def of_model(kind: type) -> Hook:
        return model(converter, kind)

    converter.register_structure_hook_factory(_is_model, of_model)
    return converter


def _natively(kind: object) -> Hook:
    """What a user's own endpoint may name beside models: dates, decimals, structs."""

    def hook(value: object, _: object) -> object:
        return convert(value, kind)

    return hook


def _made_of(*origins: object) -> Callable[[object], bool]:
    return lambda kind: get_origin(kind) in origins


def _is_model(kind: object) -> bool:
    base = get_origin(kind) or kind
    return isinstance(base, type) and attrs.has(base) and base is not File


def _bound(
    converter: Converter,
    factory: Callable[[Converter, object], Hook],
    wrap: Callable[[Hook], Hook],
) -> Callable[[object], Hook]:
    return lambda kind: wrap(factory(converter, kind))


def _hook(converter: Converter, kind: object) -> Hook:
    """Look a hook up when it is first run: models may hold themselves."""
    found: list[Hook] = []

    def hook(value: object, _: object) -> object:
        if not found:
            found.append(_open if kind is object or _is_any(kind) else _found(converter, kind))
        return found[0](value, kind)

    return hook


def _found(converter: Converter, kind: object) -> Hook:
    hook: Hook = converter.get_structure_hook(kind)
    return hook


def _is_any(kind: object) -> bool:
    return getattr(kind, "__name__", None) == "Any" and not isinstance(kind, type)


def _enum(value: object, kind: object) -> object:
    if not (isinstance(kind, type) and issubclass(kind, Enum)):
        raise TypeError(f"{kind} is no enum")
    if isinstance(value, kind):
        return value
    if type(value) is not str:
        raise _misfit(f"text of {kind.__name__}", value)
    return kind(value)


_SCALARS: Final[tuple[tuple[type, Hook], ...]] = (
    (Enum, _enum),
    (str, _text),
    (int, _integer),
    (float, _number),
    (bool, _exact(bool, "bool")),
    (datetime, _moment),
    (UUID, _uuid),
    (bytes, _bytes),
    (File, _file),
    (NoneType, _nothing),
)


def _literal(_: Converter, kind: object) -> Hook:
    choices = get_args(kind)

    def hook(value: object, _: object) -> object:
        for choice in choices:
            # `True == 1`, but they are different choices.
            if value == choice and (type(value) is type(choice) or isinstance(value, str)):
                return choice
        raise _Misfit(f"expected one of {', '.join(map(repr, choices))}, got {value!r}")

    return hook


def _tuple(converter: Converter, kind: object) -> Hook:
    arguments = get_args(kind)
    if arguments[1:] != (Ellipsis,):
        return _fixed(converter, arguments)
    item = _hook(converter, arguments[0])

    def hook(value: object, _: object) -> object:
        if not is_walkable(value):
            raise _misfit("a sequence", value)
        elements: list[object] = []
        errors: list[Exception] = []
        for index, element in enumerate(value):
            try:
                elements.append(item(element, None))
            except RecursionError:
                raise
            except Exception as error:
                errors.append(_noted(error, index))
        if errors:
            raise _gathered(errors, tuple)
        return tuple(elements)

    return hook


def _fixed(converter: Converter, kinds: Sequence[object]) -> Hook:
    items = [_hook(converter, kind) for kind in kinds]

    def hook(value: object, _: object) -> object:
        elements = tuple(value) if is_walkable(value) else ()
        if not is_walkable(value) or len(elements) != len(items):
            raise _misfit(f"a sequence of {len(items)}", value)
        found: list[object] = []
        errors: list[Exception] = []
        for index, (item, element) in enumerate(zip(items, elements, strict=True)):
            try:
                found.append(item(element, None))
            except RecursionError:
                raise
            except Exception as error:
                errors.append(_noted(error, index))
        if errors:
            raise _gathered(errors, tuple)
        return tuple(found)

    return hook


def _noted(error: Exception, index: int | str) -> Exception:
    # cattrs reads the place off the exception's notes.
    note = IterableValidationNote(f"at {index}", index, object)
    error.add_note(note)
    return error


def _gathered(errors: list[Exception], kind: type) -> Exception:
    said = f"while structuring a {kind.__name__}"
    return IterableValidationError(said, errors, kind)  # pyright: ignore[reportCallIssue]  # it reads the base's __new__


def _dict(converter: Converter, kind: object) -> Hook:
    item = _hook(converter, get_args(kind)[1])

    def hook(value: object, _: object) -> object:
        if not is_mapping(value):
            raise _misfit("an object", value)
        structured: dict[object, object] = {}
        errors: list[Exception] = []
        for key, held in value.items():
            try:
                structured[_text(key, None)] = item(held, None)
            except RecursionError:
                raise
            except Exception as error:
                errors.append(_noted(error, str(key)))
        if errors:
            raise _gathered(errors, dict)
        return structured

    return hook


def _union(converter: Converter, kind: object) -> Hook:
    parts = get_args(kind)
    nullable, absent = NoneType in parts, Unset in parts
    kinds = [part for part in parts if part not in (NoneType, Unset)]
    hooks = [_hook(converter, part) for part in kinds]
    models = (
        dict(zip(kinds, hooks, strict=True))
        if len(kinds) > 1 and all(map(_is_model, kinds))
        else {}
    )

    def hook(value: object, _: object) -> object:
        if (value is None and nullable) or (value is UNSET and absent):
            return value
        if models and is_mapping(value):
            return models[_likest(tuple(models), value)](value, None)
        for alternative in hooks[:-1]:
            try:
                return alternative(value, None)
            except RecursionError:
                raise
            except Exception:  # noqa: S112 - the next alternative may fit; the last one tells
                continue
        return hooks[-1](value, None)

    return hook


def _class(kind: object) -> type:
    base = get_origin(kind) or kind
    return base if isinstance(base, type) else object


def _likest(kinds: Sequence[object], value: Mapping[object, object]) -> object:
    """The model that names most of an object's keys and, of those, lacks the fewest."""

    def likeness(kind: object) -> tuple[int, int]:
        named = field_types(_class(kind)).keys()
        return len(named & value.keys()), -len(named)

    return max(kinds, key=likeness)


def _limited(converter: Converter, kind: object) -> Hook:
    limits = [extra for extra in get_args(kind)[1:] if isinstance(extra, Meta)]
    return _held(_hook(converter, get_args(kind)[0]), limits)


def _held(inner: Hook, limits: Sequence[Meta]) -> Hook:
    def hook(value: object, _: object) -> object:
        structured = inner(value, None)
        for limit in limits:
            for said in limit_broken(structured, limit):
                raise _Misfit(said)
            if limit.tz and isinstance(structured, datetime) and structured.utcoffset() is None:
                raise _Misfit("has no time zone")
        return structured

    return hook


def _model_of(converter: Converter, kind: type, *, forbid: bool) -> Hook:
    base = get_origin(kind) or kind
    # cattrs gives the function a type of its own, which the checkers read in two ways.
    structure = cast(
        "Callable[[Mapping[object, object], object], object]",
        make_dict_structure_fn(
            kind,
            converter,
            _cattrs_forbid_extra_keys=forbid,
            _cattrs_detailed_validation=True,
        ),
    )

    def hook(value: object, _: object) -> object:
        if isinstance(value, base):
            # A model's own values were never checked: constructors only bring them into shape.
            value = dict(members(value))
        if not is_mapping(value):
            raise _misfit(f"{base.__name__}, as a model or an object", value)
        present = {key: held for key, held in value.items() if held is not UNSET}
        return structure(present, kind)

    return hook


def _guessed(converter: Converter, kind: type) -> Hook:
    base = get_origin(kind) or kind
    build: Callable[..., object] = base

    def hook(value: object, _: object) -> object:
        if not is_mapping(value):
            return value
        hooks = _guess_hooks(converter, kind)
        return build(
            **{name: item(value[name], None) if name in value else UNSET for name, item in hooks}
        )

    return hook


@cache
def _guess_hooks(converter: Converter, kind: type) -> tuple[tuple[str, Hook], ...]:
    base = get_origin(kind) or kind
    arguments = get_args(kind)
    parameters: tuple[object, ...] = getattr(base, "__parameters__", ())
    bound = dict(zip(parameters, arguments, strict=False))
    return tuple(
        (name, _hook(converter, _substituted(hint, bound)))
        for name, hint in field_types(base).items()
    )


def _substituted(hint: object, bound: Mapping[object, object]) -> object:
    """Put a generic model's arguments into the place of its type variables."""
    if hint in bound:
        return bound[hint]
    parameters: tuple[object, ...] = getattr(hint, "__parameters__", ())
    if not parameters:
        return hint
    generic: Mapping[object, object] = hint  # type: ignore[assignment]  # subscripted as types are
    return generic[tuple(bound[parameter] for parameter in parameters)]


def _kept(hook: Hook) -> Hook:
    def keep(value: object, kind: object) -> object:
        try:
            return hook(value, kind)
        except RecursionError:
            raise
        except Exception:
            return value

    return keep


_FACTORIES: Final[tuple[tuple[tuple[object, ...], Callable[[Converter, object], Hook]], ...]] = (
    ((Literal,), _literal),
    ((tuple,), _tuple),
    ((dict,), _dict),
    ((Union, UnionType), _union),
    ((Annotated,), _limited),
)


@cache
def _reader() -> Converter:
    return _converter(lambda converter, kind: _model_of(converter, kind, forbid=False))


@cache
def _checker() -> Converter:
    return _converter(lambda converter, kind: _model_of(converter, kind, forbid=True))


@cache
def _guesser() -> Converter:
    return _converter(_guessed, _kept)
