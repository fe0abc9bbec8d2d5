"""Files that the server has to make first: started, waited for, downloaded.

Rule: one export at a time is made of the same thing; who asks for it while it is made joins in. The
same function serves datasets, annotations, backups and events: the endpoint says which.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeAlias

from attrs import field, frozen

from cvatfn import models
from cvatfn.endpoints import Endpoint
from cvatfn.errors import InvalidParams
from cvatfn.flows import Flow, done
from cvatfn.messages import Request
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.outdated import explained
from cvatfn.polling import WAITING, PollTimedOut, RequestFailed, all_awaited
from cvatfn.preparing import prepare
from cvatfn.schedule import Schedule
from cvatfn.transfer.downloading import Download, Saving, To, in_the_way, saved_url, saving_of
from cvatfn.transfer.errors import Implausible, TransferError
from cvatfn.transfer.flows import led
from cvatfn.transfer.partial import disk_error
from cvatfn.transfer.progress import finishing
from cvatfn.transfer.starting import started
from cvatfn.transport.types import Transport

__all__ = ["ExportError", "Exported", "Exporting", "export", "exported", "exporting_of"]

P = ParamSpec("P")

ExportError: TypeAlias = TransferError | RequestFailed | PollTimedOut
"""Why there is no export."""


@frozen
class Exporting:
    """Where an export goes, and how long it may take.

    :param saving: where the file goes, and how.
    :param waiting: when to look whether it is made.
    :param watch: is told of the work at each look.
    """

    saving: Saving
    waiting: Schedule = field(default=WAITING, kw_only=True)
    watch: Callable[[models.Request], object] | None = field(default=None, kw_only=True)


@frozen
class Exported:
    """An export that was made.

    :param request: the work that made it.
    :param file: the file; `None` where it went to a cloud storage.
    """

    request: models.Request
    file: Download | None


def export(
    transport: Transport,
    endpoint: Endpoint[P, models.RqId],
    to: To | Exporting,
    /,
    *args: P.args,
    **params: P.kwargs,
) -> Outcome[Exported, ExportError]:
    """Have the server make a file, wait for it and download it.

    :param transport: what sends.
    :param endpoint: what to export: `tasks.create_dataset_export`, `projects.create_backup_export`,
        `events.create_export` and their like.
    :param to: where the file goes: a path, a folder for the server's name, an open file, a `Saving`
        or an `Exporting`. With `location="cloud_storage"` nothing comes here.
    :param args: the endpoint's parameters.
    :param params: the same, by name: `format`, `save_images`, `filename`, `location` ...
    :returns: the file and the work that made it; or why there is none: a `RequestFailed` has the
        server's own words.

    >>> from cvatfn.api import tasks
    >>> from cvatfn.messages import Response
    >>> from cvatfn import in_memory
    >>> busy = in_memory(lambda request: Response(403, body=b'{"detail":"Not yours."}'))
    >>> export(busy, tasks.create_dataset_export, "cats.zip", 7, format="COCO 1.0").failure().detail
    'Not yours.'
    """
    flow = exported(endpoint, to, prepare(endpoint, *args, **params))
    return led(flow, transport, exporting_of(to).saving.effort)


def exported(
    endpoint: Endpoint[..., models.RqId],
    to: To | Exporting,
    prepared: Outcome[Request, InvalidParams],
) -> Flow[Outcome[Exported, ExportError]]:
    """The same as a flow.

    :param endpoint: what to export.
    :param to: where the file goes.
    :param prepared: what `prepare` made of the endpoint's parameters.
    """
    how = exporting_of(to)
    with finishing(how.saving.progress):
        match prepared:
            case Failure() as refused:
                return refused
            case Success(request):
                pass
        try:  # known before the server works for nothing
            taken = yield from done(lambda: in_the_way(how.saving))
        except (OSError, TypeError, ValueError) as error:  # a name too long, a NUL in it
            return Failure(disk_error(how.saving.to, error))
        if taken is not None:
            return Failure(taken)
        return (yield from _exported(endpoint, how, request))


def exporting_of(to: To | Exporting) -> Exporting:
    """Where an export goes, with all that may be said of it.

    :param to: where it goes.
    """
    return to if isinstance(to, Exporting) else Exporting(saving_of(to))


def _exported(
    endpoint: Endpoint[..., models.RqId], how: Exporting, request: Request
) -> Flow[Outcome[Exported, ExportError]]:
    effort = how.saving.effort
    outcome = yield from started(effort, endpoint, request)
    match (yield from explained(endpoint, request, outcome)):
        case Failure() as unstarted:
            return unstarted
        case Success(begun):
            pass
    (made,) = yield from all_awaited([begun], how.waiting, how.watch, effort.clock, effort.random)
    match made:
        case Failure() as unmade:
            return unmade
        case Success(work) if work.result_url:
            match (yield from saved_url(work.result_url, how.saving)):
                case Failure() as lost:
                    return lost
                case Success(file):
                    return Success(Exported(work, file))
        case Success(work) if _into_cloud(request.query):
            return Success(Exported(work, None))
        case Success():
            return Failure(Implausible(endpoint.name, "it made a file, but does not say where"))


def _into_cloud(query: tuple[tuple[str, str], ...]) -> bool:
    """Whether the file went elsewhere: so it was asked, or so the project or task is set up."""
    return ("location", "local") not in query
