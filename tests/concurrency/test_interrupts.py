"""Ctrl-C at every touch of sockets and files: passed on, no broken file, no held connection."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from attrs import frozen

from cvatfn import (
    File,
    call,
    connect,
    download,
    export,
    paginate,
    prefetching,
    stream,
    upload_data,
)
from cvatfn.api import jobs, tasks
from cvatfn.api import server as about
from cvatfn.testing.sandbox import Sandbox, serve
from cvatfn.transfer.downloading import Saving
from cvatfn.transfer.exporting import Exporting
from cvatfn.transfer.importing import Importing, import_annotations
from cvatfn.transfer.sending import Uploading
from cvatfn.transport import Connection, recorded, replayed
from tests.concurrency.interrupting import interrupted_everywhere, links
from tests.soak.actors import SOON
from tests.transfer.downloads import furnished, hurried
from tests.transfer.uploads import ADA, HURRIED, contents, new_task, picture, received

pytestmark = [
    pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="sockets cannot be counted"),
    # Where an interrupt strikes between a socket and its object, only the collector can close it.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

AFTER: Final = pytest.mark.parametrize("after", [False, True], ids=["before", "after"])


@frozen
class Place:
    """A sandbox that is served, with a task in it that has pictures and a job."""

    sandbox: Sandbox
    url: str
    task: int
    job: int

    @property
    def links(self) -> int:
        """How many sockets are connected to it."""
        return links(urlsplit(self.url).port or 0)


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    made = furnished()
    with serve(made.sandbox) as url:
        yield Place(made.sandbox, url, made.task, made.job)


@pytest.fixture
def cvat(place: Place) -> Iterator[Connection]:
    """A connection; no socket and no thread is left of it in the end."""
    with connect(place.url, auth=ADA, timeout=30) as connection:
        yield connection
    for thread in threading.enumerate():
        if thread.name.startswith("cvatfn"):
            thread.join(60)
            assert not thread.is_alive()
    assert place.links == 0


def struck(
    run: Callable[[], object], cvat: Connection, place: Place, *, after: bool, stride: int = 2
) -> list[str]:
    """Interrupt something everywhere; after each time the connection has no link in doubt."""
    where: list[str] = []
    for each in interrupted_everywhere(run, after=after, stride=stride):
        where.append(each)
        assert place.links <= 1, each
        assert call(cvat, about.retrieve_about).unwrap().name == "CVAT sandbox", each
    assert len(where) >= 3
    return where


@AFTER
def test_a_call(after: bool, cvat: Connection, place: Place) -> None:
    where = struck(
        lambda: call(cvat, tasks.retrieve, place.task).unwrap(),
        cvat,
        place,
        after=after,
        stride=1,
    )
    assert any("recv_into" in each for each in where)
    assert any("send" in each for each in where)


@AFTER
def test_a_connection_that_is_made(after: bool, cvat: Connection, place: Place) -> None:
    def run() -> None:
        with connect(place.url, auth=ADA, timeout=30) as fresh:
            call(fresh, tasks.retrieve, place.task).unwrap()

    assert any("connect" in each for each in struck(run, cvat, place, after=after))


@AFTER
@pytest.mark.parametrize("ahead", [0, 2])
def test_a_walk_over_pages(after: bool, ahead: int, cvat: Connection) -> None:
    walked: list[int] = []
    for _ in range(3):
        call(cvat, tasks.create, {"name": "more"}).unwrap()

    def run() -> None:
        walked.clear()
        listing = prefetching(tasks.list, ahead)
        walked.extend(task.unwrap().id for task in islice(paginate(cvat, listing, page_size=1), 4))

    for _ in interrupted_everywhere(run, after=after, stride=5):
        assert call(cvat, about.retrieve_about).unwrap().name == "CVAT sandbox"
    assert len(walked) == 4


@AFTER
def test_a_stream(after: bool, cvat: Connection, place: Place) -> None:
    whole = call(cvat, tasks.retrieve_preview, place.task).unwrap()
    got: list[bytes] = []

    def run() -> None:
        with stream(cvat, tasks.retrieve_preview, place.task).unwrap() as pieces:
            got[:] = [piece.unwrap() for piece in pieces]

    struck(run, cvat, place, after=after)
    assert b"".join(got) == whole


@AFTER
def test_a_download(after: bool, cvat: Connection, place: Place, tmp_path: Path) -> None:
    whole = call(
        cvat, tasks.retrieve_data, place.task, type="frame", number=0, quality="original"
    ).unwrap()
    to = tmp_path / "frame.png"

    def run() -> None:
        to.unlink(missing_ok=True)
        download(
            cvat,
            tasks.retrieve_data,
            Saving(to, effort=hurried()),
            place.task,
            type="frame",
            number=0,
            quality="original",
        ).unwrap()

    for where in interrupted_everywhere(run, after=after, stride=3):
        assert not to.exists() or to.read_bytes() == whole, where
        assert place.links <= 1, where
    assert [path.name for path in tmp_path.iterdir()] == [to.name]
    assert to.read_bytes() == whole


@AFTER
def test_an_export(after: bool, cvat: Connection, place: Place, tmp_path: Path) -> None:
    made: list[Path] = []

    def run() -> None:
        to = tmp_path / f"{len(made)}.zip"
        made.append(to)
        how = Exporting(Saving(to, effort=hurried()), waiting=SOON)
        export(cvat, tasks.create_dataset_export, how, place.task, format="COCO 1.0").unwrap()

    for where in interrupted_everywhere(run, after=after, stride=11):
        assert place.links <= 1, where
    last = made[-1].read_bytes()
    assert last.endswith(b"PK\x05\x06" + last[-18:])
    for to in made[:-1]:
        assert not to.exists() or to.read_bytes()[-22:-18] == b"PK\x05\x06"
    parts = {path.name for path in tmp_path.iterdir()} - {to.name for to in made}
    for to in made:  # what is left is what can be gone on with: the same call ends it
        parts = {name for name in parts if not name.startswith(f".{to.name}.")}
    assert not parts


FILES: Final = [
    picture("a.bmp", 1),
    picture("b.bmp", 2),
    File("folder/c.bmp", picture("c.bmp", 3).content, "image/bmp"),
]


@AFTER
@pytest.mark.parametrize("parallel", [1, 2])
def test_an_upload_in_batches_and_in_pieces(
    after: bool, parallel: int, cvat: Connection, place: Place, tmp_path: Path
) -> None:
    journal = tmp_path / "journal"
    options = Uploading(piece=40, parallel=parallel, journal=journal, effort=HURRIED)

    def send(task: int) -> None:
        begun = upload_data(cvat, task, FILES, None, options).unwrap()
        assert received(place.sandbox, begun.rq_id) == sorted(contents(FILES).items())

    given: list[int] = []

    def run() -> None:
        given.append(new_task(cvat))
        send(given[-1])

    begun_anew = 0
    for where in interrupted_everywhere(run, after=after, stride=29 if parallel == 1 else 7):
        assert place.links <= parallel, where
        if journal.exists():
            send(given[-1])  # a second run ends whole
            begun_anew += 1
        assert not journal.exists(), where
    assert begun_anew
    assert not list(tmp_path.iterdir())


@AFTER
def test_an_import(after: bool, cvat: Connection, place: Place, tmp_path: Path) -> None:
    content = (
        b'<annotations><version>1.1</version><image id="0" name="0.png" width="40" height="30">'
        b'<box label="cat" source="manual" occluded="0" xtl="1" ytl="2" xbr="3" ybr="4" '
        b'z_order="0"></box></image></annotations>'
    )
    path, journal = tmp_path / "a.xml", tmp_path / "journal"
    path.write_bytes(content)
    how = Importing(path, piece=100, journal=journal, effort=HURRIED)

    def run() -> None:
        import_annotations(
            cvat, tasks.create_annotations, how, place.task, format="CVAT 1.1"
        ).unwrap()

    for where in interrupted_everywhere(run, after=after, stride=37):
        assert place.links <= 1, where
        run()
        assert not journal.exists(), where
    assert call(cvat, jobs.retrieve_annotations, place.job).unwrap().shapes


@AFTER
def test_a_recording(after: bool, cvat: Connection, tmp_path: Path) -> None:
    path = tmp_path / "it.jsonl"

    def run() -> None:
        call(recorded(cvat, path), about.retrieve_about).unwrap()

    for _ in interrupted_everywhere(run, after=after):
        pass
    run()
    assert call(replayed(path), about.retrieve_about).unwrap().name == "CVAT sandbox"
