"""The whole state of a sandbox as one value.

Rule: a world is never changed, only followed by another one. Its mappings are dicts that nobody
writes to; `put` and `dropped` make new ones and share what they hold, images above all. The clock
and the source of secrets are fields of it, so that the same world and request always give the same
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, Literal, TypeAlias, TypeVar
from uuid import UUID

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.codecs.secrets import mask

__all__ = [
    "NOTHING",
    "Account",
    "Arriving",
    "Background",
    "BrowserSession",
    "CloudStorage",
    "CreateData",
    "Credential",
    "Delivery",
    "Export",
    "ExportBackup",
    "ExportDataset",
    "ExportEvents",
    "Frame",
    "Import",
    "ImportAnnotations",
    "ImportBackup",
    "ImportDataset",
    "Job",
    "Key",
    "Media",
    "Project",
    "Received",
    "Result",
    "StoredLabel",
    "Task",
    "Upload",
    "Work",
    "World",
    "dropped",
    "labels_of",
    "put",
    "secret",
    "storages_of",
    "unique",
]

K = TypeVar("K")
V = TypeVar("V")

NOTHING: Final = models.LabeledData(version=0, tags=(), shapes=(), tracks=(), intervals=())
"""The annotations of what has none."""

Credential: TypeAlias = tuple[str, str | bytes]
"""A part of what opens a cloud storage: its name in the request, and a text or a file."""

BIRTH: Final = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
"""When a world's clock starts, unless told otherwise."""


@frozen(kw_only=True)
class Account:
    """A person with a login."""

    id: int
    username: str
    password: str = field(repr=mask)
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    is_superuser: bool = False
    joined: datetime = BIRTH
    last_login: datetime | None = None


@frozen
class BrowserSession:
    """Whose session a cookie stands for, and the token that its writes must repeat."""

    user: int
    csrftoken: str = field(repr=mask)


@frozen(kw_only=True)
class Key:
    """A personal access token."""

    id: int
    user: int
    name: str
    value: str = field(repr=mask)
    read_only: bool
    created: datetime
    updated: datetime
    expiry: datetime | None = None
    last_used: datetime | None = None


@frozen(kw_only=True)
class CloudStorage:
    """A bucket or container that was connected; its files are in `World.clouds`."""

    id: int
    owner: int | None
    provider_type: models.ProviderTypeEnum
    resource: str
    display_name: str
    credentials_type: models.CredentialsTypeEnum
    credentials: tuple[Credential, ...] = field(default=(), repr=mask)
    specific_attributes: str = ""
    description: str = ""
    manifests: tuple[str, ...] = ()
    created: datetime
    updated: datetime


@frozen(kw_only=True)
class Project:
    """A group of tasks that have their labels in common."""

    id: int
    name: str
    owner: int
    assignee: int | None = None
    assigned: datetime | None = None
    bug_tracker: str = ""
    created: datetime
    updated: datetime
    source_storage: models.Storage | None = None
    target_storage: models.Storage | None = None


@frozen(kw_only=True)
class Task:
    """A task; its media come later, its jobs with them."""

    id: int
    name: str
    owner: int
    project: int | None = None
    assignee: int | None = None
    assigned: datetime | None = None
    bug_tracker: str = ""
    subset: str = ""
    segment_size: int = 0
    overlap: int | None = None
    created: datetime
    updated: datetime
    media: Media | None = None
    source_storage: models.Storage | None = None
    target_storage: models.Storage | None = None


@frozen
class Received:
    """A file that the sandbox holds."""

    name: str
    content: bytes = field(repr=False)
    content_type: str = "application/octet-stream"


@frozen
class Frame:
    """One image, as it was uploaded, and the images that go with it as its context."""

    name: str
    width: int
    height: int
    content: bytes = field(repr=False)
    related: tuple[Received, ...] = ()


@frozen(kw_only=True)
class Media:
    """The images of a task, in the order of their frames."""

    id: int
    frames: tuple[Frame, ...]
    image_quality: int
    chunk_size: int
    start_frame: int
    stop_frame: int
    frame_filter: str
    created: datetime
    deleted: tuple[int, ...] = ()
    storage: models.StorageType = models.StorageType.LOCAL
    cloud: int | None = None


@frozen(kw_only=True)
class StoredLabel:
    """A label of a task or of a project; elements of skeletons have a parent."""

    id: int
    task: int | None
    project: int | None = None
    name: str
    color: str
    type: models.LabelType
    svg: str = ""
    parent: int | None = None
    attributes: tuple[models.Attribute, ...] = ()


@frozen(kw_only=True)
class Job:
    """A stretch of a task's frames, and what was annotated there."""

    id: int
    task: int
    start: int
    stop: int
    created: datetime
    updated: datetime
    assignee: int | None = None
    assigned: datetime | None = None
    stage: models.JobStage = models.JobStage.ANNOTATION
    state: models.OperationStatus = models.OperationStatus.NEW
    annotations: models.LabeledData = NOTHING


