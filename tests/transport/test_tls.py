"""Who the server is, is proved before anything is said; through a proxy as well."""

from __future__ import annotations

import pickle
import socket
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)
from typing_extensions import Buffer

import cvatfn
from cvatfn.auth import AccessToken
from cvatfn.errors import ConnectFailed, ConnectionLost, TimedOut, TlsFailed
from cvatfn.messages import Request
from cvatfn.outcome import Failure
from cvatfn.transport.retries import may_pass
from tests.transport.conftest import Authority, Connect, Serve
from tests.transport.wire import (
    Behaviour,
    Peer,
    Server,
    always,
    copied,
    doing,
    error_of,
    fields_of,
    ok,
    relay,
    saying,
    value_of,
)

pytestmark = pytest.mark.every_loop
POST = Request("POST", "/api/tasks", body=b"{}")
SHORT = 0.3
PATIENT = 5.0  # far more than any machine needs for what is to be over after SHORT


def test_a_server_with_a_trusted_certificate_is_served(
    connect: Connect, authority: Authority
) -> None:
    with Server(always(ok(b"x" * 300_000)), authority.right) as server:
        with connect(server.url, ca_bundle=Path(authority.ca_bundle)) as transport:
            for _ in range(3):
                assert len(value_of(transport(POST)).body) == 300_000
        assert server.connections == 1


def test_a_connection_over_tls_pickles_by_its_settings(authority: Authority) -> None:
    with (
        Server(always(ok()), authority.right) as server,
        cvatfn.connect(server.url, ca_bundle=authority.ca_bundle) as transport,
        pickle.loads(pickle.dumps(transport)) as again,  # noqa: S301 - our own pickle
    ):
        assert value_of(again(POST)).status == 200


