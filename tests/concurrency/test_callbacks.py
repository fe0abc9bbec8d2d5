"""What a caller's own functions raise goes through, whatever it is, and leaves nothing held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeAlias

import pytest
from attrs import evolve

from cvatfn import call, connect, download, export, models, upload_data, wait_for
from cvatfn.api import server as about
from cvatfn.api import tasks
from cvatfn.messages import Request, Response
from cvatfn.outcome import Success
from cvatfn.testing.sandbox import serve
from cvatfn.transfer.downloading import Saving
from cvatfn.transfer.exporting import Exporting
from cvatfn.transfer.holding import held
from cvatfn.transfer.importing import Importing, restore_task
from cvatfn.transfer.progress import Counting
from cvatfn.transfer.sending import Uploading
from cvatfn.transport import Connection
from tests.concurrency.test_interrupts import Place
from tests.soak.actors import SOON
from tests.transfer.downloads import furnished
from tests.transfer.uploads import ADA, HURRIED, new_task, picture

RAISED: Final = (GeneratorExit, MemoryError, KeyboardInterrupt, OSError, ValueError)

Asking: TypeAlias = Callable[[Connection, Place, Path, Callable[[], None]], object]


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    made = furnished()
    with serve(made.sandbox) as url:
        yield Place(made.sandbox, url, made.task, made.job)


class Telling(Counting):
    """A progress that raises when the first piece is through."""

    def __init__(self, fail: Callable[[], None]) -> None:
        super().__init__()
        self._fail = fail

    def advance(self, count: int, /) -> None:
        del count
        self._fail()


def uploading(cvat: Connection, _: Place, folder: Path, fail: Callable[[], None]) -> object:
    options = Uploading(
        batch=1, piece=40, journal=folder / "journal", effort=HURRIED, progress=Telling(fail)
    )
    files = [picture(f"{number}.bmp", number) for number in range(3)]
    return upload_data(cvat, new_task(cvat), files, None, options)


def uploading_together(cvat: Connection, _: Place, __: Path, fail: Callable[[], None]) -> object:
    files = [picture(f"{number}.bmp", number) for number in range(3)]
    return upload_data(
        cvat, new_task(cvat), files, None, Uploading(effort=HURRIED, progress=Telling(fail))
    )


def downloading(cvat: Connection, place: Place, folder: Path, fail: Callable[[], None]) -> object:
    saving = Saving(folder / "it", effort=HURRIED, progress=Telling(fail))
    return download(cvat, tasks.retrieve_preview, saving, place.task)


def exporting(cvat: Connection, place: Place, folder: Path, fail: Callable[[], None]) -> object:
    def watch(_: models.Request) -> None:
        fail()

    how = Exporting(Saving(folder / "it", effort=HURRIED), waiting=SOON, watch=watch)
    return export(cvat, tasks.create_backup_export, how, place.task)


def importing(cvat: Connection, _: Place, folder: Path, fail: Callable[[], None]) -> object:
    how = Importing(
        b"x" * 99, piece=50, journal=folder / "j", effort=HURRIED, progress=Telling(fail)
    )
    return restore_task(cvat, how)


def waiting(cvat: Connection, place: Place, _: Path, fail: Callable[[], None]) -> object:
    begun = call(cvat, tasks.create_backup_export, place.task).unwrap()

    def sleep(_: float) -> None:
        fail()

    return wait_for(cvat, begun, schedule=SOON, sleep=sleep, progress=lambda _: fail())


def pausing(cvat: Connection, place: Place, folder: Path, fail: Callable[[], None]) -> object:
    """The clock of a transfer, where it has to wait."""

    def sleep(_: float) -> None:
        fail()

    def busy(_: Request) -> Success[Response]:
        return Success(Response(503))

    del cvat
    saving = Saving(folder / "it", effort=evolve(HURRIED, sleep=sleep))
    return download(busy, tasks.retrieve_preview, saving, place.task)


@pytest.mark.parametrize("raised", RAISED)
@pytest.mark.parametrize(
    "ask",
    [uploading, uploading_together, downloading, exporting, importing, waiting, pausing],
)
def test_what_is_raised_goes_through_and_nothing_is_held(
    ask: Asking, raised: type[BaseException], place: Place, tmp_path: Path
) -> None:
    error = raised("the caller's own")

    def fail() -> None:
        raise error

    with connect(place.url, auth=ADA, timeout=30) as cvat:
        with pytest.raises(raised) as caught:
            ask(cvat, place, tmp_path, fail)
        assert caught.value is error
        assert call(cvat, about.retrieve_about).unwrap().name == "CVAT sandbox"
        assert place.links <= 2
        assert not (tmp_path / "it").exists()
    assert place.links == 0
    for path in tmp_path.iterdir():  # it is no longer held: another process could go on with it
        assert path.name in ("j", "journal")
        with path.open("rb") as journal:
            assert held(journal)
