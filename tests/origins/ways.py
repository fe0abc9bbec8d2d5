"""The ways in which a transport comes about: options, wrappers, proxies, functions of one's own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from attrs import frozen

from cvatfn import Transport, connect
from cvatfn.auth import AccessToken, Auth, Basic, Session, Token
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.outcome import Outcome
from cvatfn.schedule import constant
from cvatfn.transport import (
    authenticated,
    in_organization,
    logged,
    origin_of,
    rate_limited,
    recorded,
    retrying,
    with_headers,
    with_timeout,
)

__all__ = ["LOGINS", "SECRET", "WAYS", "Home", "goes_anywhere"]

SECRET: Final = "s3cret"
"""It is in every login, header field, cookie and body that goes to the home server."""

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    LOGINS: Final[tuple[Auth, ...]] = (
        AccessToken(SECRET),
        Basic("ada", SECRET),
        Token(SECRET),
        Session(SECRET, f"{SECRET}-csrf"),
    )


@frozen
class Home:
    """The server that is trusted.

    :param url: where it is.
    :param ca_bundle: who signed its certificate, if it has one.
    :param proxy: through whom to go there, if not straight.
    :param folder: for recordings.
    :param stack: closes connections.
    """

    url: str
    ca_bundle: str | None
    proxy: str | None
    folder: Path
    stack: ExitStack


def _straight(home: Home, auth: Auth | None = None) -> Transport:
    opened = connect(home.url, auth=auth, ca_bundle=home.ca_bundle, proxy=home.proxy, timeout=9)
    return home.stack.enter_context(opened)


def _with_options(home: Home, auth: Auth) -> Transport:
    opened = connect(
        home.url,
        auth=auth,
        ca_bundle=home.ca_bundle,
        proxy=home.proxy,
        headers={"X-Api-Key": SECRET},
        cookies={"c": SECRET},
        organization=SECRET,
        retry=constant(0.001, attempts=2),
        timeout=9,
    )
    return home.stack.enter_context(opened)


WAYS: Final[dict[str, Callable[[Home, Auth], Transport]]] = {
    "connect": _straight,
    "options": _with_options,
    "authenticated": lambda home, auth: authenticated(_straight(home), auth, home.url),
    "with_headers": lambda home, auth: with_headers(_straight(home, auth), {"X-Key": SECRET}),
    "in_organization": lambda home, auth: in_organization(_straight(home, auth), SECRET),
    "with_timeout": lambda home, auth: with_timeout(_straight(home, auth), 9),
    "retrying": lambda home, auth: retrying(
        _straight(home, auth), constant(1.0, attempts=2), sleep=lambda _: None
    ),
    "logged": lambda home, auth: logged(_straight(home, auth)),
    "recorded": lambda home, auth: recorded(_straight(home, auth), home.folder / "r.jsonl"),
    "rate_limited": lambda home, auth: rate_limited(_straight(home, auth), 9_999),
    "all of them": lambda home, auth: logged(
        in_organization(
            retrying(
                authenticated(with_headers(_straight(home), {"X-Key": SECRET}), auth, home.url),
                constant(1.0, attempts=2),
                sleep=lambda _: None,
            ),
            SECRET,
        )
    ),
}


def goes_anywhere(home: str) -> Transport:
    """A transport that somebody wrote who asks whomever a request is meant for.

    :param home: where requests go that are meant for nobody.
    """

    def send(request: Request) -> Outcome[Response, TransportError]:
        origin = request.origin and origin_of(request.origin)
        with connect(origin or home, timeout=9) as there:
            return there(request)

    return send
