"""Wherever a server says an address, a stranger hears nothing of it, and the caller is told."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.auth import AccessToken, Auth
from cvatfn.messages import Headers, Request, Response
from cvatfn.outcome import Failure
from cvatfn.testing.conformance.peers import Head, Peer, Server
from cvatfn.transport import authenticated, in_memory
from tests.origins.addresses import FOREIGN, addressed, addresses
from tests.origins.places import OTHERS, REDIRECTS, Place, Told
from tests.origins.ways import LOGINS, SECRET, WAYS, Home, goes_anywhere
from tests.transport.conftest import Authority
from tests.transport.wire import always, fields_of, ok

PLANTED = "planted"
MOST = 40
"""How many requests an act makes at most."""


@define
class Saying:
    """A server that says an address, which may change.

    :param place: where in its answers.
    :param address: which.
    """

    place: Place
    address: str = ""

    def __call__(self, peer: Peer) -> None:
        while (sent := peer.request()) is not None:
            head, _, body = sent.partition(b"\r\n\r\n")
            peer.send(_written(self.place.answers(_read(Head.of(head), body), self.address)))


def _read(head: Head, body: bytes) -> Request:
    """A request as it came, its target in absolute form or not."""
    target = head.target.partition("://")[2].partition("/")[2] or head.target[1:]
    path, _, query = f"/{target}".partition("?")
    pairs = tuple((name, value) for name, _, value in (p.partition("=") for p in query.split("&")))
    return Request(head.method, path, pairs, head.headers, body)


def _written(response: Response) -> bytes:
    """An answer that also sets cookies."""
    cookies = (f"Set-Cookie: sessionid={PLANTED}", f"Set-Cookie: csrftoken={PLANTED}; Path=/")
    fields = [f"{name}: {value}" for name, value in response.headers]
    bare = response.status in (204, 304)
    whole = ok(b"" if bare else response.body, *fields, *cookies, status=f"{response.status} Said")
    return whole.replace(b"Content-Length: 0\r\n", b"") if bare else whole


@define
class Scene:
    """A home, a stranger, and what was asked of them.

    :param saying: what the home says.
    :param home: its server.
    :param stranger: the other one.
    """

    saying: Saying
    home: Server
    stranger: Server
    ca_bundle: str | None
    proxied: bool
    folder: Path

    def told(self, place: Place, way: str, auth: Auth, template: str) -> Told:
        """What an act comes to, and that no stranger heard of it."""
        self.home.requests.clear()
        self.saying.place = place
        self.saying.address = addressed(template, self.home.url, self.stranger.url)
        proxy = self.home.url.replace("://", f"://me:{SECRET}@") if self.proxied else None
        url = self.home.url
        with ExitStack() as stack:
            transport = WAYS[way](Home(url, self.ca_bundle, proxy, self.folder, stack), auth)
            told = place.act(transport, self.saying.address, self.folder)
        assert self.stranger.connections == 0
        self.looked_at()
        for outcome in told:
            if isinstance(outcome, Failure):
                assert str(outcome.failure())
        return told

    def led_to_x(self) -> bool:
        """Whether the home was asked for what the address names, as if it were its own."""
        targets = (sent.split(b" ", 2)[1].decode() for sent in self.home.requests)
        return any(urlsplit(target).path == "/x" for target in targets)

    def looked_at(self) -> None:
        """Whether whatever was sent went home, with nobody else's cookies."""
        home = self.home.url
        assert len(self.home.requests) <= MOST
        for sent in self.home.requests:
            fields = fields_of(sent)
            assert fields["host"] == home.partition("://")[2]
            assert PLANTED not in sent.partition(b"\r\n\r\n")[0].decode("latin-1")
            target = sent.split(b" ", 2)[1].decode()
            assert target.startswith(f"{home}/" if self.proxied else "/")
            assert ("proxy-authorization" in fields) == self.proxied


