"""Kinds of endpoints: what is asked of each, which of its requests a fault strikes, what it leaves.

Rule: a kind is data. What a server did is read off the sandbox's world, never off an answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, Generic, TypeAlias, TypeVar, cast
from zipfile import ZipFile

from attrs import frozen

from cvatfn import File, Transport, aio, call, collect, in_pages_of, paginate
from cvatfn.aio import AsyncTransport
from cvatfn.api import tasks
from cvatfn.messages import Request
from cvatfn.outcome import Outcome
from cvatfn.schedule import constant
from cvatfn.testing.sandbox import World
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.transfer.downloading import Saving, download_url
from cvatfn.transfer.exporting import Exporting, export
from cvatfn.transfer.flows import Effort
from cvatfn.transfer.sending import Uploading
from cvatfn.transfer.uploading import upload_data
from tests.transfer.uploads import contents, picture

__all__ = ["KINDS", "Ask", "Asked", "Await", "Kind", "Place", "Scene", "Seen", "asked_of"]

S = TypeVar("S", covariant=True)

NEW: Final = "made while something broke"
FILES: Final = tuple(picture(f"{number}.bmp", number) for number in range(3))
LONE: Final = (File("lone.bin", bytes(range(256)) * 4),)
PIECE: Final = 400
LARGEST: Final = 1 << 20


@frozen
class Place:
    """What is in the world before anything goes wrong.

    :param world: the world.
    :param full: a task with pictures, of which an export was made.
    :param empty: a task without data.
    :param ids: those of all tasks.
    :param path: where the export is to be had.
    :param content: what it is.
    """

    world: World
    full: int
    empty: int
    ids: tuple[int, ...]
    path: str
    content: bytes


@frozen
class Scene(Generic[S]):
    """What a kind is tried with.

    :param place: what is there.
    :param transport: leads over the hop, in a thread or in an event loop.
    :param folder: where files go.
    :param effort: how hard transfers try.
    :param looks: how often background work is looked at; it is over at the third time.
    """

    place: Place
    transport: S
    folder: Path
    effort: Effort
    looks: int

    @property
    def file(self) -> Path:
        """Where a download goes."""
        return self.folder / "all.zip"


Ask: TypeAlias = Callable[[Scene[Transport]], Outcome[object, object]]
Await: TypeAlias = Callable[[Scene[AsyncTransport]], Awaitable[Outcome[object, object]]]
Whole: TypeAlias = Callable[[Scene[object], World, object], bool]


@frozen
class Asked:
    """A request, as a client and a hop see it alike.

    :param method: its method.
    :param target: its path, and its query.
    :param fields: the names of its header fields, in lower case.
    """

    method: str
    target: str
    fields: frozenset[str]


def asked_of(request: Request) -> Asked:
    """A request, as a client and a server have it."""
    fields = frozenset(name.lower() for name, _ in request.headers)
    return Asked(request.method, request.target, fields)


@frozen
class Seen:
    """What the server shows of what it did.

    :param world: its world.
    :param granted: the requests that it answered with a 2xx.
    """

    world: World
    granted: tuple[Asked, ...]


@frozen
class Kind:
    """A kind of endpoint.

    :param name: for ids.
    :param title: for people.
    :param said: what is asked, and which request is struck.
    :param strikes: whether a request is the one that is struck.
    :param run: asks.
    :param awaited: the same, for event loops.
    :param whole: whether what came of it is what there was to be had.
    :param done: how often the server did what must not be done twice.
    :param tries: whether it tries again by design.
    :param struck_acts: whether it is the struck request that does so.
    """

    name: str
    title: str
    said: str
    strikes: Callable[[Asked], bool]
    run: Ask
    awaited: Await
    whole: Whole
    done: Callable[[Place, Seen], int] = lambda _place, _seen: 0
    tries: bool = False
    struck_acts: bool = False

    @property
    def unsafe(self) -> bool:
        """Whether there is something that must not be done twice."""
        return self.name not in ("retrieve", "list", "download")


def _created(_: Place, seen: Seen) -> int:
    return sum(task.name == NEW for task in seen.world.tasks.values())


def _deleted(place: Place, seen: Seen) -> int:
    return int(place.full not in seen.world.tasks)


def _uploaded(_: Place, seen: Seen) -> int:
    works = [each.work for each in seen.world.backgrounds.values()]
    held = sum(isinstance(work, CreateData) for work in works) - 1  # that of the full task
    begun = sum("upload-finish" in asked.fields for asked in seen.granted)
    assert held == min(begun, 1)
    return begun


def _exported(_: Place, seen: Seen) -> int:
    return sum(asked.method == "POST" and is_export(asked) for asked in seen.granted)


def is_export(asked: Asked) -> bool:
    """Whether it asks for an export."""
    return asked.target.partition("?")[0].endswith("/export")


def _arrived(files: tuple[File, ...]) -> Whole:
    def whole(_: Scene[object], world: World, begun: object) -> bool:
        work = world.backgrounds[str(getattr(begun, "rq_id", ""))].work
        assert isinstance(work, CreateData)
        came = sorted((file.name, file.content) for file in work.files)
        return came == sorted(contents(files).items())

    return whole


def _sending(scene: Scene[object], batch: int) -> Uploading:
    return Uploading(batch=batch, piece=PIECE, parallel=1, effort=scene.effort)


def _upload(files: tuple[File, ...], batch: int) -> Ask:
    return lambda scene: upload_data(
        scene.transport, scene.place.empty, files, None, _sending(scene, batch)
    )


def _upload_awaited(files: tuple[File, ...], batch: int) -> Await:
    return lambda scene: aio.upload_data(
        scene.transport, scene.place.empty, files, None, _sending(scene, batch)
    )


def _saving(scene: Scene[object]) -> Saving:
    return Saving(scene.file, effort=scene.effort, max_size=LARGEST)


def _exporting(scene: Scene[object]) -> Exporting:
    return Exporting(_saving(scene), waiting=constant(0.0, attempts=scene.looks))


def _export(scene: Scene[Transport]) -> Outcome[object, object]:
    endpoint, full = tasks.create_dataset_export, scene.place.full
    return export(scene.transport, endpoint, _exporting(scene), full, format="COCO 1.0")


def _export_awaited(scene: Scene[AsyncTransport]) -> Awaitable[Outcome[object, object]]:
    endpoint, full = tasks.create_dataset_export, scene.place.full
    return aio.export(scene.transport, endpoint, _exporting(scene), full, format="COCO 1.0")


def _is_listed(scene: Scene[object], _world: World, value: object) -> bool:
    return isinstance(value, tuple) and [
        getattr(task, "id", None)
        for task in cast("tuple[object, ...]", value)  # as `isinstance` says
    ] == list(scene.place.ids)


def _is_archive(scene: Scene[object], _world: World, _value: object) -> bool:
    with ZipFile(scene.file) as archive:
        return archive.testzip() is None and bool(archive.namelist())


KINDS: Final = (
    Kind(
        "retrieve",
        "JSON, safe",
        "`call(transport, tasks.retrieve, id)`; the one request",
        lambda asked: asked.method == "GET",
        lambda scene: call(scene.transport, tasks.retrieve, scene.place.full),
        lambda scene: aio.call(scene.transport, tasks.retrieve, scene.place.full),
        lambda scene, _world, value: getattr(value, "id", None) == scene.place.full,
    ),
    Kind(
        "list",
        "list",
        "`paginate(transport, tasks.list)` over three pages; the second",
        lambda asked: asked.method == "GET" and "page=2" in asked.target.split("&"),
        lambda scene: collect(paginate(scene.transport, in_pages_of(tasks.list, 10), sort="id")),
        lambda scene: aio.collect(
            aio.paginate(scene.transport, in_pages_of(tasks.list, 10), sort="id")
        ),
        _is_listed,
    ),
    Kind(
        "create",
        "JSON, not safe",
        "`call(transport, tasks.create, {...})`; the one request",
        lambda asked: asked.method == "POST",
        lambda scene: call(scene.transport, tasks.create, {"name": NEW}),
        lambda scene: aio.call(scene.transport, tasks.create, {"name": NEW}),
        lambda _scene, _world, value: getattr(value, "name", None) == NEW,
        _created,
        struck_acts=True,
    ),
    Kind(
        "delete",
        "without content, not safe",
        "`call(transport, tasks.destroy, id)`; the one request",
        lambda asked: asked.method == "DELETE",
        lambda scene: call(scene.transport, tasks.destroy, scene.place.full),
        lambda scene: aio.call(scene.transport, tasks.destroy, scene.place.full),
        lambda _scene, _world, value: value is None,
        _deleted,
        struck_acts=True,
    ),
    Kind(
        "multipart",
        "multipart",
        "`upload_data` of three pictures; the one request that has them all",
        lambda asked: "upload-multiple" in asked.fields,
        _upload(FILES, 1 << 20),
        _upload_awaited(FILES, 1 << 20),
        _arrived(FILES),
        _uploaded,
        tries=True,
    ),
    Kind(
        "announce",
        "TUS, begin",
        "`upload_data` of a file in three pieces; the POST that announces it",
        lambda asked: "upload-length" in asked.fields,
        _upload(LONE, 1),
        _upload_awaited(LONE, 1),
        _arrived(LONE),
        _uploaded,
        tries=True,
    ),
    Kind(
        "piece",
        "TUS, piece",
        "the same; the PATCH that sends a piece",
        lambda asked: asked.method == "PATCH",
        _upload(LONE, 1),
        _upload_awaited(LONE, 1),
        _arrived(LONE),
        _uploaded,
        tries=True,
    ),
    Kind(
        "download",
        "download",
        "`download_url` to a file; the one request",
        lambda asked: "/dataset/download" in asked.target,
        lambda scene: download_url(scene.transport, scene.place.path, _saving(scene)),
        lambda scene: aio.download_url(scene.transport, scene.place.path, _saving(scene)),
        lambda scene, _world, _value: scene.file.read_bytes() == scene.place.content,
        tries=True,
    ),
    Kind(
        "start",
        "long work, start",
        "`export` of a task, from start to file; the POST that starts the work",
        lambda asked: asked.method == "POST" and is_export(asked),
        _export,
        _export_awaited,
        _is_archive,
        _exported,
        tries=True,
        struck_acts=True,
    ),
    Kind(
        "look",
        "long work, look",
        "the same; the GET that asks whether it is done",
        lambda asked: asked.method == "GET" and asked.target.startswith("/api/requests"),
        _export,
        _export_awaited,
        _is_archive,
        _exported,
        tries=True,
    ),
)
