"""`cvatfn call`: any endpoint, with its parameters and the fields of its body as options.

Rule: the commands are made of the endpoints as data, so that what is declared can be called. All
that is wrong with a command line is said at once, before a connection is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from itertools import chain
from typing import Final

import click

from cvatfn.cli.answering import Answering, answer, answer_parameters, checked
from cvatfn.cli.directories import Directory
from cvatfn.cli.exits import Stopped
from cvatfn.cli.options import Taken, body_parameters, given_to, named, option_of, taken_by
from cvatfn.cli.sections import WIDE, Sectioned, spellings
from cvatfn.cli.sessions import connected, session_of, session_parameters
from cvatfn.cli.shown import look_parameters
from cvatfn.endpoints import Endpoint, unvalidated
from cvatfn.errors import InvalidParams
from cvatfn.finding import catalogue, find
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.preparing import prepare

__all__ = [
    "call",
    "command_of",
    "common_parameters",
    "first_line",
    "params_of",
    "takes",
    "unvalidated_option",
]


_NOTHING: Final[Mapping[str, object]] = {}


def _entries() -> Mapping[str, str]:
    return {each.name: first_line(each) for each in catalogue()}


def _made(name: str) -> click.Command | None:
    endpoint = find(name)
    return None if endpoint is None else command_of(endpoint)


@click.group(
    cls=Directory, of="endpoint", entries=_entries, make=_made, context_settings=dict(WIDE)
)
def call() -> None:
    """Ask any endpoint; the answer is JSON, or a file. Each has a --help of its own."""


def command_of(endpoint: Endpoint[..., object]) -> click.Command:
    """The command that asks an endpoint.

    :param endpoint: any endpoint, be it of the catalogue or not.

    >>> from cvatfn.api import tasks
    >>> [option.opts[0] for option in command_of(tasks.retrieve).params][:3]
    ['--id', '--output', '--overwrite']
    """
    taken = takes(endpoint)
    options = {each.key: option_of(each) for each in taken}
    fields = [options[each.key] for each in taken if each.place == "body"]
    whole = [] if endpoint.body is None else body_parameters(taken)
    common = common_parameters()
    return Sectioned(
        endpoint.name,
        partial(_asked, endpoint, taken),
        {
            "Parameters": [options[each.key] for each in taken if each.place != "body"],
            "Body": [*fields, *whole],
            "Answer": common["Answer"],
            "Connection": common["Connection"],
            "Options": common["Options"],
        },
        help="\n\n".join((first_line(endpoint), f"{endpoint.method} {endpoint.path}")),
        deprecated=endpoint.deprecated,
    )


def takes(endpoint: Endpoint[..., object]) -> tuple[Taken, ...]:
    """All that an endpoint takes, under the names that it has in its command.

    :param endpoint: which operation.
    """
    common = chain(*common_parameters().values())
    return taken_by(endpoint, spellings(common) | {"body", "null"})


def common_parameters() -> Mapping[str, list[click.Parameter]]:
    """The options that the command of every endpoint has, by the headings of the help."""
    return {
        "Answer": answer_parameters(),
        "Connection": session_parameters(),
        "Options": [unvalidated_option(), *look_parameters()],
    }


def unvalidated_option() -> click.Option:
    """The option for servers that take more than this release knows."""
    return click.Option(
        ["--unvalidated"],
        is_flag=True,
        help="Send what is given without holding it to types, limits and lists.",
    )


def first_line(endpoint: Endpoint[..., object]) -> str:
    """What an endpoint does, in a sentence.

    :param endpoint: which operation.
    """
    return " ".join(endpoint.doc.partition("\n\n")[0].split())


def params_of(
    endpoint: Endpoint[..., object],
    taken: Iterable[Taken],
    typed: Mapping[str, object],
    chosen: Mapping[str, object] = _NOTHING,
) -> Outcome[dict[str, object], InvalidParams]:
    """The parameters that were typed, checked as `call` will check them.

    :param endpoint: which operation.
    :param taken: all that it takes.
    :param typed: what click found.
    :param chosen: parameters that were found another way.
    :returns: the parameters by name; or all that is wrong, under the names of the options.
    """
    validated = endpoint.reading.validated
    params, wrong = given_to(endpoint, taken, typed, validated=validated)
    params |= chosen
    prepared = prepare(endpoint, **params)
    found = prepared.failure().problems if isinstance(prepared, Failure) else ()
    said = {problem.path for problem in wrong}
    more = [named(endpoint, taken, problem) for problem in found]
    problems = (*wrong, *(each for each in more if each.path not in said))
    return Failure(InvalidParams(endpoint.name, problems)) if problems else Success(params)


def _asked(endpoint: Endpoint[..., object], taken: Iterable[Taken], **typed: object) -> None:
    context = click.get_current_context()
    output = typed.get("output")
    how = Answering(
        output=output if isinstance(output, str) else None,
        overwrite=bool(typed.get("overwrite")),
        raw=bool(typed.get("raw")),
    )
    asked = unvalidated(endpoint) if typed.get("unvalidated") else endpoint
    match params_of(asked, taken, typed):
        case Failure(error):
            raise Stopped(error)
        case Success(params):
            checked(endpoint, how)
    with connected(session_of(context)) as transport:
        answer(transport, asked, params, how)
