"""What is not the sandbox's fault: it answers as CVAT 2.80, and the recordings are of CVAT 2.73.

Rule: only a difference between the two releases' documents counts, by model and field. What 2.80's
models do not have is lost when the recorded answer is read with them; what came after 2.73 is taken
out of the sandbox's answer, by the ledger.
"""

from __future__ import annotations

from enum import Enum
from functools import cache
from pathlib import Path
from typing import Final

from cvatfn.codecs.building import members
from cvatfn.codecs.plain import is_array, is_mapping
from cvatfn.codecs.unset import UNSET
from generator.tables import load, release

__all__ = ["RECORDED", "as_recorded"]

RECORDED: Final = "2.73.0"
"""The release that was recorded."""
SCHEMA: Final = Path(__file__).parents[2] / "schema"


def as_recorded(answer: object) -> object:
    """An answer as plain JSON values, with nothing that came after the recorded release.

    :param answer: what an endpoint read.
    """
    if isinstance(answer, Enum):
        return answer.value
    if is_mapping(answer):
        return {str(key): as_recorded(held) for key, held in answer.items()}
    if is_array(answer):
        return [as_recorded(held) for held in answer]
    held = dict(members(answer))
    if not held:
        return answer
    model = type(answer).__name__
    return {
        name: as_recorded(value)
        for name, value in held.items()
        if value is not UNSET and f"{model}.{name}" not in _later()
    }


@cache
def _later() -> frozenset[str]:
    """The fields that came after the recorded release, as `Model.field`."""
    fields = load(SCHEMA).ledger.fields
    return frozenset(
        name
        for name, lives in fields.items()
        if lives.since is not None and release(lives.since) > release(RECORDED)
    )