@contextmanager
def _scene(
    folder: Path, authority: Authority | None = None, *, proxied: bool = False
) -> Generator[Scene]:
    saying = Saying(OTHERS[0])
    context = None if authority is None else authority.right
    with Server(saying, context) as home, Server(always(ok(b"mine now"))) as stranger:
        bundle = None if authority is None else authority.ca_bundle
        yield Scene(saying, home, stranger, bundle, proxied, folder)


GROUPS = {"redirects": REDIRECTS, **{place.name: (place,) for place in OTHERS}}
LED = [place for place in (*REDIRECTS, *OTHERS) if place.followed]


@pytest.mark.parametrize("places", GROUPS.values(), ids=GROUPS)
def test_a_stranger_hears_nothing_of_it(places: tuple[Place, ...], tmp_path: Path) -> None:
    with _scene(tmp_path) as scene:

        @given(
            st.sampled_from(places),
            st.sampled_from([*WAYS]),
            st.sampled_from(LOGINS),
            addresses(),
        )
        def check(place: Place, way: str, auth: Auth, template: str) -> None:
            scene.told(place, way, auth, template)

        check()


@pytest.mark.parametrize("kind", ["http", "https", "proxy"])
def test_who_is_led_to_another_origin_is_told_so(
    kind: str, authority: Authority, tmp_path: Path
) -> None:
    secured = authority if kind == "https" else None
    with _scene(tmp_path, secured, proxied=kind == "proxy") as scene:
        tried = [*product(LED, FOREIGN)]
        # A certificate is dear: with it each place and each address have a turn, not each pair.
        for number, (place, template) in enumerate(tried[:: 7 if secured else 1]):
            auth = LOGINS[number % len(LOGINS)]
            told = scene.told(place, "connect", auth, template)
            failed = [outcome.failure() for outcome in told if isinstance(outcome, Failure)]
            assert any("connect" in str(error).lower() for error in failed), (place.name, failed)
            assert not scene.led_to_x()


@pytest.mark.parametrize("place", LED, ids=lambda place: place.name)
def test_at_home_it_is_followed(place: Place, tmp_path: Path) -> None:
    with _scene(tmp_path) as scene:
        for template in ("/x", "{scheme}://{home}/x", "HTTP://{home}/x"):
            scene.told(place, "connect", AccessToken(SECRET), template)
            assert scene.led_to_x()


@pytest.mark.parametrize("places", GROUPS.values(), ids=GROUPS)
def test_in_memory_nobody_else_is_asked(places: tuple[Place, ...], tmp_path: Path) -> None:
    home = "http://cvat.example"

    @given(st.sampled_from(places), st.sampled_from(LOGINS), addresses())
    def check(place: Place, auth: Auth, template: str) -> None:
        address = addressed(template, home, "http://evil.example:81")
        asked: list[Request] = []

        def handler(request: Request) -> Response:
            asked.append(request)
            return place.answers(request, address)

        place.act(in_memory(handler, auth=auth, origin=home), address, tmp_path)
        assert len(asked) <= MOST
        assert all(_is_logged_in(request.headers) for request in asked)

    check()


def test_a_login_stays_at_home_though_the_transport_goes_anywhere(tmp_path: Path) -> None:
    with _scene(tmp_path) as scene:
        home, stranger = scene.home.url, scene.stranger
        anywhere = goes_anywhere(home)
        for number, (place, template) in enumerate(product(LED, FOREIGN[:6])):
            address = addressed(template, home, stranger.url)
            scene.saying.place, scene.saying.address = place, address
            auth = LOGINS[number % len(LOGINS)]
            place.act(authenticated(anywhere, auth, home), address, tmp_path)
        assert scene.home.requests
        assert all(_is_logged_in(Headers.of(fields_of(sent))) for sent in scene.home.requests)
        assert stranger.requests
        for sent in stranger.requests:
            assert not {"authorization", "cookie", "x-csrftoken"} & fields_of(sent).keys()
            assert SECRET not in sent.partition(b"\r\n\r\n")[0].decode("latin-1")


def _is_logged_in(headers: Headers) -> bool:
    """By one of `LOGINS`: a Basic one hides the secret."""
    return SECRET in f"{headers.pairs}" or "Basic " in (headers.get("authorization") or "")
