"""Asking for the links that lead out of the repository, on request only: `make links`.

Rule: what is elsewhere may be down, so no test and no build depends on it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from handbook.links import links, pages

__all__ = ["asked", "outward"]

PATIENCE = 20.0
"""How many seconds are waited for an answer."""


def outward(root: Path) -> dict[str, tuple[str, ...]]:
    """The links that lead out of the repository, each with the pages that have it.

    :param root: the repository.
    """
    found: dict[str, list[str]] = {}
    for page, text in pages(root).items():
        for link in links(text):
            if link.leads_out:
                found.setdefault(link.target.partition("#")[0], []).append(page)
    return {target: tuple(dict.fromkeys(held)) for target, held in sorted(found.items())}


def asked(root: Path) -> int:
    """Ask for each of them, and tell what came back.

    :param root: the repository.
    :returns: how many were not there, at most 1.
    """
    gone = 0
    for target, held in outward(root).items():
        told = _answer(target)
        gone |= told is not None
        print(f"{'there' if told is None else told:20} {target}  ({', '.join(held)})", flush=True)
    return gone


def _answer(target: str) -> str | None:
    """What is wrong with a link; nothing where it is answered."""
    if not target.startswith(("http://", "https://")):
        return None
    asking = Request(target, headers={"User-Agent": "cvatfn-links"})  # noqa: S310 - looked at above
    try:
        with urlopen(asking, timeout=PATIENCE):  # noqa: S310 - as above
            return None
    except HTTPError as error:
        return f"status {error.code}"
    except (URLError, OSError) as error:
        print(error, file=sys.stderr)
        return "not reached"
