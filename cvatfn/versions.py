"""Releases of CVAT: which one a server is, and what lives in it.

Rule: what a server says is read as well as it goes and never raises; what a caller says must be a
version. Endpoints and parameters know their own releases (`since`, `until`), and nothing else is
consulted: they come from the client of one release of each minor version, so that a `since` can be
a release late.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from attrs import Factory, field, frozen
from typing_extensions import override

from cvatfn.api import server
from cvatfn.codecs.problems import Problem
from cvatfn.endpoints import Endpoint, Parameter, with_response
from cvatfn.errors import CallError, TransportError
from cvatfn.interpreting import concluded, misfit
from cvatfn.messages import Request, Response
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.preparing import prepare
from cvatfn.transport.types import Transport

__all__ = ["BASELINE", "Version", "about", "server_version", "supports", "version_of"]

Rank: TypeAlias = tuple[tuple[int, ...], bool, tuple[tuple[int, str, int], ...]]
"""The numbers, whether it is the release itself, and the parts of what stands behind them."""

LONGEST: Final = 64
"""How long a version may be: `About.version` in CVAT's OpenAPI document."""


@frozen(order=True)
class Version:
    """A release of CVAT, in the order in which releases come.

    What stands behind the numbers is a stage on the way to that release, and comes before it:
    `dev`, `alpha`, `beta`, `rc`, then whatever else there is. What follows a `+` names a build and
    does not count. Versions that say the same in other words are equal.

    Source: the versions that CVAT's own build makes (PEP 440), and Semantic Versioning 2.0.0.

    :param text: the version, such as `"2.48.1"`, `"2.48"` or `"2.75.0-alpha.1"`.
    :raises ValueError: the text is no version.

    >>> Version("2.9.1") < Version("2.75.0.dev3") < Version("2.75.0-alpha.1") < Version("2.75")
    True
    >>> Version("2.48") == Version("2.48.0"), str(Version("2.48"))
    (True, '2.48')
    """

    text: str = field(eq=False)
    _rank: Rank = field(
        init=False, repr=False, default=Factory(lambda self: _rank_of(self), takes_self=True)
    )

    @staticmethod
    def read(text: str) -> Version | None:
        """Read what a server says of itself.

        :param text: any text.
        :returns: the version, or `None` if the text is none.

        >>> Version.read("2.75.0-alpha.1"), Version.read("unknown")
        (Version(text='2.75.0-alpha.1'), None)
        """
        return None if _ranked(text) is None else Version(text)

    @override
    def __str__(self) -> str:
        return self.text


def server_version(transport: Transport, /) -> Outcome[Version, CallError]:
    """Ask a server which release of CVAT it is; no login is needed.

    :param transport: what sends.
    :returns: the version; `Undecodable` if what the server says is none; any other error.

    >>> from cvatfn import in_memory
    >>> said = b'{"name":"","description":"","version":"2.80.0","logo_url":"","subtitle":""}'
    >>> server_version(in_memory(lambda request: Response(200, body=said))).unwrap()
    Version(text='2.80.0')
    """
    return version_of(transport(about()))


def about() -> Request:
    """The request that asks a server for its version; pure."""
    return prepare(server.retrieve_about).unwrap()  # it has no parameter that could be wrong


def version_of(reply: Outcome[Response, TransportError]) -> Outcome[Version, CallError]:
    """What a server says of its version; pure.

    :param reply: what the request `about()` came to.

    >>> said = b'{"name":"","description":"","version":"latest","logo_url":"","subtitle":""}'
    >>> version_of(Success(Response(200, body=said))).failure().problems
    (Problem(path='$.version', message="is no version: 'latest'"),)
    """
    endpoint = server.retrieve_about
    match concluded(with_response(endpoint), about(), reply):
        case Failure() as failed:
            return failed
        case Success(answer):
            version = Version.read(answer.value.version)
    if version is None:
        wrong = Problem("$.version", f"is no version: {_shown(answer.value.version)}")
        return Failure(misfit(endpoint, answer.response, about(), (wrong,)))
    return Success(version)


def supports(part: Endpoint[..., object] | Parameter, version: Version | str) -> bool:
    """Whether a release of CVAT has an endpoint, or takes a parameter of it.

    A parameter states only what its endpoint does not: what an endpoint lacks, its parameters do
    too. Fields of bodies are not known: models do not hold their releases at run time.

    :param part: an endpoint, or one of its `parameters`.
    :param version: the release.
    :raises ValueError: the version is none, or the part was declared with one that is none.

    >>> from cvatfn.api import auth
    >>> supports(auth.list_access_tokens, "2.40.1"), supports(auth.list_access_tokens, "2.48.1")
    (False, True)
    >>> [each.name for each in auth.list_access_tokens.parameters if not supports(each, "2.48.1")]
    ['read_only']
    """
    release = Version(version) if isinstance(version, str) else version
    begun = part.since is None or Version(part.since) <= release
    return begun and (part.until is None or release <= Version(part.until))


def _rank_of(version: Version) -> Rank:
    rank = _ranked(version.text)
    if rank is None:
        raise ValueError(f"{_shown(version.text)} is no version such as '2.48.1'")
    return rank


def _shown(text: str) -> str:
    return repr(text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}...")


def _ranked(text: str) -> Rank | None:
    """Where a version stands among all; `None` if the text is none."""
    found = _FORM.fullmatch(text) if len(text) <= LONGEST else None
    if found is None:
        return None
    numbers = [int(number) for number in found["numbers"].split(".")]
    while numbers and not numbers[-1]:
        del numbers[-1]  # 2.48 is 2.48.0
    stage = _PARTS.findall((found["stage"] or "").lower())
    return tuple(numbers), not stage, tuple(map(_part, stage))


def _part(text: str) -> tuple[int, str, int]:
    if text.isdigit():
        return 0, "", int(text)
    name = _SHORT.get(text, text)
    return _STAGES.get(name, len(_STAGES) + 1), name, 0


_FORM: Final = re.compile(
    r"v?(?P<numbers>\d+(?:\.\d+)*)(?:[-._]?(?P<stage>[a-z][a-z0-9._-]*))?(?:\+[a-z0-9._-]+)?",
    re.ASCII | re.IGNORECASE,
)
_PARTS: Final = re.compile(r"\d+|[a-z]+", re.ASCII)
_SHORT: Final = {"a": "alpha", "b": "beta", "c": "rc", "pre": "rc", "preview": "rc"}
_STAGES: Final = {"dev": 1, "alpha": 2, "beta": 3, "rc": 4}

BASELINE: Final = Version("2.40.1")
"""The oldest release that this library supports; the models are made for it and all later ones."""