@frozen
class Upload:
    """Files received for a task whose upload is under way."""

    files: tuple[Received, ...] = ()


@frozen(kw_only=True)
class Arriving:
    """A file that comes in pieces, and is not whole yet.

    :param task: the task whose data it is one of; `None` for a file that is to be imported.
    """

    user: int
    task: int | None
    name: str
    length: int
    offset: int = 0
    pieces: tuple[bytes, ...] = field(default=(), repr=False)


@frozen
class CreateData:
    """Make frames and jobs of uploaded files.

    :param unfinished: names of files that were begun and did not become whole.
    """

    task: int
    settings: models.DataRequest
    files: tuple[Received, ...]
    unfinished: tuple[str, ...] = ()


@frozen
class Delivery:
    """Where the file of an export goes: to who follows a link, or into a cloud storage.

    :param origin: where the sandbox was asked; the link begins with it.
    :param filename: the name that was wished for.
    :param cloud: the id of a cloud storage.
    """

    origin: str
    filename: str | None = None
    cloud: int | None = None


@frozen(kw_only=True)
class ExportDataset:
    """Write the annotations of a project, task or job into a file, with or without images."""

    target: Literal["project", "task", "job"]
    id: int
    format: str
    save_images: bool
    delivery: Delivery


@frozen(kw_only=True)
class ExportBackup:
    """Write all of a project or task into a file it can be restored from."""

    target: Literal["project", "task"]
    id: int
    delivery: Delivery


@frozen(kw_only=True)
class ExportEvents:
    """Write what happened into a table.

    :param id: sets one export apart from the next.
    """

    id: str
    wanted: Mapping[str, int]
    since: datetime | None
    until: datetime | None
    delivery: Delivery


@frozen(kw_only=True)
class ImportAnnotations:
    """Read annotations from a file into a task or job, in place of those it has or beside them."""

    target: Literal["task", "job"]
    id: int
    format: str
    append: bool
    file: Received


@frozen(kw_only=True)
class ImportDataset:
    """Read images and annotations from a file into a project, as a new task."""

    project: int
    format: str
    file: Received


@frozen(kw_only=True)
class ImportBackup:
    """Make a project or task anew from a backup."""

    target: Literal["project", "task"]
    file: Received


Export: TypeAlias = ExportDataset | ExportBackup | ExportEvents
Import: TypeAlias = ImportAnnotations | ImportDataset | ImportBackup
Work: TypeAlias = CreateData | Export | Import


@frozen
class Result:
    """A file that background work made."""

    name: str
    content: bytes = field(repr=False)
    made: datetime
    content_type: str = "application/zip"


@frozen(kw_only=True)
class Background:
    """Work that the server does by itself: queued, then started, then finished or failed."""

    id: str
    user: int
    work: Work
    created: datetime
    finished: datetime | None = None
    failure: str | None = None
    result: Result | None = None
    result_id: int | None = None


