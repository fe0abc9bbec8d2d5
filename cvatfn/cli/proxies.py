"""Through whom to go: what the environment says of proxies, as other programs read it.

Rule: `CVATFN_PROXY` is for this program alone and comes first. Of the others small letters come
before capitals, and `NO_PROXY` names hosts, or ends of them, that are reached straight.
"""

from __future__ import annotations

from collections.abc import Mapping

from cvatfn.transport.settings import read_host

__all__ = ["proxy_for"]


def proxy_for(server: str, environ: Mapping[str, str]) -> str | None:
    """The proxy for a server.

    :param server: the server's URL.
    :param environ: what the environment says.
    :returns: the proxy's URL, perhaps with its login; `None` to go straight.

    >>> here = {"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "localhost,.lab.example"}
    >>> proxy_for("https://cvat.example", here), proxy_for("https://cvat.lab.example", here)
    ('http://proxy.example:3128', None)
    """
    if "CVATFN_PROXY" in environ:
        return environ["CVATFN_PROXY"] or None
    url = read_host(server)
    if _is_excepted(url.host, url.authority, _said(environ, "no_proxy")):
        return None
    return _said(environ, f"{url.scheme}_proxy") or _said(environ, "all_proxy") or None


def _said(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.upper()) or ""


def _is_excepted(host: str, authority: str, said: str) -> bool:
    for entry in said.lower().replace(",", " ").split():
        name = entry.removeprefix("*").removeprefix(".")
        if entry == "*" or name in (host, authority) or host.endswith(f".{name}"):
            return True
    return False
