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
from click.shell_completion import CompletionItem
from typing_extensions import override

from cvatfn.cli.answering import Answering, answer, answer_parameters, checked
from cvatfn.cli.exits import Stopped
from cvatfn.cli.options import Taken, body_parameters, given_to, named, option_of, taken_by
from cvatfn.cli.sections import WIDE, Sectioned, spellings
from cvatfn.cli.sessions import connected, session_of, session_parameters
from cvatfn.cli.shown import look_parameters
from cvatfn.codecs.hints import did_you_mean
from cvatfn.endpoints import Endpoint, unvalidated
from cvatfn.errors import InvalidParams
from cvatfn.finding import catalogue, find
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.preparing import prepare

__all__ = [
    "call",
    "command_of",
    "common_parameters",
    "endpoint_named",
    "first_line",
    "params_of",
    "takes",
]


_NOTHING: Final[Mapping[str, object]] = {}


class Endpoints(click.Group):
    """A group with a command for each endpoint, made when it is asked for."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [endpoint.name for endpoint in catalogue()]

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        endpoint = find(cmd_name)
        return None if endpoint is None else command_of(endpoint)

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        endpoint = endpoint_named(args[0])
        return endpoint.name, command_of(endpoint), args[1:]

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Endpoints"):
            formatter.write_dl([(each.name, first_line(each)) for each in catalogue()])

    @override
    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        return [
            CompletionItem(each.name, help=first_line(each))
            for each in catalogue()
            if each.name.startswith(incomplete)
        ]


@click.group(
    cls=Endpoints,
    context_settings=WIDE,
    subcommand_metavar="ENDPOINT [OPTIONS]",
    epilog="Each endpoint has a --help of its own.",
)
def call() -> None:
    """Ask any endpoint; the answer is JSON, or the bytes of a file."""


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
    unchecked = click.Option(
        ["--unvalidated"],
        is_flag=True,
        help="Send what is given without holding it to types, limits and lists.",
    )
    return {
        "Answer": answer_parameters(),
        "Connection": session_parameters(),
        "Options": [unchecked, *look_parameters()],
    }


def endpoint_named(name: str) -> Endpoint[..., object]:
    """The endpoint of a name.

    :param name: what was typed.
    :raises click.UsageError: there is none.
    """
    found = find(name)
    if found is None:
        hint = did_you_mean(name, [each.name for each in catalogue()])
        raise click.UsageError(
            f"there is no endpoint {name!r}{hint or '.'} `cvatfn describe` lists them."
        )
    return found


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
