"""What a release has: an older server has no operation and no field that came after it.

Rule: the world's version decides. With which release an endpoint came, it says itself; with which
one a field of an answer, who writes the answer. A version that cannot be read has everything.
"""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.testing.sandbox.gates.earlier import EARLIER
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint, Matched
from cvatfn.versions import Version, supports

__all__ = ["as_of", "has", "served"]


def has(version: str, since: str) -> bool:
    """Whether a server of a version has what came with a release.

    :param version: the server's.
    :param since: the release.

    >>> has("2.73.0", "2.74.1"), has("2.80.0", "2.74.1"), has("develop", "2.74.1")
    (False, True, True)
    """
    release = Version.read(version)
    return release is None or Version(since) <= release


def served(matched: Matched | None, version: str) -> Matched | None:
    """What answers at a path on a server of a version; nothing if all of it came later.

    :param matched: what answers there on a server that has everything.
    :param version: the server's.

    >>> from cvatfn.testing.sandbox.gates.routing import match_path
    >>> sorted(served(match_path("/api/quality/settings/1"), "2.73.0").endpoints)
    ['GET', 'PATCH']
    >>> served(match_path("/api/quality/settings/requirements"), "2.73.0") is None
    True
    """
    release = Version.read(version)
    if matched is None or release is None:
        return matched
    endpoints = {
        method: known
        for method, endpoint in matched.endpoints.items()
        if (known := _known(endpoint, release)) is not None
    }
    return evolve(matched, endpoints=endpoints) if endpoints else None


def as_of(value: object, version: str, since: Mapping[str, str]) -> object:
    """A JSON value as a server of a version writes it, without the fields that came later.

    :param value: with the fields of all releases.
    :param version: the server's.
    :param since: by name, with which release a field came, wherever in the value it is.

    >>> as_of({"rows": [{"id": 1, "dice": 0.5}]}, "2.74.1", {"dice": "2.75.0"})
    {'rows': [{'id': 1}]}
    """
    later = frozenset(name for name, release in since.items() if not has(version, release))
    return _without(value, later) if later else value


def _known(endpoint: AnyEndpoint, release: Version) -> AnyEndpoint | None:
    """An endpoint as a release knew it; nothing if it came later."""
    before = EARLIER.get(endpoint.name)
    if before is not None and supports(before, release):
        return before
    return endpoint if supports(endpoint, release) else None


def _without(value: object, names: frozenset[str]) -> object:
    if is_array(value):
        return [_without(held, names) for held in value]
    if is_mapping(value):
        return {key: _without(held, names) for key, held in value.items() if key not in names}
    return value