def test_bytes_that_tls_has_decrypted_but_nobody_asked_for_end_a_link(
    connect: Connect,
    authority: Authority,
) -> None:
    answer = ok(b"x" * 60_000)
    with (
        Server(always(answer + b"HTTP/1.1 200 OK\r\n"), authority.right) as server,
        connect(server.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        for _ in range(3):
            assert value_of(transport(POST)).body == b"x" * 60_000
        assert server.connections == 3


def test_an_unknown_authority_is_refused_and_told_what_to_do(
    connect: Connect, authority: Authority
) -> None:
    with Server(always(ok()), authority.right) as server, connect(server.url) as transport:
        error = error_of(transport(POST))
        assert isinstance(error, TlsFailed)
        assert not error.may_have_acted
        assert "unable to get local issuer certificate" in error.reason
        assert "ca_bundle" in str(error)
        assert server.requests == []


def test_a_certificate_for_another_name_is_refused(connect: Connect, authority: Authority) -> None:
    with (
        Server(always(ok()), authority.other_name) as server,
        connect(server.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        error = error_of(transport(POST))
        assert isinstance(error, TlsFailed)
        assert "IP address mismatch" in error.reason
        assert server.requests == []


def test_a_client_shows_its_certificate_to_a_server_that_asks(
    connect: Connect, authority: Authority
) -> None:
    bundle, certificate = authority.ca_bundle, authority.client
    with Server(always(ok(b"x")), authority.asking) as server:
        for shown in (certificate, (Path(certificate), Path(certificate))):
            with connect(server.url, ca_bundle=bundle, client_certificate=shown) as transport:
                assert value_of(transport(POST)).body == b"x"
        with connect(server.url, ca_bundle=bundle) as transport:
            error = error_of(transport(POST))
            assert isinstance(error, TlsFailed | ConnectionLost)
        assert len(server.requests) == 2


def test_a_proxy_is_not_shown_the_certificate(connect: Connect, authority: Authority) -> None:
    bundle, certificate = authority.ca_bundle, authority.client
    with (
        Server(always(ok()), authority.right) as server,
        Server(_tunnelling(lambda: server.port), authority.asking) as proxy,
        connect(
            server.url, proxy=proxy.url, ca_bundle=bundle, client_certificate=certificate
        ) as transport,
    ):
        assert isinstance(transport(POST), Failure)
        assert server.requests == []


def test_a_server_behind_a_proxy_is_shown_the_certificate(
    connect: Connect, authority: Authority
) -> None:
    bundle, certificate = authority.ca_bundle, authority.client
    with (
        Server(always(ok(b"x")), authority.asking) as server,
        Server(_tunnelling(lambda: server.port), authority.right) as proxy,
        connect(
            server.url, proxy=proxy.url, ca_bundle=bundle, client_certificate=certificate
        ) as transport,
    ):
        assert value_of(transport(POST)).body == b"x"


def test_a_key_that_has_a_password_is_not_asked_for(
    connect: Connect, authority: Authority, tmp_path: Path
) -> None:
    locked = tmp_path / "locked.pem"
    key = load_pem_private_key(Path(authority.client).read_bytes(), None)
    locked.write_bytes(
        key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open sesame")
        )
    )
    pair = authority.client, locked
    with connect("https://127.0.0.1:9", client_certificate=pair) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, TlsFailed)


def test_a_certificate_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="client_certificate: there is no file"):
        cvatfn.connect("cvat.example", client_certificate=tmp_path / "none.pem")


def test_verification_can_be_switched_off(connect: Connect, authority: Authority) -> None:
    with (
        Server(always(ok(b"x")), authority.other_name) as server,
        connect(server.url, verify=False) as transport,
    ):
        assert value_of(transport(POST)).body == b"x"


def test_a_server_that_speaks_no_tls_is_a_failure_of_tls(connect: Connect, serve: Serve) -> None:
    url = serve(lambda peer: peer.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")).url
    with connect(url.replace("http:", "https:")) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, TlsFailed)
    assert not error.may_have_acted


@pytest.mark.parametrize("end", [Peer.reset, Peer.close], ids=["reset", "closed"])
def test_a_handshake_that_breaks_off_is_no_connection_and_may_pass(
    connect: Connect, serve: Serve, end: Callable[[Peer], None]
) -> None:
    """It says nothing of who the server is: a gateway that starts anew does so."""
    url = serve(doing(Peer.pull, end)).url
    with connect(url.replace("http:", "https:")) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, ConnectFailed)
    assert not error.may_have_acted
    assert may_pass(Failure(error))


@pytest.mark.parametrize("content", ["nothing of a certificate", ""])
def test_a_bundle_that_holds_no_certificate_is_a_failure_of_tls(
    connect: Connect, tmp_path: Path, serve: Serve, content: str
) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text(content)
    server = serve(always(ok()))
    with connect(server.url.replace("http:", "https:"), ca_bundle=bundle) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, TlsFailed)
    assert server.connections == 0


def test_a_folder_of_certificates_will_do(
    connect: Connect, tmp_path: Path, authority: Authority
) -> None:
    with (
        Server(always(ok()), authority.right) as server,
        connect(server.url, ca_bundle=tmp_path) as transport,
    ):
        assert isinstance(error_of(transport(POST)), TlsFailed)


