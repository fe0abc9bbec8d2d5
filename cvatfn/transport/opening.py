"""What people write to open a connection, as the settings that it is opened from.

Rule: what cannot be meant is refused here, with a `ValueError`; `connect` and `connect_async` take
the same and mean the same.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from cvatfn.messages import HeadersLike
from cvatfn.schedule import Schedule
from cvatfn.transport.credentials import Auth
from cvatfn.transport.fields import TimeoutLike, checked_cookies, checked_headers, read_timeout
from cvatfn.transport.settings import Settings, read_host, read_proxy

__all__ = ["ClientCertificate", "settings_of"]

ClientCertificate: TypeAlias = (
    str | os.PathLike[str] | tuple[str | os.PathLike[str], str | os.PathLike[str]]
)
"""A file (PEM) with a certificate and its key, or a file for each."""


def settings_of(
    host: str,
    *,
    auth: Auth | None,
    organization: str | None,
    headers: HeadersLike,
    cookies: Mapping[str, str] | None,
    timeout: TimeoutLike,
    retry: Schedule | None,
    proxy: str | None,
    verify: bool,
    ca_bundle: str | os.PathLike[str] | None,
    client_certificate: ClientCertificate | None,
    pool_size: int,
    max_body: int,
) -> Settings:
    """The settings; the parameters are those of `connect`.

    :raises ValueError: an argument that cannot be what was meant.
    """
    if pool_size < 0 or max_body < 0:
        raise ValueError("pool_size and max_body must be zero or more")
    if ca_bundle is not None and not Path(ca_bundle).exists():
        raise ValueError(f"ca_bundle: there is no {os.fspath(ca_bundle)!r}")
    certificate = None if client_certificate is None else _pair(client_certificate)
    for path in certificate or ():
        if not Path(path).is_file():
            raise ValueError(f"client_certificate: there is no file {path!r}")
    own = checked_headers(headers)
    return Settings(
        url=read_host(host),
        auth=auth,
        organization=organization,
        headers=own,
        cookies=checked_cookies(cookies or {}),
        timeout=read_timeout(timeout),
        retry=retry,
        proxy=None if proxy is None else read_proxy(proxy),
        verify=verify,
        ca_bundle=None if ca_bundle is None else os.fspath(ca_bundle),
        client_certificate=certificate,
        pool_size=pool_size,
        max_body=max_body,
    )


def _pair(given: ClientCertificate) -> tuple[str, str]:
    certificate, key = given if isinstance(given, tuple) else (given, given)
    return os.fspath(certificate), os.fspath(key)
