"""From an endpoint to the options of a command: parameters of path, query and headers, and fields.

Rule: an option is called as the parameter or the field is, with `-` for `_`. Where that name is
taken (by what every command has, then by a parameter) the place goes before it: `--body-id`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final, Literal, TypeAlias

import attrs
import click
from attrs import evolve, frozen
from click.shell_completion import CompletionItem
from typing_extensions import override

from cvatfn.cli.reading import read, read_json
from cvatfn.cli.wording import Sort, choices, limits, nullable, sort_of, words
from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import field_types, fields_of, plain
from cvatfn.codecs.hints import did_you_mean
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint, Place
from cvatfn.outcome import Failure, Success

__all__ = ["Taken", "body_parameters", "given_to", "named", "option_of", "said_of", "taken_by"]

Where: TypeAlias = Place | Literal["body"]


@frozen
class Taken:
    """What an endpoint takes, and by which option.

    :param flag: the option's name, without dashes.
    :param place: where it goes; `body` for a field of the body.
    :param name: the name of the parameter or the field.
    :param type: what it takes.
    :param required: whether the server needs it.
    :param about: what it means, where somebody said so.
    :param since: the first release that takes it, where that is not the endpoint's own.
    :param until: the last release that takes it.
    :param deprecated: whether CVAT advises against it.
    """

    flag: str
    place: Where
    name: str
    type: object
    required: bool
    about: str = ""
    since: str | None = None
    until: str | None = None
    deprecated: bool = False

    @property
    def key(self) -> str:
        """Under which name click hands its texts over."""
        return f"{self.place}_{self.name}"

    @property
    def sort(self) -> Sort:
        """How its value is written."""
        return sort_of(self.type)


def taken_by(endpoint: Endpoint[..., object], reserved: Iterable[str] = ()) -> tuple[Taken, ...]:
    """All that an endpoint takes: its parameters, then the fields of its body.

    :param endpoint: which operation.
    :param reserved: names of options that every command has, without dashes.

    >>> from cvatfn.api import labels
    >>> [taken.flag for taken in taken_by(labels.partial_update)][:3]
    ['id', 'body-id', 'name']
    """
    abouts = said_of(endpoint)
    parameters = [
        Taken(
            "",
            each.place,
            each.name,
            each.type,
            each.required,
            abouts.get(each.name, ""),
            each.since,
            each.until,
            each.deprecated,
        )
        for each in endpoint.parameters
    ]
    used = set(reserved)
    named: list[Taken] = []
    for taken in (*parameters, *_fields(endpoint)):
        flag = taken.name.strip("_").replace("_", "-")
        if used & _flags(flag, taken.sort):
            flag = f"{taken.place}-{flag}"
        used |= _flags(flag, taken.sort)
        named.append(evolve(taken, flag=flag))
    return tuple(named)


def said_of(endpoint: Endpoint[..., object]) -> Mapping[str, str]:
    """What an endpoint's docstring says of its parameters, by name.

    :param endpoint: which operation.

    >>> from cvatfn.api import tasks
    >>> said_of(tasks.retrieve)["id"]
    'id of the object the call is about'
    """
    found = _OF_PARAMETERS.findall(endpoint.doc)
    plain = {name: " ".join(said.split()).rstrip(".") for name, said in found}
    return {name: _CLASSES.sub("", said) for name, said in plain.items()}


_CLASSES: Final = re.compile(r"an? `[A-Z]\w+`, or ")
"""What only a program can give, beside the text that says the same."""

_OF_PARAMETERS: Final = re.compile(r"^:param (\w+):((?:.|\n)*?)(?=^:|\Z)", re.MULTILINE)


def option_of(taken: Taken) -> click.Option:
    """The option by which something is given; its value are the texts that were typed.

    :param taken: what it is for.
    """
    if taken.sort == "flag":
        spelled = f"--{taken.flag}/--no-{taken.flag}"
        return click.Option([spelled, taken.key], default=None, help=_help(taken))
    return click.Option(
        [f"--{taken.flag}", taken.key],
        type=Typed(_METAVARS[taken.sort], choices(taken.type)),
        multiple=True,
        metavar=_metavar(taken),
        help=_help(taken),
    )


def body_parameters(taken: Iterable[Taken]) -> list[click.Parameter]:
    """The options for a body as a whole.

    :param taken: all that the endpoint takes.
    """
    fields = [each for each in taken if each.place == "body"]
    nulls = tuple(each.flag for each in fields if nullable(each.type))
    whole = click.Option(
        ["--body"], metavar="JSON", help="The whole body; single fields come before what it says."
    )
    null = click.Option(
        ["--null"],
        type=Typed("FIELD", nulls),
        multiple=True,
        metavar="FIELD",
        help=f"A field to send as null, not to leave out: {', '.join(nulls)}.",
    )
    return [whole, null] if nulls else [whole]


class Typed(click.types.StringParamType):
    """A text of a certain kind, which shells can complete where it is a file or one of a list.

    :param name: its kind.
    :param listed: the texts to choose from.
    """

    def __init__(self, name: str, listed: tuple[str, ...]) -> None:
        self.name = name
        self.listed: Final = listed

    @override
    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        if self.name == "FILE":
            return [CompletionItem(incomplete, type="file")]
        return [CompletionItem(each) for each in self.listed if each.startswith(incomplete)]


def given_to(
    endpoint: Endpoint[..., object],
    taken: Iterable[Taken],
    typed: Mapping[str, object],
    *,
    validated: bool = True,
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """The parameters that were typed.

    :param endpoint: which operation.
    :param taken: all that it takes.
    :param typed: what click found, by `Taken.key`, beside `body` and `null`.
    :param validated: whether what does not fit is a problem, or taken as the text it is.
    :returns: the parameters by name, the body among them; and what is wrong with the others.
    """
    problems: list[Problem] = []
    params: dict[str, object] = {}
    fields: dict[str, object] = {}
    for each in taken:
        value = typed.get(each.key)
        if value is None or value == ():
            continue
        into = fields if each.place == "body" else params
        if isinstance(value, bool):
            into[each.name] = value
            continue
        texts = tuple(map(str, value)) if is_array(value) else (str(value),)
        if each.sort in _SINGLE and texts[1:]:
            problems.append(Problem(f"--{each.flag}", "is given more than once"))
            continue
        match read(each.type, texts):
            case Success(found):
                into[each.name] = found
            case Failure() if not validated and each.sort == "scalar":
                into[each.name] = texts[-1]
            case Failure(wrong):
                problems.append(Problem(f"--{each.flag}", wrong))
    if endpoint.body is not None:
        fields |= _nulls(taken, typed.get("null"), problems)
        body = _body(typed.get("body"), fields, problems)
        if body is not None or endpoint.body.required:
            params[endpoint.body.name] = {} if body is None else body
    return params, tuple(problems)


def named(endpoint: Endpoint[..., object], taken: Iterable[Taken], problem: Problem) -> Problem:
    """A problem that `prepare` found, under the name of the option.

    :param endpoint: which operation.
    :param taken: all that it takes.
    :param problem: what is wrong.

    >>> from cvatfn.api import tasks
    >>> found = Problem("$.task_write_request.labels[0].name", "is missing")
    >>> print(named(tasks.create, taken_by(tasks.create), found))
    --labels[0].name: is missing
    """
    flags = {(each.place == "body", each.name): each.flag for each in taken}
    whole = "" if endpoint.body is None else f"$.{endpoint.body.name}"
    if whole and (problem.path + ".").startswith((f"{whole}.", f"{whole}[")):
        below = problem.path[len(whole) :]
        name, rest = re.fullmatch(r"(?s)\.?(\w*)(.*)", below).groups()  # type: ignore[union-attr]  # it fits any text
        flag = flags.get((True, name))
        path = f"--body: ${below}" if flag is None else f"--{flag}{rest}"
    else:
        flag = flags.get((False, problem.path))
        path = problem.path if flag is None else f"--{flag}"
    return evolve(problem, path=path)


_SINGLE: Final = ("scalar", "file", "json")
_METAVARS: Final[Mapping[Sort, str]] = {
    "flag": "",
    "scalar": "TEXT",
    "scalars": "TEXT",
    "file": "FILE",
    "files": "FILE",
    "json": "JSON",
    "jsons": "JSON",
}
_LONGEST_METAVAR: Final = 40
_MOST_LISTED: Final = 20


def _fields(endpoint: Endpoint[..., object]) -> list[Taken]:
    kind = None if endpoint.body is None else class_of(sent_kind(endpoint.body.type))
    if kind is None or not attrs.has(kind):
        return []
    types = field_types(kind)
    return [
        Taken("", "body", each.name, types[each.name], each.default is attrs.NOTHING)
        for each in fields_of(kind)
    ]


def _flags(flag: str, sort: Sort) -> set[str]:
    return {flag, f"no-{flag}"} if sort == "flag" else {flag}


def _metavar(taken: Taken) -> str:
    if _fits_metavar(taken.type):
        return _listed(taken.type, "|")
    if choices(taken.type):
        return "CHOICE"
    kinds = {part.__name__ for part in _classes(taken.type)}
    for name, metavar in (("int", "INT"), ("float", "NUMBER"), ("datetime", "TIME")):
        if name in kinds:
            return metavar
    return _METAVARS[taken.sort]


def _fits_metavar(annotation: object) -> bool:
    return 0 < len(_listed(annotation, "|")) <= _LONGEST_METAVAR


def _listed(annotation: object, between: str) -> str:
    texts = [text for text in choices(annotation) if text]
    return f"[{between.join(texts)}]" if texts else ""


def _classes(annotation: object) -> list[type]:
    return [class_of(kind) for kind in plain(annotation)]


def _help(taken: Taken) -> str:
    said = [taken.about] if taken.about else []
    said += [_type_told(taken)]
    said += ["may come again"] if taken.sort in ("scalars", "files", "jsons") else []
    said += [f"since {taken.since}"] if taken.since else []
    said += [f"until {taken.until}"] if taken.until else []
    said += ["deprecated"] if taken.deprecated else []
    said += ["required"] if taken.required else []
    about = "; ".join(filter(None, said))
    if about.partition(" ")[0] in choices(taken.type):  # a value is written as it is typed
        return f"{about}."
    return about and f"{about[0].upper()}{about[1:]}."


def _type_told(taken: Taken) -> str:
    """What of the type the metavar does not say."""
    texts = choices(taken.type)
    if len(texts) > _MOST_LISTED:
        return f"one of {len(texts)}, which `cvatfn describe` lists"
    if taken.sort in ("json", "jsons") or (texts and not _fits_metavar(taken.type)):
        return words(taken.type)
    return limits(taken.type)


def _nulls(taken: Iterable[Taken], typed: object, problems: list[Problem]) -> dict[str, None]:
    flags: dict[str, str] = {each.flag: each.name for each in taken if each.place == "body"}
    names = flags | {name: name for name in flags.values()}
    nulls: dict[str, None] = {}
    for text in map(str, typed if is_array(typed) else ()):
        name = names.get(text.removeprefix("--"))
        if name is None:
            problems.append(
                Problem("--null", f"there is no field {text!r}{did_you_mean(text, flags)}")
            )
        else:
            nulls[name] = None
    return nulls


def _body(whole: object, fields: Mapping[str, object], problems: list[Problem]) -> object:
    """The body, of what was typed as a whole and of single fields; `None` for neither."""
    if not isinstance(whole, str):
        return dict(fields) or None
    match read_json(whole):
        case Success(found) if is_mapping(found):
            return dict(chain[tuple[object, object]](found.items(), fields.items()))
        case Success(found) if not fields:
            return found
        case Success():
            problems.append(Problem("--body", "is no object that single fields could go into"))
        case Failure(wrong):
            problems.append(Problem("--body", wrong))
    return None
