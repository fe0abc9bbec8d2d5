"""`cvatfn wait`: until the server has done its work."""

from __future__ import annotations

import click

from cvatfn.cli.bars import watching
from cvatfn.cli.exits import Stopped
from cvatfn.cli.interrupting import hinting
from cvatfn.cli.sections import WIDE
from cvatfn.cli.sessions import Session, connected, session_options
from cvatfn.cli.shown import look_of, look_options, say, show
from cvatfn.cli.working import facts_of, patience, unknown_work
from cvatfn.codecs.showing import readable
from cvatfn.outcome import Failure, Success
from cvatfn.polling import RequestFailed, wait_all

__all__ = ["wait"]


@click.command(context_settings=WIDE)
@click.argument("rq_ids", nargs=-1, required=True, metavar="RQ_ID...")
@click.option(
    "--deadline",
    type=click.FloatRange(0),
    metavar="SECONDS",
    help="How long to wait for all of them; an hour unless said.",
)
@session_options
@look_options
def wait(rq_ids: tuple[str, ...], deadline: float | None, session: Session) -> None:
    """Wait until the server's work is over, that RQ_IDs name: an import, an export, new data.

    Exits with the code of the first that failed: 12 where the work failed, 11 where the time is up.
    """
    hint = "The server goes on with it. Say the same again to wait for it."
    with connected(session) as transport, hinting(hint), watching() as watch:
        outcomes = wait_all(transport, rq_ids, schedule=patience(deadline), progress=watch)
    rows: list[dict[str, object]] = []
    failed: list[object] = []
    for rq_id, outcome in zip(rq_ids, outcomes, strict=True):
        match outcome:
            case Success(work):
                rows.append(facts_of(work))
            case Failure(RequestFailed(work) as unmade):
                rows.append(facts_of(work))
                failed.append(unmade)
            case Failure(other):
                rows.append(unknown_work(rq_id, str(other)))
                failed.append(other)
    if look_of().json:
        show(rows)
    else:
        for row in rows:
            click.echo(readable(f"{row['status']} {row['rq_id']}"))
    for error in failed[1:]:
        say(str(error))
    if failed:
        raise Stopped(failed[0])