@frozen(kw_only=True)
class World:
    """Everything a sandbox knows.

    :param now: the clock; each step moves it on by `tick`, and anyone may set it.
    :param tick: how long a request takes, on that clock.
    :param seed: what ids of requests and secrets are made from.
    :param steps: how many requests were answered.
    :param origin: where the sandbox believes to be, unless a request has a `Host`.
    :param uploads: by task, the files of its data that are whole.
    :param arriving: by the path of their pieces, files that are not whole yet.
    :param received: by the same path, files that are whole and wait to be imported.
    :param share: by path, the files of the server's own share.
    :param web: by URL, what the sandbox finds when it fetches remote files.
    :param storages: by id, what is known of cloud storages.
    :param clouds: by id, cloud storages; each by key, its files. One of which nothing else is known
        is nobody's.

    >>> world = World.with_user("ada", "s3cret")
    >>> [account.username for account in world.accounts.values()], world.now.year
    (['ada'], 2026)
    >>> "s3cret" in repr(world)
    False
    """

    now: datetime = BIRTH
    tick: timedelta = timedelta(milliseconds=20)
    seed: str = field(default="sandbox", repr=mask)
    steps: int = 0
    origin: str = "http://localhost:8080"
    version: str = "2.80.0"
    ids: Mapping[str, int] = field(factory=dict[str, int])
    accounts: Mapping[int, Account] = field(factory=dict[int, Account])
    sessions: Mapping[str, BrowserSession] = field(factory=dict[str, BrowserSession], repr=mask)
    tokens: Mapping[str, int] = field(factory=dict[str, int], repr=mask)
    keys: Mapping[int, Key] = field(factory=dict[int, Key])
    projects: Mapping[int, Project] = field(factory=dict[int, Project])
    tasks: Mapping[int, Task] = field(factory=dict[int, Task])
    labels: Mapping[int, StoredLabel] = field(factory=dict[int, StoredLabel])
    jobs: Mapping[int, Job] = field(factory=dict[int, Job])
    uploads: Mapping[int, Upload] = field(factory=dict[int, Upload])
    arriving: Mapping[str, Arriving] = field(factory=dict[str, Arriving])
    received: Mapping[str, Received] = field(factory=dict[str, Received])
    share: Mapping[str, bytes] = field(factory=dict[str, bytes], repr=False)
    web: Mapping[str, bytes] = field(factory=dict[str, bytes], repr=False)
    storages: Mapping[int, CloudStorage] = field(factory=dict[int, CloudStorage])
    clouds: Mapping[int, Mapping[str, bytes]] = field(
        factory=dict[int, Mapping[str, bytes]], repr=False
    )
    backgrounds: Mapping[str, Background] = field(factory=dict[str, Background])

    @staticmethod
    def empty() -> World:
        """A world without anyone in it; only what needs no login answers."""
        return World()

    @staticmethod
    def with_user(username: str, password: str, *, is_superuser: bool = True) -> World:
        """A world with one person in it.

        :param username: the name to log in with.
        :param password: the password; it is kept as it is, and never shown.
        :param is_superuser: whether that person may do and see everything.
        """
        return World().joined(username, password, is_superuser=is_superuser)

    def joined(
        self, username: str, password: str, *, is_superuser: bool = False, email: str = ""
    ) -> World:
        """Make the world that has one person more.

        :param username: the name to log in with.
        :param password: the password.
        :param is_superuser: whether that person may do and see everything.
        :param email: the address.

        >>> sorted(World.with_user("ada", "x").joined("bob", "y").accounts)
        [1, 2]
        """
        world, number = self.numbered("user")
        account = Account(
            id=number,
            username=username,
            password=password,
            email=email or f"{username}@sandbox.example",
            is_superuser=is_superuser,
            joined=self.now,
        )
        return evolve(world, accounts=put(world.accounts, number, account))

    def numbered(self, kind: str) -> tuple[World, int]:
        """Give one more id of a kind away: the world after it, and the id.

        :param kind: what the id is for.

        >>> World().numbered("task")[1]
        1
        """
        number = self.ids.get(kind, 0) + 1
        return evolve(self, ids=put(self.ids, kind, number)), number


def put(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """A mapping with one more or another value.

    >>> put({1: "a"}, 2, "b")
    {1: 'a', 2: 'b'}
    """
    return {**mapping, key: value}


def dropped(mapping: Mapping[K, V], *keys: K) -> Mapping[K, V]:
    """A mapping without some keys.

    >>> dropped({1: "a", 2: "b"}, 1)
    {2: 'b'}
    """
    return {key: value for key, value in mapping.items() if key not in keys}


def labels_of(world: World, task: Task) -> Mapping[int, StoredLabel]:
    """The labels of a task by id: its project's, if it is in one; elements of skeletons among them.

    :param task: the task.
    """
    return {
        key: label
        for key, label in world.labels.items()
        if (label.task == task.id if task.project is None else label.project == task.project)
    }


def storages_of(world: World) -> Mapping[int, CloudStorage]:
    """The cloud storages of a world by id, with those of which it was given the files only.

    >>> storages_of(World(clouds={3: {"a.png": b""}}))[3].resource
    'bucket-3'
    """
    return {number: world.storages.get(number) or _unclaimed(number) for number in world.clouds}


def _unclaimed(number: int) -> CloudStorage:
    return CloudStorage(
        id=number,
        owner=None,
        provider_type=models.ProviderTypeEnum.AWS_S3_BUCKET,
        resource=f"bucket-{number}",
        display_name=f"bucket-{number}",
        credentials_type=models.CredentialsTypeEnum.ANONYMOUS_ACCESS,
        created=BIRTH,
        updated=BIRTH,
    )


def secret(world: World, purpose: str, length: int) -> tuple[World, str]:
    """A text that cannot be guessed without the seed, and the world that will not give it again.

    :param world: where the seed is.
    :param purpose: what it is for, so that no two purposes share a text.
    :param length: how many hexadecimal digits, at most 128.
    """
    world, number = world.numbered(f"secret {purpose}")
    digest = blake2b(f"{world.seed}\0{purpose}\0{number}".encode()).hexdigest()
    return world, digest[:length]


def unique(world: World, purpose: str) -> tuple[World, str]:
    """A text in the form of a UUID that was not given before.

    :param world: where the seed is.
    :param purpose: what it is for.
    """
    world, digits = secret(world, purpose, 32)
    return world, str(UUID(digits, version=4))
