"""The floor that fidelity may not fall below: how many exchanges agreed, by area, when last raised.

Rule: the floor only goes up. A place is lost by breaking what was right, or by a recording that
nobody answers yet; both are for a person to look at, so nothing here ever lowers it.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from tests.fidelity.replaying import Verdict

__all__ = ["FLOOR", "below", "raised", "read_floor", "tally", "written"]

FLOOR: Final = Path(__file__).parent / "floor.toml"


def tally(verdicts: Iterable[Verdict]) -> Mapping[str, int]:
    """How many exchanges agree, by area; areas where none does among them.

    :param verdicts: the verdicts.
    """
    counts: Counter[str] = Counter()
    for verdict in verdicts:
        counts[verdict.recorded.area] += verdict.agrees
    return counts


def read_floor(path: Path = FLOOR) -> Mapping[str, int]:
    """The floor, by area.

    :param path: the file it is in.
    """
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), dict[str, int])


def below(counts: Mapping[str, int], floor: Mapping[str, int]) -> Mapping[str, tuple[int, int]]:
    """The areas that fell: how many agree, and how many should.

    :param counts: how many agree now.
    :param floor: how many agreed before.

    >>> below({"tasks": 3, "jobs": 5}, {"tasks": 4, "jobs": 5})
    {'tasks': (3, 4)}
    """
    return {
        area: (counts.get(area, 0), least)
        for area, least in floor.items()
        if counts.get(area, 0) < least
    }


def raised(counts: Mapping[str, int], floor: Mapping[str, int]) -> Mapping[str, int]:
    """The floor where it is higher now, and as it was elsewhere.

    >>> raised({"tasks": 3, "jobs": 6}, {"tasks": 4, "jobs": 5})
    {'jobs': 6, 'tasks': 4}
    """
    areas = sorted({*counts, *floor})
    return {area: max(counts.get(area, 0), floor.get(area, 0)) for area in areas}


def written(floor: Mapping[str, int]) -> str:
    """The floor as its file has it.

    >>> print(written({"jobs": 6}), end="")
    # How many recorded exchanges of each area the sandbox answers as the server did, at least.
    # `make fidelity RAISE=1` writes higher numbers here; nothing writes lower ones.
    jobs = 6
    """
    lines = [f"{area} = {least}" for area, least in floor.items()]
    return "\n".join([*_HEAD, *lines, ""])


_HEAD: Final = (
    "# How many recorded exchanges of each area the sandbox answers as the server did, at least.",
    "# `make fidelity RAISE=1` writes higher numbers here; nothing writes lower ones.",
)
