"""An instance of any public class, with a secret wherever one can be.

Rule: classes are found, not listed. Most are built along their annotations: a text under a name
that smells of a secret is one, a URL is signed and holds a login. What cannot be built so has a
recipe in `RECIPES`, and a class that is new and has none fails the walk: say how to build it.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from pkgutil import walk_packages
from ssl import PROTOCOL_TLS_CLIENT, SSLContext
from types import NoneType
from typing import (
    Annotated,
    Any,
    Literal,
    TypeVar,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)
from uuid import UUID

import attrs
from msgspec import Meta, UnsetType
from returns.result import Failure, Success

import cvatfn
from cvatfn import UNSET, Endpoint, File, Headers, Request, Response, Version, connect, prepare
from cvatfn.aio import AsyncConnection, connect_async
from cvatfn.api import tasks
from cvatfn.auth import AccessToken, Basic
from cvatfn.cli.commands import Lazy
from cvatfn.cli.directories import Directory
from cvatfn.cli.exits import Exit
from cvatfn.cli.keyrings import Keyring
from cvatfn.cli.sections import Sectioned
from cvatfn.cli.tables import Form
from cvatfn.codecs.building import fields_of
from cvatfn.codecs.files import Content, Part
from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.secrets import Unshown
from cvatfn.endpoints import Body
from cvatfn.errors import CallFailed, ConnectFailed, InvalidParams
from cvatfn.outdated import Edge
from cvatfn.storage import Folder
from cvatfn.testing.conformance.peers import Server
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import Budget, Connection, Replay, in_memory
from cvatfn.transport.exchanges import exchange_of
from cvatfn.transport.settings import Proxy, read_proxy
from tests.cli.running import MemoryKeyring
from tests.secrets.finding import Secrets

__all__ = [
    "INNOCENT",
    "INNOCENT_FIELDS",
    "SMELLS",
    "Unbuildable",
    "arguments",
    "built",
    "filled",
    "public_classes",
    "smelling",
]

T = TypeVar("T")

SMELLS = re.compile(
    r"pass|token|key|secret|credential|signature|session|cookie|auth", re.IGNORECASE
)
"""What the name of a field says that may hold a secret."""

INNOCENT_FIELDS: Mapping[str, str] = {
    "CloudStorageRead.credentials_type": "says which kind of login, not which login",
    "CloudStorageWriteRequest.credentials_type": "says which kind of login, not which login",
    "PatchedCloudStorageWriteRequest.credentials_type": "says which kind of login, not which login",
    "InvitationRead.key": "an address: only who was invited, logged in, may accept under it",
    "WebhooksEvent.key": "the name of a kind of event",
}
"""Fields of the schema whose names smell, and that hold no secret, with the reason."""

INNOCENT: Mapping[str, str] = {
    **INNOCENT_FIELDS,
    "CloudStorage.credentials_type": "says which kind of login, not which login",
    "CloudStorageContent.next": "where the next page of a bucket begins: no URL",
    "InCloud.keys": "names of files",
    "Source.keys": "names of files",
    "Plan.answered_secrets": "names of fields",
    "Plan.sent_secrets": "names of fields",
    "Session.token_file": "where a token is, not which",
    "SandboxServer.url": "an address of this machine, made by the sandbox",
}
"""The same of all public classes."""


class Unbuildable(Exception):  # noqa: N818 - says what to do
    """A class or an annotation that nothing here knows how to build."""


@cache
def public_classes() -> tuple[type, ...]:
    """Every class that a module of the package offers, each once."""
    found: dict[str, type] = {}
    for module in walk_packages(cvatfn.__path__, "cvatfn."):
        if not module.name.endswith("__main__"):
            home = import_module(module.name)
            for name in getattr(home, "__all__", ()):
                each: object = getattr(home, name)
                if isinstance(each, type) and each.__module__.startswith("cvatfn"):
                    found[f"{each.__module__}.{each.__qualname__}"] = each
    return tuple(found[name] for name in sorted(found))


def smelling(owner: str, name: str) -> bool:
    """Whether a field may hold a secret.

    :param owner: its class.
    :param name: its name.
    """
    if owner.startswith("invitations."):  # the operations that are asked by an `InvitationRead.key`
        owner = "InvitationRead"
    return SMELLS.search(name) is not None and f"{owner}.{name}" not in INNOCENT


def built(kind: type, secrets: Secrets) -> object:
    """An instance with secrets.

    :param kind: a public class.
    :param secrets: where they are planted.
    :raises Unbuildable: say how, in `RECIPES`.
    """
    recipe = RECIPES.get(kind)
    if recipe is not None:
        return recipe(secrets)
    if _is(kind, BaseException):
        return kind("a reason")
    if not _is_attrs(kind):
        raise Unbuildable(f"say how to build {kind.__module__}.{kind.__qualname__} (in RECIPES)")
    return filled(kind, secrets)


def filled(kind: type, secrets: Secrets) -> object:
    """An instance of an attrs class, each field filled along its annotation.

    :param kind: the class.
    :param secrets: where secrets are planted.
    """
    if kind in secrets.open:
        raise _Circle
    secrets.open.append(kind)
    try:
        return _filled(kind, secrets)
    finally:
        secrets.open.pop()


def arguments(endpoint: Endpoint[..., object], secrets: Secrets) -> dict[str, object]:
    """What an endpoint can be called with, body and all.

    :param endpoint: the endpoint.
    :param secrets: where secrets are planted.
    """
    signature = endpoint.declaration.signature
    given = {
        each.name: _value(each.type, endpoint.name, each.name, secrets)
        for each in signature.parameters
        if each.required
    }
    if signature.body is not None:
        given[signature.body.name] = _value(signature.body.type, endpoint.name, "body", secrets)
        match prepare(endpoint, **given):
            case Failure(InvalidParams(problems=problems)):
                # A form carries no nested fields: those are left out.
                nested = [each.path.split(".")[2] for each in problems if "nested" in each.message]
                body = given[signature.body.name]
                given[signature.body.name] = _without(body, nested)
            case _:
                pass
    return given


def _without(model: object, names: list[str]) -> object:
    given: dict[str, object] = {
        field.name: getattr(model, field.name) for field in fields_of(type(model))
    }
    given.update(dict.fromkeys(names, UNSET))
    return type(model)(**given)


class _Circle(Exception):  # noqa: N818 - ends a walk down
    """A class that holds itself: there the empty form is taken."""


def _filled(kind: type, secrets: Secrets) -> object:
    hints = get_type_hints(kind, _names_of(kind), include_extras=True)
    given: dict[str, object] = {
        str(field.alias): _value(hints[field.name], kind.__name__, field.name, secrets)
        for field in fields_of(kind)
        if field.init
    }
    made: object = kind(**given)
    return made


def _names_of(kind: type) -> dict[str, object]:
    """What annotations may name, also where only type checkers import it."""
    from collections import abc

    from cvatfn import models

    more = {"models": models, "Held": bytes, "TransportError": ConnectFailed}
    return {**vars(abc), **more, **vars(sys.modules[kind.__module__])}


def _value(annotation: object, owner: str, name: str, secrets: Secrets) -> object:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _text_within(arguments, owner, name, secrets)
    if origin is Literal:
        return arguments[0]
    if is_union(annotation):
        parts = [part for part in arguments if part not in (NoneType, UnsetType)]
        try:
            return _value(parts[0], owner, name, secrets) if parts else None
        except _Circle:
            return UNSET if UnsetType in arguments else None
    base = origin or annotation
    if isinstance(annotation, TypeVar) or annotation is Any or annotation is object:
        return {"a": "text"}
    if not isinstance(base, type):
        raise Unbuildable(f"say what fits {annotation!r}, the type of {owner}.{name}")
    kind: type = class_of(base)
    if kind in HOLDERS:
        try:
            return HOLDERS[kind](_elements(arguments, owner, name, secrets))
        except _Circle:
            return HOLDERS[kind](())
    if kind is str:
        return _text(owner, name, secrets)
    return _of_class(kind, arguments, owner, name, secrets)


def _is(kind: type, base: type) -> bool:
    """Whether one class is another; no checker is to conclude anything from it."""
    return issubclass(kind, base)


def _is_attrs(kind: type) -> bool:
    return attrs.has(kind)


def _elements(
    arguments: tuple[object, ...], owner: str, name: str, secrets: Secrets
) -> Iterator[object]:
    for part in arguments:
        if part is not Ellipsis:
            yield _value(part, owner, name, secrets)


def _text_within(arguments: tuple[object, ...], owner: str, name: str, secrets: Secrets) -> object:
    meta = next((extra for extra in arguments[1:] if isinstance(extra, Meta)), Meta())
    if arguments[0] is str and meta.max_length is not None and meta.max_length < 64:
        return _text(owner, name, secrets, longest=meta.max_length)
    if arguments[0] is int or arguments[0] is float:
        return meta.ge if meta.ge is not None else 1
    value = _value(arguments[0], owner, name, secrets)
    return value * meta.min_length if is_array(value) and meta.min_length is not None else value


def _text(owner: str, name: str, secrets: Secrets, longest: int = 64) -> str:
    if smelling(owner, name):
        plain = owner in ("AccessToken", "Session", "Token")  # what goes into header fields
        return secrets.plant(f"{owner}.{name}", longest=longest, plain=plain)
    if (name in URLS or name.endswith("url")) and f"{owner}.{name}" not in INNOCENT:
        word = secrets.plant(f"{owner}.{name}, signed", plain=True)
        login = secrets.plant(f"{owner}.{name}, logged in", plain=True)
        return f"https://ada:{login}@bucket.example/cat.png?X-Amz-Signature={word}&a=1"
    return TEXTS.get(name, "text")


def _of_class(
    base: type, arguments: tuple[object, ...], owner: str, name: str, secrets: Secrets
) -> object:
    for kind, make in PLAIN.items():
        if base is kind:
            return make()
    if base in RECIPES:
        return RECIPES[base](secrets)
    if _is(base, Enum):
        members: Mapping[str, object] = getattr(base, "__members__")  # noqa: B009 - an enum's
        return next(iter(members.values()))
    if _is(base, Mapping):
        key, value = arguments or (str, object)
        return {_value(key, owner, f"{name}'s names", secrets): _value(value, owner, name, secrets)}
    if is_typeddict(base):
        return {}
    if _is_attrs(base):
        return filled(base, secrets)
    if inspect.isabstract(base) or getattr(base, "_is_protocol", False):
        return BytesIO(b"text")
    if base.__module__ == "collections.abc":
        return tuple(_elements(arguments, owner, name, secrets)) if arguments else _nothing
    raise Unbuildable(f"say what fits {base!r}, the type of {owner}.{name}")


def _nothing(*_: object) -> None:
    """Where a function is taken."""


def _request(secrets: Secrets) -> Request:
    secret, plain = secrets.plant, secrets.plain
    return Request(
        "POST",
        f"/api/x?token={plain('a path with a query')}",
        (("access_token", secret("a query")), ("next", f"/y?X-Amz-Signature={plain('a URL')}")),
        {
            "Authorization": f"Bearer {plain('a header')}",
            "Cookie": f"sessionid={plain('a cookie')}",
            "X-Api-Key": plain("a key"),
            "Referer": f"https://ada:{plain('a login in a header')}@h/?sig={plain('a signature')}",
        },
        b'{"password": "%s"}' % secret("a body").encode(),
        f"https://ada:{plain('a login in an origin')}@cvat.example",
    )


def _response(secrets: Secrets) -> Response:
    word = secrets.plant("what is known of a login", plain=True)
    return Response(
        200,
        {
            "Set-Cookie": f"sessionid={secrets.plant('a cookie that is set', plain=True)}",
            "Location": f"/y?token={secrets.plant('a location', plain=True)}",
        },
        b'{"key": "%s"}' % secrets.plant("an answer").encode(),
        unshown=Unshown([word]),
    )


def _connection(secrets: Secrets) -> Connection:
    return _opened(connect, secrets)


def _async_connection(secrets: Secrets) -> AsyncConnection:
    return _opened(connect_async, secrets)


def _opened(opener: Callable[..., T], secrets: Secrets) -> T:
    plain = secrets.plain
    return opener(
        "https://cvat.example",
        auth=AccessToken(plain("connect's auth")),
        headers={"X-Api-Key": plain("connect's headers")},
        cookies={"a": plain("connect's cookies")},
        proxy=f"http://ada:{plain('connect`s proxy')}@proxy.example:3128",
    )


def _proxy(secrets: Secrets) -> Proxy:
    return read_proxy(f"http://ada:{secrets.plant('a proxy`s login', plain=True)}@proxy.example")


def _replay(secrets: Secrets) -> Replay:
    return Replay((exchange_of(_request(secrets), Success(_response(secrets)), 1 << 20),))


def _sandbox(secrets: Secrets) -> object:
    password = secrets.plant("a sandbox's password")
    return Sandbox(World.with_user("ada", password), auth=Basic("ada", password))


def _world(secrets: Secrets) -> object:
    return World.with_user("ada", secrets.plant("a world's password"))


def _endpoint(_: Secrets) -> Endpoint[..., object]:
    return tasks.retrieve


def _content(secrets: Secrets) -> Content:
    held = secrets.plant("what is sent in pieces").encode()
    return Content((held, Part(BytesIO(held))))


def _headers(secrets: Secrets) -> Headers:
    return _request(secrets).headers


def _error(secrets: Secrets) -> object:
    """What a call comes to whose request and answer are full of secrets."""
    from cvatfn import call, models
    from cvatfn.api import auth

    password = secrets.plant("a password that comes back")
    body = models.LoginSerializerExRequest(username="ada", password=password)
    server = in_memory(lambda asked: Response(400, _response(secrets).headers, asked.content))
    return call(server, auth.create_login, body).failure()


URLS = ("location", "next", "previous", "remote_files", "urls")
"""What holds URLs, beside all whose names end so."""

TEXTS: Mapping[str, str] = {
    "scheme": "https",
    "origin": "https://cvat.example",
    "email": "ada@example.com",
    "username": "ada-lovelace",
    "delivery_id": "7",
    "method": "GET",
    "path": "/api/tasks",
    "target": "/api/tasks",
}
HOLDERS: Mapping[type, Callable[[Iterable[object]], object]] = {
    frozenset: frozenset,
    list: list,
    set: set,
    tuple: tuple,
}
PLAIN: Mapping[type, Callable[[], object]] = {
    int: lambda: 1,
    float: lambda: 1.0,
    bool: lambda: False,
    bytes: lambda: b"text",
    NoneType: lambda: None,
    UnsetType: lambda: UNSET,
    datetime: lambda: datetime(2026, 1, 1, tzinfo=UTC),
    timedelta: lambda: timedelta(seconds=1),
    range: lambda: range(2),
    UUID: lambda: UUID(int=7),
    Path: lambda: Path("text"),
    type: lambda: int,
    re.Pattern: lambda: re.compile("a"),
    BaseException: lambda: ValueError("text"),
    Exception: lambda: ValueError("text"),
    File: lambda: File("text", b"text"),
}
RECIPES: dict[type, Callable[[Secrets], object]] = {
    SSLContext: lambda _: SSLContext(PROTOCOL_TLS_CLIENT),
    CallFailed: lambda secrets: CallFailed(_error(secrets)),
    Content: _content,
    Endpoint: _endpoint,
    Failure: lambda secrets: Failure(_error(secrets)),
    Headers: _headers,
    Proxy: _proxy,
    Replay: _replay,
    Request: _request,
    Response: _response,
    Success: lambda secrets: Success(_response(secrets)),
    Unshown: lambda secrets: Unshown([secrets.plant("what goes unshown")]),
    Body: lambda _: Body("application/json"),
    Budget: lambda _: Budget(),
    AsyncConnection: _async_connection,
    Connection: _connection,
    Directory: lambda _: Directory("tasks"),
    Exit: lambda _: Exit.DONE,
    Form: lambda _: Form.TABLE,
    Keyring: lambda _: MemoryKeyring(),
    Lazy: lambda _: Lazy("cvatfn.cli.calling:call", "Ask any endpoint."),
    Sectioned: lambda _: Sectioned("call", print, {}, help="Ask."),
    Folder: lambda _: Folder("cats/", waiting=("dogs/", None)),
    Edge: lambda _: Edge(Version("2.48.1")),
    Sandbox: _sandbox,
    Server: lambda _: Server(print),
    Version: lambda _: Version("2.48.1"),
    World: _world,
}
