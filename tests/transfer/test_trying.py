"""A transfer tries again by its own schedule: a transport that tries again adds nothing to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from attrs import define, field

from cvatfn import File, Transport
from cvatfn.api import tasks
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome, Success
from cvatfn.schedule import constant
from cvatfn.transfer import Exporting, Importing, Saving, Uploading, export, upload_data
from cvatfn.transfer.downloading import download_url
from cvatfn.transfer.importing import import_dataset
from cvatfn.transport import retrying
from tests.transfer.downloads import URL, hurried

Transfer: TypeAlias = Callable[[Transport, Path], Outcome[object, object]]
TRIES = 3
EFFORT = hurried(TRIES)


@define
class Down:
    """A server that is down, and counts."""

    requests: list[Request] = field(factory=list[Request])

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        self.requests.append(request)
        return Success(Response(503))


def _always(_: Request, __: Outcome[Response, TransportError]) -> bool:
    return True


def _upload(transport: Transport, _: Path) -> Outcome[object, object]:
    return upload_data(transport, 1, [File("a", b"a")], {}, Uploading(effort=EFFORT))


def _import(transport: Transport, _: Path) -> Outcome[object, object]:
    dataset = Importing(File("a.zip", b"a"), effort=EFFORT)
    return import_dataset(transport, 1, dataset, "COCO 1.0")


def _export(transport: Transport, to: Path) -> Outcome[object, object]:
    how = Exporting(Saving(to, effort=EFFORT))
    return export(transport, tasks.create_dataset_export, how, 1, format="COCO 1.0")


def _download(transport: Transport, to: Path) -> Outcome[object, object]:
    return download_url(transport, URL, Saving(to, effort=EFFORT))


@pytest.mark.parametrize("transfer", [_upload, _import, _export, _download])
def test_the_transports_own_retries_do_not_multiply_those_of_a_transfer(
    transfer: Transfer, tmp_path: Path
) -> None:
    server = Down()
    patient = retrying(server, constant(0, attempts=5), when=_always)
    transfer(patient, tmp_path / "a.zip").failure()
    assert len(server.requests) == TRIES
