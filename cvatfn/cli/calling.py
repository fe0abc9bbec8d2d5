"""`cvatfn call`: any endpoint, with its parameters as options."""

from __future__ import annotations

import click

from cvatfn.calling import call as asked
from cvatfn.cli.exits import value_of
from cvatfn.cli.sessions import Session, connected, session_options
from cvatfn.cli.shown import look_options, show
from cvatfn.codecs.hints import did_you_mean
from cvatfn.finding import catalogue, find

__all__ = ["call"]


@click.command
@click.argument("name", metavar="ENDPOINT")
@session_options
@look_options
def call(name: str, session: Session) -> None:
    """Ask any endpoint."""
    endpoint = find(name)
    if endpoint is None:
        hint = did_you_mean(name, [each.name for each in catalogue()])
        raise click.UsageError(f"there is no endpoint {name!r}{hint}")
    with connected(session) as transport:
        show(value_of(asked(transport, endpoint)))
