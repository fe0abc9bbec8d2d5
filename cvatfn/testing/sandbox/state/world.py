"""The whole state of a sandbox as one value.

Rule: a world is never changed, only followed by another one. Its mappings are dicts that nobody
writes to; `put` and `dropped` make new ones and share what they hold, images above all. The clock
and the source of secrets are fields of it, so that the same world and request always give the same
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TypeVar
from uuid import UUID

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.codecs.secrets import mask
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.media import Arriving, Received, Upload
from cvatfn.testing.sandbox.state.people import (
    BIRTH,
    Account,
    BrowserSession,
    Invitation,
    Key,
    Membership,
    Organization,
)
from cvatfn.testing.sandbox.state.quality import (
    ConsensusSettings,
    QualitySettings,
    Report,
    Requirement,
)
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.works import (
    Background,
)

__all__ = ["World", "dropped", "labels_of", "put", "secret", "storages_of", "unique"]

K = TypeVar("K")
V = TypeVar("V")


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
    :param quality_settings: by id; like the requirements in them and the settings of consensus,
        they come into being when somebody first asks about quality.
    :param reports: by id, quality reports with all that they say.

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
    organizations: Mapping[int, Organization] = field(factory=dict[int, Organization])
    memberships: Mapping[int, Membership] = field(factory=dict[int, Membership])
    invitations: Mapping[str, Invitation] = field(factory=dict[str, Invitation], repr=mask)
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
    quality_settings: Mapping[int, QualitySettings] = field(factory=dict[int, QualitySettings])
    requirements: Mapping[int, Requirement] = field(factory=dict[int, Requirement])
    reports: Mapping[int, Report] = field(factory=dict[int, Report])
    consensus_settings: Mapping[int, ConsensusSettings] = field(
        factory=dict[int, ConsensusSettings]
    )

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