def _tunnelling(to: Callable[[], int], answer: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> Behaviour:
    def behaviour(peer: Peer) -> None:
        if peer.request() is not None:
            peer.send(answer)
            relay(peer, ("127.0.0.1", to()))

    return behaviour


def test_https_goes_through_a_tunnel_that_learns_only_the_address(
    connect: Connect, authority: Authority, serve: Serve
) -> None:
    with Server(always(ok(b"x")), authority.right) as server:
        proxy = serve(_tunnelling(lambda: server.port))
        with connect(
            server.url,
            auth=AccessToken("s3cret"),
            proxy=proxy.url.replace("//", "//me:pr%40xy@"),
            ca_bundle=authority.ca_bundle,
        ) as transport:
            for _ in range(2):
                assert value_of(transport(POST)).body == b"x"
        [asked] = proxy.requests
        assert asked.startswith(b"CONNECT 127.0.0.1:%d HTTP/1." % server.port)
        assert fields_of(asked)["proxy-authorization"] == "Basic bWU6cHJAeHk="
        assert b"s3cret" not in asked
        assert all(b"proxy" not in sent.lower() for sent in server.requests)
        assert len(server.requests) == 2


def test_a_tunnel_through_a_proxy_that_speaks_tls(connect: Connect, authority: Authority) -> None:
    with (
        Server(always(ok(b"x")), authority.right) as server,
        Server(_tunnelling(lambda: server.port), authority.right) as proxy,
        connect(server.url, proxy=proxy.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        assert value_of(transport(POST)).body == b"x"


def test_a_large_body_goes_through_tls_in_tls(connect: Connect, authority: Authority) -> None:
    with (
        Server(always(ok(b"x")), authority.right) as server,
        Server(_tunnelling(lambda: server.port), authority.right) as proxy,
        connect(server.url, proxy=proxy.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        for _ in range(3):
            large = Request("POST", "/data", body=bytes(3_000_000))
            assert value_of(transport(large)).body == b"x"
        assert [len(each) for each in server.requests] == [len(server.requests[0])] * 3
        assert server.connections == 1


@pytest.mark.parametrize(
    "unasked", [b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\ny", b"y" * 50_000]
)
def test_bytes_that_nobody_asked_for_end_a_link_of_tls_in_tls(
    connect: Connect, authority: Authority, unasked: bytes
) -> None:
    with (
        Server(always(ok(b"x") + unasked), authority.right) as server,
        Server(_tunnelling(lambda: server.port), authority.right) as proxy,
        connect(server.url, proxy=proxy.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        for _ in range(3):
            assert value_of(transport(POST)).body == b"x"
        assert server.connections == 3


@pytest.mark.parametrize("quickly", [0, 4000], ids=["handshake", "answer"])
def test_a_trickle_within_tls_in_tls_ends_with_the_time_for_the_whole(
    connect: Connect, authority: Authority, quickly: int
) -> None:
    """Each piece is in time, and none of them makes a record of the inner TLS whole."""

    def dripping(peer: Peer) -> None:
        if peer.request() is None:
            return
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        with socket.create_connection(("127.0.0.1", server.port)) as other:
            asking = threading.Thread(target=copied, args=(peer.sock, other))
            asking.start()
            left = quickly
            while data := other.recv(1 << 16):
                peer.send(data[:left])
                for at in range(left, len(data)):
                    peer.send(data[at : at + 1])
                    if proxy.over.wait(0.01):
                        break
                left = max(0, left - len(data))
            asking.join()

    with (
        Server(always(ok(b"x" * 3000)), authority.right) as server,
        Server(dripping, authority.right) as proxy,
    ):
        began = monotonic()
        with connect(
            server.url, proxy=proxy.url, ca_bundle=authority.ca_bundle, timeout=SHORT
        ) as transport:
            error = error_of(transport(POST))
        assert monotonic() - began < PATIENT
        assert isinstance(error, TimedOut)
        assert error.may_have_acted is bool(quickly)


def test_the_certificate_behind_a_tunnel_is_checked(
    connect: Connect, authority: Authority, serve: Serve
) -> None:
    with Server(always(ok()), authority.other_name) as server:
        proxy = serve(_tunnelling(lambda: server.port))
        with connect(server.url, proxy=proxy.url, ca_bundle=authority.ca_bundle) as transport:
            assert isinstance(error_of(transport(POST)), TlsFailed)
        assert server.requests == []


def test_a_proxy_that_refuses_the_tunnel_is_a_failed_connection(
    connect: Connect, serve: Serve
) -> None:
    proxy = serve(always(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"))
    with connect("https://cvat.invalid", proxy=proxy.url) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, ConnectFailed)
    assert not error.may_have_acted
    assert "the proxy 127.0.0.1" in error.reason
    assert "407" in error.reason


def test_a_proxy_that_answers_nonsense_is_a_failed_connection(
    connect: Connect, serve: Serve
) -> None:
    for answer in (b"", b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"):
        proxy = serve(saying(answer))
        with connect("https://cvat.invalid", proxy=proxy.url) as transport:
            error = error_of(transport(POST))
        assert isinstance(error, ConnectFailed)


def test_a_proxy_that_trickles_is_given_up_in_time(connect: Connect, serve: Serve) -> None:
    def behaviour(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\n")
        while peer.quiet_for(0.01):
            peer.send(b"X: y\r\n")

    proxy = serve(behaviour)
    for timeout in (0.1, (0.1, None)):
        with connect("https://cvat.invalid", proxy=proxy.url, timeout=timeout) as transport:
            error = error_of(transport(POST))
        assert isinstance(error, TimedOut)
        assert not error.may_have_acted


def test_a_proxy_whose_answer_has_no_end_is_given_up(connect: Connect, serve: Serve) -> None:
    proxy = serve(saying(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 2_000_000))
    with connect("https://cvat.invalid", proxy=proxy.url, timeout=None) as transport:
        error = error_of(transport(POST))
    assert isinstance(error, ConnectFailed)


def test_a_server_may_refuse_a_body_before_it_has_read_it(
    connect: Connect, authority: Authority
) -> None:
    refused = ok(b"too much", "Connection: close", status="413 Payload Too Large")

    def behaviour(peer: Peer) -> None:
        peer.head()
        peer.send(refused)

    with (
        Server(behaviour, authority.right) as server,
        connect(server.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        response = value_of(transport(Request("POST", "/data", body=bytes(50_000_000))))
    assert (response.status, response.body) == (413, b"too much")


def test_one_wait_over_tls_is_for_one_record(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sendall` has one limit for all that it is given: a slow line would be no line."""
    given: list[int] = []
    sendall = ssl.SSLSocket.sendall

    def noting(sock: ssl.SSLSocket, data: Buffer, flags: int = 0) -> None:
        given.append(memoryview(data).nbytes)
        sendall(sock, data, flags)

    with (
        Server(always(ok(b"x")), authority.right) as server,
        cvatfn.connect(server.url, ca_bundle=authority.ca_bundle) as transport,
    ):
        monkeypatch.setattr(ssl.SSLSocket, "sendall", noting)
        value_of(transport(Request("POST", "/data", body=bytes(1_000_000))))
    assert sum(given) > 1_000_000
    assert max(given) <= 1 << 14


def test_plain_http_goes_to_the_proxy_with_its_whole_address(
    connect: Connect, serve: Serve
) -> None:
    proxy = serve(always(ok(b"x")))
    login = proxy.url.replace("//", "//me:secret@")
    with connect("http://cvat.invalid:8080", auth=AccessToken("t"), proxy=login) as transport:
        assert value_of(transport(Request("GET", "/api/x", (("a", "b"),)))).body == b"x"
    [asked] = proxy.requests
    assert asked.startswith(b"GET http://cvat.invalid:8080/api/x?a=b HTTP/1.1\r\n")
    assert fields_of(asked)["host"] == "cvat.invalid:8080"
    assert fields_of(asked)["proxy-authorization"] == "Basic bWU6c2VjcmV0"


def test_a_proxy_that_is_not_there_is_named(connect: Connect) -> None:
    with Server(always(ok())) as closed:
        pass
    for host in ("http://cvat.invalid", "https://cvat.invalid"):
        with connect(host, proxy=closed.url) as transport:
            error = error_of(transport(POST))
        assert isinstance(error, ConnectFailed)
        assert error.reason == f"the proxy 127.0.0.1:{closed.port}: Connection refused"
