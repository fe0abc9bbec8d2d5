"""Dicts to models, with every problem named at once: cattrs, made strict.

Three ways to read, one converter each:

- `read`: what was received. Unknown fields pass.
- `check`: what a caller gives. Unknown keys are problems too.
- `guess`: best effort. What does not fit is kept as it came; what is missing is `UNSET`.

Rule: types are exact and limits hold (`scalars`, `containers`); here is what is said of models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final, cast, get_args, get_origin

from cattrs import Converter
from cattrs.errors import (
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn
from msgspec import convert

from cvatfn.codecs.building import field_types, fields_of, members
from cvatfn.codecs.containers import (
    FACTORIES,
    as_it_came,
    hook_of,
    is_model,
    json_value,
    searching,
)
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.kinds import class_of, is_open
from cvatfn.codecs.plain import is_mapping
from cvatfn.codecs.problems import Problem, at_index, at_key
from cvatfn.codecs.scalars import LISTED, SCALARS, Hook, Misfits, misfit, nothing
from cvatfn.codecs.showing import in_words, readable
from cvatfn.codecs.unset import UNSET
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["MOST_GIVEN", "MOST_READ", "check", "guess", "read"]

MOST_READ: Final = 100
"""How many elements that do not fit are named of what was received."""
MOST_GIVEN: Final = 1_000
"""How many of what a caller gives."""


def read(kind: object, data: object) -> Outcome[object, tuple[Problem, ...]]:
    """Structure what a server sent.

    :param kind: any type that a signature can name.
    :param data: plain dicts, lists and scalars, or models among them.
    """
    return _structure(_reader(), kind, data, MOST_READ)


def check(kind: object, data: object) -> Outcome[object, tuple[Problem, ...]]:
    """Structure what a caller gives, holding it to its types, its limits and its keys.

    :param kind: a request model, or a type made of them.
    :param data: models, dicts and sequences in any mixture.
    """
    return _structure(_checker(), kind, data, MOST_GIVEN)


def guess(kind: object, data: object) -> object:
    """Structure as well as it goes.

    :param kind: any type that a signature can name.
    :param data: plain dicts, lists and scalars.
    :returns: a value of the type as far as the data fit it.
    """
    match _structure(_guesser(), kind, data, MOST_READ):
        case Success(value):
            return value
        case Failure():
            return data


def _structure(
    converter: Converter, kind: object, data: object, most: int
) -> Outcome[object, tuple[Problem, ...]]:
    with searching(most) as search:
        try:
            hook: Hook = converter.get_structure_hook(kind)
            return Success(hook(data, kind))
        except Exception as refusal:
            problems = tuple(_problems(refusal, "$"))
            if not search.over or problems == (_TOO_DEEP,):
                return Failure(problems)
            given_up = f"may have more that does not fit: after {most} elements nobody looked on"
            return Failure((*problems, Problem("$", given_up)))


_TOO_DEEP: Final = Problem("$", "is nested too deeply")


def _problems(refusal: BaseException, path: str) -> Iterator[Problem]:
    match refusal:
        case IterableValidationError():
            noted, _ = refusal.group_exceptions()  # each error has its place
            for error, note in noted:
                yield from _problems(error, _at(path, note))
        case ClassValidationError():
            fields, others = refusal.group_exceptions()
            for error, field in fields:
                at = at_key(path, field.name)
                yield from [Problem(at, "is missing")] if _absent(error) else _problems(error, at)
            for error in others:
                yield from _problems(error, path)
        case ForbiddenExtraKeysError():
            known = [field.name for field in fields_of(refusal.cl)]
            for key in sorted(map(in_words, refusal.extra_fields)):
                said = f"is no field that can be sent{did_you_mean(key, known)}"
                yield Problem(at_key(path, key), said)
        case Misfits(errors=errors):
            for error in errors:
                yield from _problems(error, path)
        case RecursionError():  # cattrs may have wrapped it; a path as deep helps nobody
            yield _TOO_DEEP
        case _:
            yield Problem(path, readable(in_words(refusal)))


def _at(path: str, note: IterableValidationNote) -> str:
    index: object = note.index
    return at_index(path, index) if isinstance(index, int) else at_key(path, str(index))


def _absent(error: BaseException) -> bool:
    return isinstance(error, KeyError)


def _as_it_is(hook: Hook) -> Hook:
    return hook


def _converter(
    model: Callable[[Converter, type], Hook],
    wrap: Callable[[Hook], Hook] = _as_it_is,
    *,
    scalars: Iterable[tuple[type, Hook]] = SCALARS,
    anything: Hook = as_it_came,
) -> Converter:
    converter = Converter(structure_fallback_factory=_natively)
    for kind, hook in scalars:
        converter.register_structure_hook(kind, wrap(hook))
    # cattrs takes a type's `None` for "any", and `typing` leaves it in `tuple[None, ...]`.
    converter.register_structure_hook_func(lambda kind: kind is None, wrap(nothing))
    converter.register_structure_hook_func(is_open, anything)
    for origins, factory in FACTORIES:
        converter.register_structure_hook_factory(
            _made_of(*origins), _bound(converter, factory, wrap)
        )

    def of_model(kind: type) -> Hook:
        return model(converter, kind)

    converter.register_structure_hook_factory(is_model, of_model)
    return converter


def _natively(kind: object) -> Hook:
    """What a user's own endpoint may name beside models: dates, decimals, structs."""

    def hook(value: object, _: object) -> object:
        return convert(value, kind)

    return hook


def _made_of(*origins: object) -> Callable[[object], bool]:
    return lambda kind: get_origin(kind) in origins


def _bound(
    converter: Converter,
    factory: Callable[[Converter, object], Hook],
    wrap: Callable[[Hook], Hook],
) -> Callable[[object], Hook]:
    return lambda kind: wrap(factory(converter, kind))


def _model_of(converter: Converter, kind: type, *, forbid: bool) -> Hook:
    base = class_of(kind)
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
            raise misfit(f"{base.__name__}, as a model or an object", value)
        present = {key: held for key, held in value.items() if held is not UNSET}
        return structure(present, kind)

    return hook


def _guessed(converter: Converter, kind: type) -> Hook:
    build: Callable[..., object] = class_of(kind)

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
    base, arguments = class_of(kind), get_args(kind)
    parameters: tuple[object, ...] = getattr(base, "__parameters__", ())
    bound = dict(zip(parameters, arguments, strict=False))
    return tuple(
        (name, hook_of(converter, _substituted(hint, bound)))
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


@cache
def _reader() -> Converter:
    return _converter(lambda converter, kind: _model_of(converter, kind, forbid=False))


@cache
def _checker() -> Converter:
    return _converter(
        lambda converter, kind: _model_of(converter, kind, forbid=True),
        scalars=LISTED,
        anything=json_value,
    )


@cache
def _guesser() -> Converter:
    return _converter(_guessed, _kept)
