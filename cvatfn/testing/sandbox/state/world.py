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
from typing import Final, TypeVar
from uuid import UUID

from attrs import evolve, field, frozen

from cvatfn import models
from cvatfn.codecs.secrets import mask
from cvatfn.testing.sandbox.state.annotated import Job, Project, StoredLabel, Task
from cvatfn.testing.sandbox.state.functions import Function
from cvatfn.testing.sandbox.state.hooks import Posting, Webhook, WebhookDelivery
from cvatfn.testing.sandbox.state.media import Arriving, Received, Upload
from cvatfn.testing.sandbox.state.people import (
    BIRTH,
    Account,
    BrowserSession,
    Growth,
    Invitation,
    Key,
    Mail,
    Membership,
    Organization,
    PasswordReset,
    Privilege,
)
from cvatfn.testing.sandbox.state.quality import (
    ConsensusSettings,
    QualitySettings,
    Report,
    Requirement,
)
from cvatfn.testing.sandbox.state.storages import CloudStorage
from cvatfn.testing.sandbox.state.talking import Asset, Comment, Guide, Issue
from cvatfn.testing.sandbox.state.works import (
    Background,
)

__all__ = [
    "World",
    "dropped",
    "labels_of",
    "posted",
    "put",
    "secret",
    "storages_of",
    "unique",
    "username_of",
]

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
    :param invited_are_asked: whether people with an account must accept an invitation to become
        members; a server that was set up otherwise makes members of them at once.
    :param invitations_last: how long an invitation is good for.
    :param resets: by account, what lets its password be set anew.
    :param mails: what a real server would have sent, the oldest first.
    :param growth: by account, what its person was shown of prompts.
    :param uploads: by task, the files of its data that are whole.
    :param arriving: by the path of their pieces, files that are not whole yet.
    :param received: by the same path, files that are whole and wait to be imported.
    :param share: by path, the files of the server's own share.
    :param web: by URL, what the sandbox finds when it fetches remote files.
    :param storages: by id, what is known of cloud storages.
    :param clouds: by id, cloud storages; each by key, its files. One of which nothing else is known
        is nobody's.
    :param deliveries: by id, what webhooks were told, the newest of it.
    :param outbox: what is to be sent to webhooks, in order.
    :param log: what happened, in order, the newest of it.
    :param functions: by id, what annotates by itself; `serving` registers them.
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
    invited_are_asked: bool = True
    invitations_last: timedelta = timedelta(days=7)
    resets: Mapping[int, PasswordReset] = field(factory=dict[int, PasswordReset])
    mails: tuple[Mail, ...] = ()
    growth: Mapping[int, Growth] = field(factory=dict[int, Growth])
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
    issues: Mapping[int, Issue] = field(factory=dict[int, Issue])
    comments: Mapping[int, Comment] = field(factory=dict[int, Comment])
    guides: Mapping[int, Guide] = field(factory=dict[int, Guide])
    assets: Mapping[UUID, Asset] = field(factory=dict[UUID, Asset])
    webhooks: Mapping[int, Webhook] = field(factory=dict[int, Webhook])
    deliveries: Mapping[int, WebhookDelivery] = field(factory=dict[int, WebhookDelivery])
    outbox: tuple[Posting, ...] = ()
    log: tuple[models.Event, ...] = field(default=(), repr=False)
    functions: Mapping[str, Function] = field(factory=dict[str, Function])
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
        self,
        username: str,
        password: str,
        *,
        is_superuser: bool = False,
        email: str = "",
        privilege: Privilege = Privilege.USER,
    ) -> World:
        """Make the world that has one person more.

        :param username: the name to log in with.
        :param password: the password.
        :param is_superuser: whether that person may do and see everything.
        :param email: the address.
        :param privilege: the person's group; who is in `WORKER` makes nothing.

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
            privilege=privilege,
            joined=self.now,
        )
        return evolve(world, accounts=put(world.accounts, number, account))

    def serving(self, *functions: Function) -> World:
        """Make the world in which functions can be called; they replace those of the same ids.

        :param functions: what annotates by itself.

        >>> function = Function(id="spots", kind="detector", call=lambda image, parameters: [])
        >>> sorted(World.empty().serving(function).functions)
        ['spots']
        """
        named = {function.id: function for function in functions}
        return evolve(self, functions={**self.functions, **named})

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


def username_of(world: World, number: int | None) -> str | None:
    """The name of a person; none where there is nobody, or nobody any more.

    :param number: the account's id.

    >>> username_of(World.with_user("ada", "s3cret"), 1), username_of(World(), 1)
    ('ada', None)
    """
    account = None if number is None else world.accounts.get(number)
    return None if account is None else account.username


def posted(world: World, recipient: str, subject: str, link: str) -> World:
    """A world in which a mail more was sent; the oldest are forgotten when there are many.

    :param recipient: the address.
    :param subject: what it is about.
    :param link: what its reader is to follow.

    >>> [mail.subject for mail in posted(World(), "ada@x.example", "Hello", "http://y").mails]
    ['Hello']
    """
    mail = Mail(recipient=recipient, subject=subject, link=link, sent=world.now)
    return evolve(world, mails=(*world.mails, mail)[-_MAILS:])


def labels_of(world: World, task: Task) -> Mapping[int, StoredLabel]:
    """The labels of a task by id: its project's, if it is in one; elements of skeletons among them.

    :param task: the task.
    """
    return {
        key: label
        for key, label in world.labels.items()
        if (label.task == task.id if task.project is None else label.project == task.project)
    }


_MAILS: Final = 100
"""How many mails are kept: whoever may ask for a new password may ask often."""


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
