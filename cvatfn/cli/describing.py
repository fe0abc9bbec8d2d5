"""`cvatfn describe`: endpoints and models as data, for people and as JSON.

Rule: it says what the library knows and nothing else; no server is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from inspect import getdoc
from typing import TypeAlias

import attrs
import click
from click.shell_completion import CompletionItem
from typing_extensions import override

from cvatfn import models
from cvatfn.cli.calling import first_line, takes
from cvatfn.cli.options import Taken
from cvatfn.cli.rights import rights_of
from cvatfn.cli.sections import WIDE
from cvatfn.cli.shown import look_of, look_options, say, show
from cvatfn.cli.wording import choices, nullable, words
from cvatfn.codecs.building import field_types, fields_of
from cvatfn.codecs.hints import did_you_mean
from cvatfn.endpoints import Answer, Endpoint
from cvatfn.finding import catalogue, find

__all__ = ["describe", "described", "described_model"]

Row: TypeAlias = tuple[str, str]
Section: TypeAlias = tuple[str, Sequence[Row]]


class Name(click.types.StringParamType):
    """The name of an endpoint or a model, for shells to complete."""

    @override
    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(name) for name in _names() if name.startswith(incomplete)]


@click.command(context_settings=WIDE)
@click.argument("name", required=False, type=Name())
@click.option("--search", metavar="TEXT", help="List what has a text in its name, path or summary.")
@click.option("--tag", metavar="TAG", help="List the endpoints of one tag, such as tasks.")
@look_options
def describe(name: str | None, search: str | None, tag: str | None) -> None:
    """Say what an endpoint or a model takes and answers; without NAME, list the endpoints."""
    endpoint = None if name is None else find(name)
    if name is None:
        _list(_chosen(search, tag))
    elif search is not None or tag is not None:
        raise click.UsageError("--search and --tag are for a list: leave the name out")
    elif endpoint is not None:
        _tell(described(endpoint), endpoint.name, first_line(endpoint), _sections(endpoint))
    elif name in dir(models) and isinstance(kind := getattr(models, name), type):
        rows = [(each["name"], each["type"]) for each in _fields_of(kind)]
        values = [(text, "") for text in choices(kind)]
        _tell(described_model(kind), name, _summary(kind), [("Fields", rows), ("Values", values)])
    else:
        hint = did_you_mean(name, _names())
        raise click.UsageError(f"there is no endpoint and no model {name!r}{hint}")


def described(endpoint: Endpoint[..., object]) -> dict[str, object]:
    """An endpoint as plain data.

    :param endpoint: which operation.

    >>> from cvatfn.api import tasks
    >>> described(tasks.retrieve)["answers"]
    [{'status': 200, 'type': 'TaskRead', 'content_types': ['application/vnd.cvat+json']}]
    """
    body = endpoint.body
    taken = takes(endpoint)
    answers = [(each.status, _answer(each)) for each in endpoint.answers]
    about: dict[str, object] = {
        **_brief(endpoint),
        "until": endpoint.until,
        "logins": [*endpoint.logins],
        "rights": [*rights_of(endpoint)],
        "parameters": [_parameter(each) for each in taken if each.place != "body"],
        "body": None,
        "answers": [said for status, said in answers if status < 400],
        "errors": [said for status, said in answers if status >= 400],
    }
    if body is not None:
        about["body"] = {
            "name": body.name,
            "type": words(body.type),
            "required": body.required,
            "content_types": [*body.content_types],
            "fields": [_parameter(each) for each in taken if each.place == "body"],
        }
    return about


def described_model(kind: type) -> dict[str, object]:
    """A model, or an enum, as plain data.

    :param kind: its class.

    >>> described_model(models.RqId)["fields"]
    [{'name': 'rq_id', 'type': 'text'}]
    """
    about: dict[str, object] = {"name": kind.__name__, "summary": _summary(kind)}
    if attrs.has(kind):
        return about | {"fields": _fields_of(kind)}
    return about | {"values": [*choices(kind)]}


def _names() -> list[str]:
    twins = ("Dict", "Like")  # of models, for dicts and for both
    named = [name for name in dir(models) if not name.endswith(twins)]
    return [*(each.name for each in catalogue()), *named]


def _chosen(search: str | None, tag: str | None) -> list[Endpoint[..., object]]:
    found = [*catalogue()]
    if tag is not None:
        tags = {each.name.partition(".")[0] for each in found}
        if tag not in tags:
            raise click.UsageError(f"there is no tag {tag!r}{did_you_mean(tag, tags)}")
        found = [each for each in found if each.name.startswith(f"{tag}.")]
    if search is not None:
        wanted = search.casefold()
        found = [each for each in found if wanted in " ".join(_row(each)).casefold()]
    return found


def _list(found: Sequence[Endpoint[..., object]]) -> None:
    if look_of().json:
        show([_brief(each) for each in found])
        return
    if not found:
        say("There is no endpoint like that.")
        return
    formatter = click.get_current_context().make_formatter()
    formatter.write_dl([(name, f"{about} ({where})") for name, where, about in map(_row, found)])
    click.echo(formatter.getvalue(), nl=False)


def _row(endpoint: Endpoint[..., object]) -> tuple[str, str, str]:
    return endpoint.name, f"{endpoint.method} {endpoint.path}", first_line(endpoint)


def _brief(endpoint: Endpoint[..., object]) -> dict[str, object]:
    return {
        "name": endpoint.name,
        "summary": first_line(endpoint),
        "method": endpoint.method,
        "path": endpoint.path,
        "since": endpoint.since,
        "deprecated": endpoint.deprecated,
    }


def _answer(each: Answer) -> dict[str, object]:
    types = [] if each.status >= 400 else [*each.content_types]
    return {"status": each.status, "type": words(each.type), "content_types": types}


def _parameter(taken: Taken) -> dict[str, object]:
    about: dict[str, object] = {
        "name": taken.name,
        "option": f"--{taken.flag}",
        "place": taken.place,
        "type": words(taken.type),
        "required": taken.required,
        "nullable": taken.place == "body" and nullable(taken.type),
        "choices": [*choices(taken.type)],
        "about": taken.about,
        "since": taken.since,
        "until": taken.until,
        "deprecated": taken.deprecated,
    }
    # what nobody knows is left out, where it may say something is kept
    return {name: held for name, held in about.items() if held not in (None, "", [], False)}


def _fields_of(kind: type) -> list[dict[str, str]]:
    if not attrs.has(kind):
        return []
    types = field_types(kind)
    return [{"name": each.name, "type": words(types[each.name])} for each in fields_of(kind)]


def _summary(kind: type) -> str:
    return " ".join((getdoc(kind) or "").partition("\n\n")[0].split())


def _sections(endpoint: Endpoint[..., object]) -> list[Section]:
    taken = takes(endpoint)
    body = endpoint.body
    answers = [(f"{each.status}", words(each.type)) for each in endpoint.answers]
    named = "" if body is None else f": {words(body.type)}, as {' or '.join(body.content_types)}"
    return [
        ("Request", [*_facts(endpoint)]),
        ("Parameters", [_line(each) for each in taken if each.place != "body"]),
        (f"Body{named}", [_line(each) for each in taken if each.place == "body"]),
        ("Answers", [row for row in answers if row[0] < "400"]),
        ("Errors", [row for row in answers if row[0] >= "400"]),
    ]


def _facts(endpoint: Endpoint[..., object]) -> Iterable[Row]:
    yield endpoint.method, endpoint.path
    if endpoint.since or endpoint.until:
        releases = f"{endpoint.since or ''} to {endpoint.until or 'now'}".strip()
        yield "CVAT", f"since {endpoint.since}" if endpoint.until is None else releases
    if endpoint.deprecated:
        yield "deprecated", "CVAT advises against it"
    yield "logins", ", ".join(each.replace("_", " ") for each in endpoint.logins)
    for said in rights_of(endpoint):
        right, _, who = said.partition(": ")
        yield f"to {right}", who


def _line(taken: Taken) -> Row:
    said = [
        "required" if taken.required else "",
        f"since {taken.since}" if taken.since else "",
        f"until {taken.until}" if taken.until else "",
        "deprecated" if taken.deprecated else "",
        taken.about,
    ]
    place = "" if taken.place == "body" else f"{taken.place}: "
    return f"--{taken.flag}", f"{place}{'; '.join(filter(None, (words(taken.type), *said)))}"


def _tell(data: object, name: str, summary: str, sections: Iterable[Section]) -> None:
    if look_of().json:
        show(data)
        return
    formatter = click.get_current_context().make_formatter()
    formatter.write(f"{name}\n")
    formatter.write_paragraph()
    with formatter.indentation():
        formatter.write_text(summary)
    for heading, rows in sections:
        if rows:
            with formatter.section(heading):
                formatter.write_dl(rows)
    click.echo(formatter.getvalue(), nl=False)
