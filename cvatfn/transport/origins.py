"""Whose server a URL names: origins, read strictly and compared as equal text.

Rule: credentials follow the origin (scheme, host and port, RFC 6454). What cannot be read as one
without doubt is no origin at all, so that it equals none.
"""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import Final
from urllib.parse import quote, urljoin

from attrs import field, frozen

from cvatfn.codecs.masking import without_query
from cvatfn.codecs.secrets import SECRET_NAMES

__all__ = ["Url", "joined", "origin_of", "read_url"]

_URL: Final = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)"
    r"(?::(?P<port>[0-9]{0,5}))?"
    r"(?P<path>/[!-\"$->@-~]*)?"
    r"(?:\?(?P<query>[!-\"$-~]*))?"
    r"(?:#[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_KEPT: Final = "%/?#[]@!$&'()*+,;=:~"


def _query(query: str) -> str:
    return repr(without_query(f"?{query}", SECRET_NAMES)[1:])


@frozen
class Url:
    """An absolute URL in its parts.

    :param scheme: `http` or `https`.
    :param host: in lower case; an IPv6 address is without its brackets.
    :param port: given, or the scheme's own.
    :param path: percent-encoded; empty where the URL has none.
    :param query: as it was written; empty where the URL has none.
    """

    scheme: str
    host: str
    port: int
    path: str = ""
    query: str = field(default="", repr=_query)

    @property
    def authority(self) -> str:
        """The host, with its port where that is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme and authority, as a browser writes them (RFC 6454, section 6.2)."""
        return f"{self.scheme}://{self.authority}"


def read_url(text: str) -> Url | None:
    """Read an absolute `http` or `https` URL; `None` for anything else.

    User names and passwords, control characters and everything outside ASCII are refused.

    :param text: the URL (RFC 3986).

    >>> read_url("https://CVAT.example:8443/api/tasks?page=2")
    Url(scheme='https', host='cvat.example', port=8443, path='/api/tasks', query='page=2')
    >>> read_url("https://me:secret@cvat.example") is None
    True
    """
    found = _URL.fullmatch(text)
    if found is None:
        return None
    scheme = found["scheme"].lower()
    host = _host(found["host"].lower())
    default = _DEFAULT_PORTS.get(scheme)
    port = int(found["port"] or default or 0)
    if default is None or host is None or not 0 < port < 65536:
        return None
    return Url(scheme, host, port, found["path"] or "", found["query"] or "")


def origin_of(url: str) -> str | None:
    """The origin of an absolute URL, written so that equal origins are equal text.

    :param url: an absolute URL.
    :returns: `scheme://host`, with the port where it is not the scheme's own; `None` when it is no
        `http` or `https` URL or is written in a way that could be read in two ways.

    >>> origin_of("HTTPS://Cvat.Example:443/api/tasks?page=2")
    'https://cvat.example'
    >>> origin_of("http://localhost:8080")
    'http://localhost:8080'
    >>> origin_of("https://cvat.example@evil.example/") is None
    True
    """
    read = read_url(url)
    return None if read is None else read.origin


def joined(base: Url, location: str) -> Url | None:
    """Where a `Location` leads from a URL (RFC 9110, section 10.2.2); `None` if it cannot be read.

    :param base: the URL that was asked.
    :param location: the header's value: absolute or relative, its bytes read as Latin-1.

    >>> joined(Url("https", "a.example", 443, "/x/y"), "z?q=1").path
    '/x/z'
    """
    try:
        encoded = quote(location.encode("latin-1"), safe=_KEPT)
        return read_url(urljoin(f"{base.origin}{base.path or '/'}", encoded))
    except ValueError:
        return None


def _host(host: str) -> str | None:
    if not host.startswith("["):
        return host
    try:
        return IPv6Address(host[1:-1]).compressed
    except ValueError:
        return None
