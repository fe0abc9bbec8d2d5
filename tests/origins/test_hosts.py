"""Whom a host or a proxy names is read in one way, or it is refused."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn.auth import AccessToken
from cvatfn.errors import ForeignOrigin, TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.transport import connect, in_memory, origin_of
from cvatfn.transport.origins import Url
from cvatfn.transport.settings import read_host, read_proxy
from tests.transport.wire import error_of, value_of

LOOKALIKES = "\uff0f\uff1f\uff03\uff20\uff1a\uff3b\uff3d\uff3c\u2100\u2048\u2488\ufe55\ufe56\ufe6b"
"""What IDNA takes for `/`, `?`, `#`, `@`, `:`, brackets, a backslash, or for letters and those."""

HOSTS = st.lists(
    st.one_of(
        st.sampled_from(["http://", "https://", "cvat.example", "b\xfccher", "\u3002", ".", ":80"]),
        st.sampled_from([*LOOKALIKES, *"/\\@?#:[]%\t\r\n\0 \xad\u200b\u212a\u0130"]),
        st.text(max_size=3),
    ),
    max_size=6,
).map("".join)


def _proxy(text: str) -> Url:
    return read_proxy(text).url


def _or_none(read: Callable[[str], Url], text: str) -> Url | None:
    try:
        return read(text)
    except ValueError:
        return None


@pytest.mark.parametrize("sign", LOOKALIKES)
@pytest.mark.parametrize("read", [read_host, _proxy])
def test_no_letter_of_a_name_ends_it(read: Callable[[str], Url], sign: str) -> None:
    url = _or_none(read, f"https://evil.example{sign}.cvat.example/x")
    assert url is None or url.host.endswith(".cvat.example")


@given(HOSTS)
@example("b\xfccher?")
@example("b\xfccher#x")
def test_a_host_is_read_as_others_read_it_or_refused(text: str) -> None:
    for read in (read_host, _proxy):
        url = _or_none(read, text)
        if url is not None:
            other = urlsplit(text if "://" in text else f"https://{text}")
            told = (other.hostname or "").encode("idna").decode().lower()
            assert url.host == told
            assert url.port == (other.port or {"http": 80, "https": 443}[url.scheme])
            assert url.origin == origin_of(url.origin)


@pytest.mark.parametrize("url", ["http://b\xfccher:8080", "http://x.b\xfccher:8080/cvat"])
def test_a_port_is_no_part_of_a_name_in_other_letters(url: str) -> None:
    assert connect(url).origin in ("http://xn--bcher-kva:8080", "http://x.xn--bcher-kva:8080")


def test_a_name_in_other_letters_is_the_same_one() -> None:
    told = "https://xn--bcher-kva.example"
    for host in ("b\xfccher.example", "B\xdcCHER.Example", "b\xfccher\u3002example:443", told):
        assert connect(host).origin == told


SAME = [
    "https://cvat.example",
    "HTTPS://CVAT.Example",
    "https://cvat.example:443",
    "https://cvat.example:0443",
    "https://cvat.example/tasks?x#y",
]
OTHERS = [
    "http://cvat.example",
    "http://cvat.example:443",
    "https://cvat.example.",
    "https://cvat.example:8443",
    "https://www.cvat.example",
    "https://cvat.example@evil.example",
    "https://evil.example@cvat.example",
    "https://cvat\u3002example",
    "https://\uff43vat.example",
    "https://cvat%2eexample",
    "https://cvat.example\\.evil.example",
    "https://cvat.example\t",
    "https:/cvat.example",
    "https:///cvat.example",
    "//cvat.example",
    "cvat.example",
    "",
]


def _answered(origin: str) -> Outcome[Response, TransportError]:
    home = in_memory(
        lambda _: Response(204), auth=AccessToken("s3cret"), origin="https://cvat.example"
    )
    return home(Request("GET", "/", origin=origin))


@pytest.mark.parametrize("origin", SAME)
def test_an_origin_may_be_written_in_several_ways(origin: str) -> None:
    assert value_of(_answered(origin)).status == 204


@pytest.mark.parametrize("origin", OTHERS)
def test_what_only_looks_like_an_origin_is_another_one(origin: str) -> None:
    error = error_of(_answered(origin))
    assert isinstance(error, ForeignOrigin)
    assert "nothing was sent" in str(error)
