"""What a connection is opened from: settings as a value, read from what people write.

Rule: it is frozen, pickles, and shows no secret. What cannot be meant is refused here, with a
`ValueError` that repeats no secret either; what a server does is no business of this file.
"""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Final
from urllib.parse import unquote

from attrs import Attribute, evolve, field, fields, frozen
from typing_extensions import override

from cvatfn.codecs.clearing import shown
from cvatfn.codecs.secrets import MASK, repr_pretty
from cvatfn.messages import Headers, Timeout
from cvatfn.schedule import Schedule
from cvatfn.transport.credentials import Auth
from cvatfn.transport.origins import Url, read_url

__all__ = ["DEFAULT_MAX_BODY", "DEFAULT_TIMEOUT", "Proxy", "Settings", "read_host", "read_proxy"]

DEFAULT_TIMEOUT: Final = Timeout(connect=10.0, read=60.0, answer=3600.0, rate=500.0)
"""No time for the whole, which would cut honest files; and yet nothing lasts for ever."""

DEFAULT_MAX_BODY: Final = 1 << 30
LARGEST_REFUSAL: Final = 1 << 24
"""How much is read of what is no success, in bytes: what went wrong is told in fewer."""

_PARTING: Final = re.compile(r"[/?#@:\[\]\\]")
"""What parts a URL: none of it may come of a name's letters (Unicode TR 46, section 4)."""


def _names(headers: Headers) -> str:
    return f"({', '.join(f'{name}: {MASK}' for name, _ in headers)})"


@frozen
class Proxy:
    """Through whom to go, and the login for it alone."""

    url: Url
    login: Headers = field(default=Headers())


@frozen(kw_only=True, repr=False)
class Settings:
    """All that a connection is opened from; it is shown as the call that makes it."""

    url: Url
    auth: Auth | None = None
    organization: str | None = None
    headers: Headers = field(default=Headers(), repr=_names)
    cookies: Headers = field(default=Headers(), repr=_names)
    timeout: Timeout = DEFAULT_TIMEOUT
    retry: Schedule | None = None
    proxy: Proxy | None = field(default=None, repr=lambda proxy: proxy and repr(proxy.url.origin))
    verify: bool = True
    ca_bundle: str | None = None
    client_certificate: tuple[str, str] | None = None
    pool_size: int = 16
    max_body: int = DEFAULT_MAX_BODY

    _repr_pretty_ = repr_pretty

    def accepted(self, wanted: int | None) -> int:
        """How large the content of a 2xx answer may be, in bytes.

        :param wanted: what the request says of it.
        """
        return self.max_body if wanted is None else min(wanted, self.max_body)

    @property
    def largest_refusal(self) -> int:
        """How much is read of any other answer."""
        return min(LARGEST_REFUSAL, self.max_body)

    @override
    def __repr__(self) -> str:
        options = "".join(
            f", {option.name}={_shown(option, self)}"
            for option in fields(Settings)
            if option.name != "url" and getattr(self, option.name) != option.default
        )
        return f"connect({self.url.origin + self.url.path!r}{options})"


def read_host(host: str) -> Url:
    """Where to connect.

    :param host: a URL with or without a path, or a bare name, which means https.
    :raises ValueError: it is no such thing, or holds credentials.

    >>> read_host("cvat.example/base/")
    Url(scheme='https', host='cvat.example', port=443, path='/base', query='')
    """
    url = _read(host if "://" in host else f"https://{host}", "host")
    if url.query:
        raise ValueError(f"host is a server, not a page: leave out the query of {shown(host)}")
    return evolve(url, path=url.path.rstrip("/"))


def read_proxy(proxy: str) -> Proxy:
    """Through whom to connect.

    :param proxy: a URL, with a login if the proxy wants one; a bare name means http.
    :raises ValueError: it is no such thing; the message does not repeat the login.

    >>> read_proxy("http://me:s3cret@proxy.example:3128").login
    Headers(Proxy-Authorization: ***)
    """
    scheme, separator, rest = proxy.partition("://")
    if not separator:
        scheme, rest = "http", proxy
    login, at, authority = rest.rpartition("@")
    url = _read(f"{scheme}://{authority}", "proxy")
    if not at:
        return Proxy(url)
    text = b64encode(unquote(login).encode()).decode()
    return Proxy(url, Headers((("Proxy-Authorization", f"Basic {text}"),)))


def _read(text: str, what: str) -> Url:
    if "@" in text:
        raise ValueError(f"{what} holds credentials: give them as `auth`, not in the URL")
    scheme, _, rest = text.partition("://")
    name = _PARTING.split(rest, maxsplit=1)[0]
    try:
        if not name.isascii():
            encoded = name.encode("idna").decode("ascii")
            if _PARTING.search(encoded):  # U+FF0F is a slash to IDNA: the host would end before it
                raise UnicodeError
            text = f"{scheme}://{encoded}{rest[len(name) :]}"
    except UnicodeError:
        raise ValueError(f"{what} is no name of a server: {name!r}") from None
    url = read_url(text)
    if url is None:
        raise ValueError(f"{what} is no http or https URL: {shown(text)}")
    return url


def _shown(option: Attribute[object], settings: Settings) -> str:
    value: object = getattr(settings, option.name)
    return option.repr(value) if callable(option.repr) else repr(value)
