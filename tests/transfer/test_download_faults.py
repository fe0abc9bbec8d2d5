"""Downloads over a bad network, each of them whole, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from PIL import Image

from cvatfn import File, Transport, call, connect, follow, models
from cvatfn.api import requests, tasks
from cvatfn.auth import Basic
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.testing.sandbox import Sandbox, World, serve
from cvatfn.transfer.downloading import Saving, download_url
from cvatfn.transfer.exporting import Exporting, export
from cvatfn.transfer.progress import Counting
from tests.hop.faults import Faults
from tests.hop.hop import Hop
from tests.sandbox.kit import make_task, settle
from tests.transfer.downloads import hurried

DOWNLOADS: Final = 100
ADA: Final = Basic("ada", "s3cret")
KINDS: Final = (
    "Refuse",
    "CutRequest",
    "CutRequestUnseen",
    "CutAnswer",
    "DropAnswer",
    "Status",
    "StatusAfter",
    "Delay",
)


def faults(seed: int) -> Faults:
    return Faults(
        seed=seed,
        refuse=0.06,
        cut_requests=0.06,
        cut_requests_unseen=0.06,
        cut_answers=0.3,
        drop_answers=0.06,
        status=0.06,
        status_after=0.06,
        delay=0.04,
        in_a_row=9,
    )


def noisy(name: str, size: int) -> File:
    """A picture that does not compress."""
    drawn = random.Random(7).randbytes(size * size * 3)  # noqa: S311 - the same in each run
    written = BytesIO()
    Image.frombytes("RGB", (size, size), drawn).save(written, "PNG")
    return File(name, written.getvalue(), "image/png")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A sandbox with a task whose export is larger than a piece of a stream."""
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    with serve(sandbox) as address:
        with connect(address, auth=ADA) as ada:
            make_task(ada, [noisy("noise.png", 1000)])
        yield address


def exported(transport: Transport) -> models.Request:
    begun = call(
        transport, tasks.create_dataset_export, 1, format="COCO 1.0", save_images=True
    ).unwrap()
    return settle(transport, begun.rq_id)


def test_a_hundred_downloads_arrive_whole(tmp_path: Path, url: str) -> None:
    with connect(url, auth=ADA) as ada:
        made = exported(ada).result_url or ""
        path = made.removeprefix(url)
        whole = plainly(ada, path)
    assert len(whole) > 2 << 20
    asked: list[str | None] = []
    hop = Hop(url, faults(1))
    with hop as address, connect(address, auth=ADA) as ada:
        for number in range(DOWNLOADS):
            counting = Counting()
            to = tmp_path / f"{number}.zip"
            saving = Saving(to, effort=hurried(60), progress=counting)
            found = download_url(watching(ada, asked), path, saving).unwrap()
            assert found.size == counting.done == len(whole)
            assert to.read_bytes() == whole
            to.unlink()
            assert not list(tmp_path.iterdir())
    assert all(hop.done[kind] >= 5 for kind in KINDS), hop.done
    resumed = [each for each in asked if each is not None]
    assert len(resumed) >= 20
    assert len(set(resumed)) >= 2  # from more than one place


def watching(transport: Transport, asked: list[str | None]) -> Transport:
    """A transport that notes which ranges are asked for."""

    def watched(request: Request) -> Outcome[Response, TransportError]:
        asked.append(request.headers.get("range"))
        return transport(request)

    return watched


def plainly(transport: Transport, path: str) -> bytes:
    return follow(transport, path).unwrap().body


def test_exports_from_start_to_end(tmp_path: Path, url: str) -> None:
    hop = Hop(url, faults(2))
    with hop as address, connect(address, auth=ADA) as ada:
        for number in range(20):
            to = tmp_path / f"{number}.zip"
            how = Exporting(Saving(to, effort=hurried(60)))
            done = export(
                ada, tasks.create_dataset_export, how, 1, format="COCO 1.0", save_images=True
            ).unwrap()
            assert done.file is not None
            with connect(url, auth=ADA) as straight:
                again = call(straight, requests.retrieve, done.request.id).unwrap()
                plain = plainly(straight, (again.result_url or "").removeprefix(address))
            assert to.read_bytes() == plain
    assert sum(hop.done[kind] for kind in KINDS) >= 20
