"""Where the walk goes: everything that can be done with the client, against servers that tell."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from enum import Enum
from functools import partial
from io import BytesIO
from itertools import count, cycle, islice
from pathlib import Path
from typing import TypeAlias, TypeVar, is_typeddict

import anyio
import attrs

from cvatfn import (
    UNSET,
    Endpoint,
    File,
    Request,
    Response,
    Transport,
    aio,
    auth_headers,
    call,
    catalogue,
    connect,
    download_url,
    dumps,
    export,
    follow,
    in_memory,
    in_pages_of,
    lenient,
    login,
    logout,
    paginate,
    raw,
    request,
    server_version,
    stream,
    unchecked,
    unvalidated,
    upload_data,
    wait_for,
    walk_storage,
    with_response,
)
from cvatfn.aio import connect_async
from cvatfn.api import auth as auth_api
from cvatfn.api import tasks, users
from cvatfn.auth import AccessToken, Auth, Basic, Session, Token
from cvatfn.codecs.plain import is_mapping
from cvatfn.errors import CallError, TransportError
from cvatfn.models import LoginSerializerExRequest
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.schedule import constant
from cvatfn.testing.conformance import blocking
from cvatfn.testing.conformance.behaviours import silent
from cvatfn.testing.conformance.peers import Server
from cvatfn.testing.pictures import painted
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transfer import (
    Effort,
    Exporting,
    Importing,
    Saving,
    Streamed,
    Uploading,
    import_annotations,
    restore_task,
    stream_url,
)
from cvatfn.transport import (
    authenticated,
    gathered,
    in_organization,
    logged,
    recorded,
    replayed,
    retrying,
    with_headers,
    with_timeout,
)
from tests.background_work import work
from tests.sandbox.kit import make_task
from tests.secrets.building import arguments, built, public_classes
from tests.secrets.finding import Secrets
from tests.secrets.servers import GRANTS, REFUSALS
from tests.secrets.sights import by_rich
from tests.secrets.walk import Walk
from tests.secrets.wires import PROXIES, WIRES
from tests.transport.conftest import Authority

__all__ = ["awaited_calls", "calls", "classes", "conversations", "logins", "mistakes", "wires"]

T = TypeVar("T")

Handler: TypeAlias = Callable[[Request], Response]


Conversation: TypeAlias = Callable[[Transport, int, str, Path], Iterator[Outcome[object, object]]]


def logins(secrets: Secrets) -> Iterator[Auth]:
    """Logins of each kind, each with secrets of its own.

    :param secrets: where they are planted.
    """
    plain = secrets.plain
    while True:
        yield AccessToken(plain("AccessToken"))
        yield Basic("ada", secrets.plant("Basic"))
        yield Token(plain("Token"))
        yield Session(plain("a sessionid"), plain("a csrftoken"), plain("a session's key"))


def wrapped(walk: Walk, server: Handler, auth: Auth, folder: Path, *, inside: bool) -> Transport:
    """A server through every wrapper there is.

    :param walk: has the secrets.
    :param server: the server.
    :param auth: the login.
    :param folder: where the recording goes.
    :param inside: whether the recorder is inside of the login, so that it passes it, or around.
    """
    key = walk.secrets.plant("with_headers", plain=True)
    if inside:
        keyed = with_headers(in_memory(server), {"X-Api-Key": key})
        login = authenticated(recorded(keyed, folder / "in.jsonl"), auth, "http://localhost:8080")
        return logged(retrying(login, constant(0, attempts=2), sleep=_rest))
    keyed = with_headers(with_timeout(in_memory(server, auth=auth), 5), {"X-Api-Key": key})
    return recorded(in_organization(logged(keyed), "acme"), folder / "out.jsonl")


def _rest(_: float) -> None:
    """No time passes."""


def calls(
    walk: Walk, folder: Path, endpoints: Iterable[Endpoint[..., object]] | None = None
) -> None:
    """Every operation of the catalogue, where each answer repeats what was asked.

    What has secrets in its body or its answer meets every server, the rest a few of them each.

    :param walk: looks.
    :param folder: where the recordings go.
    :param endpoints: these alone.
    """
    asked = [*catalogue()] if endpoints is None else [*endpoints]
    auths, kinds = logins(walk.secrets), {**REFUSALS, **GRANTS}
    some, orders = cycle(kinds), cycle([True, True, False])
    for endpoint in asked:
        planted = len(walk.secrets.planted)
        given = arguments(endpoint, walk.secrets)
        full = len(walk.secrets.planted) > planted
        walk.at_texts(endpoint.name, [("its repr", repr(endpoint))])
        for value in given.values():
            walk.at_shown(f"what {endpoint.name} is given", value)
        for kind in kinds if full else [next(some)]:
            inside = next(orders)
            transport = wrapped(walk, kinds[kind], next(auths), folder, inside=inside)
            walk.at_outcome(f"{endpoint.name}, {kind}", call(transport, endpoint, **given))
        if full:
            _otherwise(walk, endpoint, given, in_memory(kinds["a detail"], auth=next(auths)))
    again = replayed(folder / "in.jsonl")
    walk.at("a replay", again)
    for endpoint in asked:
        walk.at_outcome(
            f"replayed {endpoint.name}", call(again, endpoint, **arguments(endpoint, walk.secrets))
        )


def awaited_calls(walk: Walk, folder: Path, endpoints: Iterable[Endpoint[..., object]]) -> None:
    """Calls under event loops, which tell all that they do, through each wrapper there.

    :param walk: looks.
    :param folder: where the recordings go.
    :param endpoints: what is asked.
    """
    auths, loops = logins(walk.secrets), cycle(("asyncio", "trio"))
    for endpoint in endpoints:
        given = arguments(endpoint, walk.secrets)
        for kind, server in {**REFUSALS, **GRANTS}.items():
            outcome = anyio.run(
                _awaited, walk, server, next(auths), folder, endpoint, given, backend=next(loops)
            )
            walk.at_outcome(f"awaited {endpoint.name}, {kind}", outcome)


async def _awaited(
    walk: Walk,
    server: Handler,
    auth: Auth,
    folder: Path,
    endpoint: Endpoint[..., object],
    given: Mapping[str, object],
) -> Outcome[object, CallError]:
    with suppress(RuntimeError):  # trio has no such loop
        loop = asyncio.get_running_loop()
        loop.set_debug(True)
        loop.slow_callback_duration = 0  # it tells of every step that it takes
    key = walk.secrets.plant("with_headers", plain=True)
    inner = aio.with_headers(aio.with_timeout(aio.in_memory(server), 5), {"X-Api-Key": key})
    inside = aio.recorded(inner, folder / "awaited-in.jsonl")
    known = aio.authenticated(inside, auth, "http://localhost:8080")
    patient = aio.rate_limited(aio.retrying(known, constant(0, attempts=2)), 1000)
    outer = aio.in_organization(aio.logged(patient), "acme")
    outermost = aio.recorded(outer, folder / "awaited-out.jsonl")
    for transport in (inner, inside, known, patient, outer, outermost):
        walk.at_texts("an awaited wrapper", [("repr", repr(transport)), ("str", str(transport))])
    return await aio.call(outermost, endpoint, **given)


def _otherwise(
    walk: Walk, endpoint: Endpoint[..., object], given: dict[str, object], transport: Transport
) -> None:
    """The same in every reading, as dicts, and wrong."""
    for read in (lenient, raw, unchecked, unvalidated, with_response):
        walk.at_outcome(
            f"{read.__name__}, {endpoint.name}", call(transport, read(endpoint), **given)
        )
    as_dicts = {
        name: _as_dict(value) if attrs.has(type(value)) else value for name, value in given.items()
    }
    walk.at_outcome(f"dicts, {endpoint.name}", call(transport, endpoint, **as_dicts))
    bodies = [dict(held) for held in as_dicts.values() if is_mapping(held)]
    body: dict[object, object] = bodies[0] if bodies else {}
    wrongs: list[dict[object, object]] = [{"unknown": 1}, dict.fromkeys(body, 7.5)]
    for wrong in wrongs:
        misfit: dict[str, object] = {
            name: dict(held) | wrong if is_mapping(held) else held
            for name, held in as_dicts.items()
        }
        walk.at_outcome(f"wrong, {endpoint.name}", call(transport, endpoint, **misfit))
        walk.at_outcome(
            f"unvalidated, wrong, {endpoint.name}", call(transport, unvalidated(endpoint), **misfit)
        )
    swapped = dict.fromkeys(given, body)
    walk.at_outcome(f"swapped, {endpoint.name}", call(transport, endpoint, **swapped))


def _as_dict(model: object) -> dict[str, object]:
    return attrs.asdict(model, filter=_is_given)  # type: ignore[arg-type]  # it has fields


def _is_given(_: object, value: object) -> bool:
    return value is not UNSET


def classes(walk: Walk) -> None:
    """Every public class, full of secrets.

    :param walk: looks.
    """
    for kind in public_classes():
        if not _shows(kind):
            continue
        name, value = f"{kind.__module__}.{kind.__qualname__}", built(kind, walk.secrets)
        walk.at_shown(name, value)
        if not kind.__module__.startswith(("cvatfn.models", "cvatfn.testing")):
            walk.at_texts(name, by_rich(value))
    for auth in islice(logins(walk.secrets), 4):
        walk.at("a login", auth)
        walk.at("the fields of a login", auth_headers(auth, "POST", "https://cvat.example/"))


def _shows(kind: type) -> bool:
    """Whether a class has a `repr`, values that are not its own, and is no plain dict."""
    bare = getattr(kind, "__repr__", None) is object.__repr__
    return not (bare or is_typeddict(kind) or issubclass(kind, Enum))


def mistakes(walk: Walk) -> None:
    """What is raised for arguments that cannot be meant: it repeats none of them.

    :param walk: looks.
    """
    secret = walk.secrets.plant("an argument that cannot be meant")
    url = f"https://ada:{walk.secrets.plant('a login in a URL', plain=True)}@h.example/?a=1"
    server = in_memory(lambda _: Response(200))
    wrong: tuple[Callable[[], object], ...] = (
        lambda: AccessToken(f"{secret}\n"),
        lambda: Token(f"{secret}\n"),
        lambda: Basic("ada", f"{secret}\0"),
        lambda: Basic(f"ada:{secret}", "x"),
        lambda: Session(f"{secret};", "x"),
        lambda: Session("x", f"{secret} "),
        lambda: connect(url),
        lambda: connect("cvat.example", proxy=f"{url} x"),
        lambda: connect("cvat.example", proxy=url.replace("h.example", "h x")),
        lambda: connect("cvat.example", headers={"X-Api-Key": f"{secret}\r\n"}),
        lambda: connect("cvat.example", cookies={"a": f"{secret};\n"}),
        lambda: with_headers(server, {"Authorization": f"{secret}\n"}),
        lambda: authenticated(server, AccessToken("x" * 9), f"ftp{url}"),
        lambda: in_memory(lambda _: Response(200), origin=f"ftp{url}"),
    )
    for number, mistake in enumerate(wrong):
        try:
            mistake()
        except ValueError as error:
            told = "".join(traceback.format_exception(error))
            walk.at_texts(f"mistake {number}", [("it", repr(error)), ("all of it", told)])
        else:
            raise AssertionError(f"mistake {number} is none")
    for follows in (follow, stream_url):
        walk.at_outcome(f"{follows.__name__}", follows(server, url))


def conversations(walk: Walk, folder: Path) -> None:
    """Logins, listings, waits and transfers with a sandbox that at some moment says what it heard.

    :param walk: looks.
    :param folder: where files go that are to hold nothing secret.
    """
    kinds = cycle(STRANGE)
    for name, conversation in CONVERSATIONS.items():
        for moment in range(MOMENTS):
            kind = next(kinds)
            _conversed(walk, folder, name, conversation, kind, moment)


def _conversed(
    walk: Walk, folder: Path, name: str, conversation: Conversation, kind: str, moment: int
) -> None:
    password = walk.secrets.plant("a user's password")
    sandbox = Sandbox(World.with_user("ada", password))
    ada = authenticated(sandbox, Basic("ada", password), sandbox.world.origin)
    task = make_task(ada).id
    seen = count()

    def strange(asked: Request) -> Outcome[Response, TransportError]:
        if next(seen) == moment:
            return Success(STRANGE[kind](gathered(asked).unwrap()))
        return sandbox(asked)

    own = folder / f"{name}-{moment}"
    own.mkdir()
    recorder = recorded(strange, own / "all.jsonl")
    transport = logged(authenticated(recorder, Basic("ada", password), sandbox.world.origin))
    key = with_headers(transport, {"X-Api-Key": walk.secrets.plant("an API key", plain=True)})
    for outcome in conversation(key, task, password, own):
        walk.at_outcome(f"{name}, {kind} at {moment}", outcome)
        if isinstance(outcome, Success):  # what is granted by a sandbox is no echo
            walk.at_shown(f"{name}, granted", outcome)


def _logging_in(
    transport: Transport, _: int, password: str, folder: Path
) -> Iterator[Outcome[object, object]]:
    session = login(transport, username="ada", password=password)
    yield session
    yield logout(transport)
    yield call(transport, auth_api.create_access_tokens, {"name": "mine"})
    yield server_version(transport)
    yield login(replayed(folder / "all.jsonl"), username="ada", password=password)


def _listing(
    transport: Transport, task: int, _: str, __: Path
) -> Iterator[Outcome[object, object]]:
    yield from paginate(transport, in_pages_of(tasks.list, 1))
    yield from paginate(transport, users.list)
    yield from walk_storage(transport, task)


def _uploading(
    transport: Transport, _: int, __: str, folder: Path
) -> Iterator[Outcome[object, object]]:
    fresh = call(transport, tasks.create, {"name": "cats"})
    yield fresh
    number = fresh.unwrap().id if isinstance(fresh, Success) else 1
    files = [File(name, painted(name)) for name in ("noon.png", "breakfast.png")]
    how = Uploading(batch=8, piece=1 << 12, journal=folder / "up.journal", effort=IMPATIENT)
    begun = upload_data(transport, number, files, {"image_quality": 70}, how)
    yield begun
    if isinstance(begun, Success):
        yield wait_for(transport, begun.unwrap(), sleep=_rest)


def _exporting(
    transport: Transport, task: int, _: str, folder: Path
) -> Iterator[Outcome[object, object]]:
    saving = Saving(folder / "cats.zip", effort=IMPATIENT)
    asked = tasks.create_dataset_export
    how = Exporting(saving, waiting=constant(0.001, attempts=20))
    yield export(transport, asked, how, task, format="COCO 1.0")
    yield download_url(transport, "/api/server/about?token=a", Saving(BytesIO(), effort=IMPATIENT))
    yield stream(transport, tasks.retrieve_preview, task)


def _importing(
    transport: Transport, task: int, _: str, folder: Path
) -> Iterator[Outcome[object, object]]:
    file = Importing(b"no archive", journal=folder / "in.journal", effort=IMPATIENT)
    yield import_annotations(transport, tasks.create_annotations, file, task, format="COCO 1.0")
    yield restore_task(transport, file)


def wires(walk: Walk, authority: Authority) -> None:
    """Over loopback: HTTP, HTTPS, and through proxies.

    :param walk: looks.
    :param authority: has certificates.
    """
    auths = logins(walk.secrets)
    for number, (name, behaviour) in enumerate(WIRES.items()):
        tls = authority.right if number % 3 == 0 else None
        with Server(behaviour, tls) as server:
            _asked_of(walk, name, server.url, next(auths), authority)
        with Server(behaviour) as proxy:  # the server is asked by its whole URL
            through = _proxied(walk, proxy.url)
            _asked_of(walk, f"proxied, {name}", "http://c.invalid", next(auths), authority, through)
    for name, behaviour in PROXIES.items():
        with Server(behaviour) as proxy:
            through = _proxied(walk, proxy.url)
            _asked_of(walk, name, "https://c.invalid", next(auths), authority, through)
    with Server(lambda peer: peer.send(b"no TLS")) as server:  # where TLS is expected
        url = server.url.replace("http:", "https:")
        _asked_of(walk, "no TLS", url, next(auths), authority)


def _proxied(walk: Walk, url: str) -> str:
    return url.replace("//", f"//ada:{walk.secrets.plant('a proxy', plain=True)}@")


def _asked_of(
    walk: Walk, name: str, url: str, auth: Auth, authority: Authority, proxy: str | None = None
) -> None:
    plain = walk.secrets.plain
    fields = {"X-Api-Key": plain("connect's headers")}
    cookies = {"sticky": plain("connect's cookies")}

    def opened(opener: Callable[..., T], url: str) -> T:
        return opener(
            url,
            auth=auth,
            headers=fields,
            cookies=cookies,
            proxy=proxy,
            ca_bundle=authority.ca_bundle,
            timeout=5,
            max_body=1 << 16,
        )

    with opened(connect, url) as connection:
        walk.at(name, connection)
        _asked(walk, name, connection)
    with blocking(lambda url: opened(connect_async, url))(url) as awaited:
        _asked(walk, f"awaited, {name}", awaited)


def _asked(walk: Walk, name: str, connection: Transport) -> None:
    plain = walk.secrets.plain
    password = walk.secrets.plant("a password on the wire")
    asked = Request("GET", f"/x?token={plain('a path')}", (("sig", plain("a query")),), once=True)
    transport = logged(connection)
    walk.at_outcome(name, request(transport, asked))
    match transport(asked):
        case Failure() as failed:
            walk.at_outcome(name, failed)
        case Success():  # a response is data; what it holds may be what was sent
            pass
    walk.at_outcome(name, call(transport, tasks.list, search="cat"))
    body = LoginSerializerExRequest(username="ada", password=password)
    walk.at_outcome(name, call(connection, auth_api.create_login, body))
    for piece in _pieces(stream_url(transport, "/file")):
        walk.at_outcome(name, piece)
    walk.at_outcome(name, download_url(transport, "/f", Saving(BytesIO(), effort=IMPATIENT)))


def _pieces(outcome: Outcome[Streamed, CallError]) -> Iterator[Outcome[object, object]]:
    match outcome:
        case Success(pieces):
            yield from pieces
        case Failure() as refused:
            yield refused


def other_ends(walk: Walk, folder: Path) -> None:
    """The errors that need a moment of their own, each with secrets in what was asked.

    :param walk: looks.
    :param folder: where a file is in the way.
    """
    plain = walk.secrets.plain
    login, signed = AccessToken(plain("a login at the end")), plain("a signature at the end")
    asked = Request("GET", f"/x?token={plain('a path at the end')}", (("sig", signed),))
    with Server(silent) as server, connect(server.url, auth=login, timeout=0.05) as connection:
        walk.at_outcome("too late", request(connection, asked))
        foreign = f"http://ada:{plain('a foreign login')}@other.example"
        walk.at_outcome("elsewhere", request(connection, attrs.evolve(asked, origin=foreign)))
    walk.at_outcome("closed", request(connection, asked))
    walk.at_outcome("nobody there", request(connect(server.url, auth=login, timeout=1), asked))
    taken = folder / "taken"
    taken.write_bytes(b"")
    about = f"/api/server/about?token={plain('what is downloaded')}"
    walk.at_outcome("in the way", download_url(connection, about, taken))
    for name in ("Content-Range", "Content-Encoding", "Upload-Offset", "Upload-Length", "Location"):
        liar = in_memory(_impossible(name), auth=login)
        saving = Saving(BytesIO(), effort=IMPATIENT)
        walk.at_outcome(f"an impossible {name}", download_url(liar, "/f", saving))
        sent = Importing(b"no archive", effort=IMPATIENT)
        walk.at_outcome(f"an impossible {name}", restore_task(liar, sent))
    secret = plain("a signature that a worker tells")
    told = f"cannot get https://ada:{secret}@bucket.example/cat.png?X-Amz-Signature={secret}"
    for status in ("failed", "queued"):
        working = Response(200, body=dumps(work("export", status, told)))
        transport = in_memory(partial(_always, working), auth=login)
        waited = wait_for(transport, "export", schedule=constant(0, attempts=2), sleep=_rest)
        walk.at_outcome(f"work that is {status}", waited)


def _always(response: Response, _: Request) -> Response:
    return response


def _impossible(name: str) -> Handler:
    """A server that goes along with an upload, and says the login where a number belongs."""

    def server(asked: Request) -> Response:
        login = asked.headers.get("authorization") or ""
        fields = {"Location": "/api/x/1", "Upload-Offset": "0", name: f"http://[{login}]/"}
        if asked.method == "GET":
            return Response(206 if name == "Content-Range" else 200, fields, b"x")
        patched = asked.method == "PATCH" and name == "Upload-Length"
        return Response(500 if patched else 200, fields)

    return server


IMPATIENT = Effort(schedule=constant(0, attempts=2), sleep=_rest)
STRANGE = {**REFUSALS, **GRANTS}
MOMENTS = 7
"""How many requests into a conversation the strange answer may come."""

CONVERSATIONS: dict[str, Conversation] = {
    "logging in": _logging_in,
    "listing": _listing,
    "uploading": _uploading,
    "exporting": _exporting,
    "importing": _importing,
}
