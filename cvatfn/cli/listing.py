"""`cvatfn list`: what a listing has, filtered, sorted and in the form that is wanted.

Rule: it is walked page by page and written as it comes, so that a listing may be of any size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias, cast, get_args

import click

from cvatfn.cli.calling import first_line, params_of, unvalidated_option
from cvatfn.cli.columns import chosen, in_brief, leaves
from cvatfn.cli.conditions import filter_of, listed_by, order_of
from cvatfn.cli.directories import Directory
from cvatfn.cli.exits import Stopped, value_of
from cvatfn.cli.options import Taken, Typed, option_of, taken_by
from cvatfn.cli.sections import WIDE, Sectioned, spellings
from cvatfn.cli.sessions import connected, session_of, session_parameters
from cvatfn.cli.shown import look_of, look_parameters
from cvatfn.cli.tables import Form, usual_form, write
from cvatfn.cli.wording import words
from cvatfn.codecs.kinds import class_of
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint, unvalidated
from cvatfn.errors import InvalidParams
from cvatfn.finding import catalogue
from cvatfn.models import Page
from cvatfn.outcome import Failure, Success
from cvatfn.pagination import in_pages_of, limited, paginate

__all__ = ["list_", "listings"]

Listing: TypeAlias = Endpoint[..., Page[object]]

_WALKED: Final = frozenset({"filter", "sort", "page", "page_size"})
"""What a walk says itself, or what has an option of its own here."""


def listings() -> Mapping[str, Listing]:
    """The listings, by the names that people call them by.

    >>> [*listings()][:3]
    ['access-tokens', 'cloudstorages', 'comments']
    """
    found: dict[str, Listing] = {}
    for endpoint in catalogue():
        if class_of(endpoint.declaration.signature.returns) is Page:
            # What it answers has just been looked at.
            found[_short(endpoint.name)] = cast("Listing", endpoint)
    return found


def _entries() -> Mapping[str, str]:
    return {name: _about(each) for name, each in listings().items()}


def _made(name: str) -> click.Command | None:
    known = listings()
    named = {endpoint.name: endpoint for endpoint in known.values()}
    endpoint = known.get(name, named.get(name))
    return None if endpoint is None else _command(name, endpoint)


@click.group(
    "list",
    cls=Directory,
    of="listing",
    entries=_entries,
    make=_made,
    context_settings=dict(WIDE),
)
def list_() -> None:
    """List tasks, jobs, or whatever else there are many of."""


def _about(endpoint: Listing) -> str:
    """What it lists; that it comes in pages is nothing that anybody sees here."""
    return first_line(endpoint).replace(", a page at a time", "")


def _short(name: str) -> str:
    """What people call a listing: `tasks` for `tasks.list`, `quality-reports`, `access-tokens`."""
    tag, _, operation = name.partition(".")
    rest = operation.removeprefix("list").strip("_").replace("_", "-")
    return tag if not rest else rest if tag == "auth" else f"{tag}-{rest}"


def _command(name: str, endpoint: Listing) -> click.Command:
    form, session = _form_parameters(endpoint), session_parameters()
    look = [unvalidated_option(), *look_parameters()]
    fields = listed_by(endpoint)
    which = _which_parameters(tuple(fields)) if fields else []
    reserved = spellings([*form, *look, *session, *which])
    taken = [each for each in taken_by(endpoint, reserved) if each.name not in _WALKED]
    return Sectioned(
        name,
        partial(_listed, endpoint, tuple(taken)),
        {
            "Which": [*which, *map(option_of, taken)],
            "Form": form,
            "Connection": session,
            "Options": look,
        },
        help="\n\n".join((_about(endpoint), _explained(tuple(fields)))),
    )


def _explained(fields: Sequence[str]) -> str:
    if not fields:
        return ""
    return (
        "A condition is FIELD=VALUE, or has != < <= > >= or ~ (contains) for the =; "
        'FIELD=["a","b"] is one of several, FIELD=null has none. All conditions must hold; JSON '
        f"Logic says more. The fields: {', '.join(fields)}."
    )


def _which_parameters(fields: tuple[str, ...]) -> list[click.Parameter]:
    return [
        click.Option(
            ["--filter", "-f"],
            type=Typed("CONDITION", fields),
            multiple=True,
            metavar="CONDITION",
            help="Only those for which this holds; may come again.",
        ),
        click.Option(
            ["--sort", "--order"],
            type=Typed("FIELD", fields),
            multiple=True,
            metavar="FIELD",
            help="What to sort by, with - before it to count backwards; may come again.",
        ),
    ]


def _form_parameters(endpoint: Listing) -> list[click.Parameter]:
    at_least_one = click.IntRange(min=1)
    return [
        click.Option(
            ["--limit", "-n"], type=at_least_one, metavar="N", help="No more than so many."
        ),
        click.Option(
            ["--page-size"], type=at_least_one, metavar="N", help="How many to ask for at a time."
        ),
        click.Option(
            ["--fields"],
            metavar="PATH,...",
            help="What of them, such as id,owner.username; `cvatfn describe "
            f"{_item(endpoint)}` has more.",
        ),
        *(
            click.Option([f"--{form.value}"], is_flag=True, help=said)
            for form, said in _FORMS.items()
        ),
    ]


_FORMS: Final[Mapping[Form, str]] = {
    Form.TABLE: "A table; as it is on a terminal.",
    Form.JSONL: "A JSON object on each line; as it is elsewhere.",
    Form.CSV: "CSV with a header, safe for spreadsheets.",
}


def _item(endpoint: Listing) -> str:
    (kind,) = get_args(endpoint.declaration.signature.returns)
    return words(kind).partition(" ")[0]


def _listed(endpoint: Listing, taken: Sequence[Taken], **typed: object) -> None:
    form = _form(typed)
    problems: list[Problem] = []
    paths = _paths(endpoint, form, typed.get("fields"), problems)
    chosen_by = _chosen_by(endpoint, typed, problems)
    asked = unvalidated(endpoint) if typed.get("unvalidated") else endpoint
    params = params_of(asked, taken, typed, chosen_by)
    if isinstance(params, Failure):
        problems += params.failure().problems
    if problems or isinstance(params, Failure):
        raise Stopped(InvalidParams(endpoint.name, tuple(problems)))
    walk = _walk(asked, typed)
    with connected(session_of(click.get_current_context())) as transport:
        found = paginate(transport, walk, **params.unwrap())
        asked_for = typed.get("fields") is not None
        write(map(value_of, found), form, paths, all_of_them=asked_for)


def _form(typed: Mapping[str, object]) -> Form:
    wanted = [form for form in _FORMS if typed.get(form.value)]
    wanted += [Form.JSON] if look_of().json else []
    if wanted[1:]:
        raise click.UsageError(f"one form at a time: {' or '.join(f'--{f.value}' for f in wanted)}")
    return wanted[0] if wanted else usual_form()


def _paths(
    endpoint: Listing, form: Form, fields: object, problems: list[Problem]
) -> tuple[str, ...] | None:
    (kind,) = get_args(endpoint.declaration.signature.returns)
    if isinstance(fields, str):
        match chosen(kind, fields):
            case Success(paths):
                return paths
            case Failure(wrong):
                problems += wrong
    usual = {Form.TABLE: in_brief(kind), Form.CSV: tuple(leaves(kind))}
    return usual.get(form)


def _chosen_by(
    endpoint: Listing, typed: Mapping[str, object], problems: list[Problem]
) -> dict[str, object]:
    fields = listed_by(endpoint)
    validated = not typed.get("unvalidated")
    found = {
        "filter": filter_of(fields, _texts(typed.get("filter")), validated=validated),
        "sort": order_of(fields, _texts(typed.get("sort")), validated=validated),
    }
    params: dict[str, object] = {}
    for name, outcome in found.items():
        match outcome:
            case Success(value):
                params |= {} if value is None else {name: value}
            case Failure(wrong):
                problems += wrong
    return params


def _texts(typed: object) -> tuple[str, ...]:
    return tuple(map(str, typed)) if is_array(typed) else ()


def _walk(endpoint: Listing, typed: Mapping[str, object]) -> Listing:
    limit, size = typed.get("limit"), typed.get("page_size")
    if isinstance(limit, int):
        endpoint = limited(endpoint, limit)
    if isinstance(size, int):
        endpoint = in_pages_of(endpoint, size)
    return endpoint
