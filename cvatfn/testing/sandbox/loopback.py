"""Sending to receivers on this machine, and nowhere else.

Rule: a sandbox tells nobody outside what happens in it, whatever address a webhook was given. A
name is not looked up: only `localhost` and addresses of the loopback interface are this machine.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final

from cvatfn.errors import ConnectFailed, TransportError
from cvatfn.messages import Request, Response, masked_request
from cvatfn.outcome import Failure, Outcome
from cvatfn.transport.connection import connect
from cvatfn.transport.origins import read_url

__all__ = ["to_loopback"]

PATIENCE: Final = 10.0
"""How many seconds a receiver has, as with CVAT."""


def to_loopback(request: Request) -> Outcome[Response, TransportError]:
    """Send a request to where its `origin` says, if that is on this machine.

    :param request: what to send; the certificate of a receiver that speaks TLS is not asked for.
    :returns: its answer; a failure for any other address, to which nothing is sent.

    >>> to_loopback(Request("POST", "/", origin="https://cvat.example")).failure().reason
    'the sandbox sends to this machine only'
    """
    url = None if request.origin is None else read_url(request.origin)
    if url is None or not _is_here(url.host):
        kept = masked_request(request)
        return Failure(ConnectFailed(kept, "the sandbox sends to this machine only"))
    with connect(url.origin, timeout=PATIENCE, verify=False, max_body=LONGEST) as transport:
        return transport(request)


LONGEST: Final = 1 << 21
"""How many bytes of an answer are read; what is longer than CVAT keeps is not kept anyway."""


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
