"""What a form is: how the values of one type become plain JSON, and come back.

Rule: nothing is raised because of a value or of a file. What does not fit is noted with its place,
and nobody looks at what was returned for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from attrs import define, field, frozen

from cvatfn.codecs.problems import Problem, at_index, at_key

__all__ = ["MOST_PROBLEMS", "Form", "Function", "Place", "Reading", "Writing", "noted", "path_of"]

Function: TypeAlias = Callable[..., object]
"""What a state holds and a file cannot."""
"""What a state holds and a file cannot."""

Place: TypeAlias = tuple["Place | None", str | int] | None
"""Where in a value one is: the place around it, and the name or number in that."""
"""Where in a value one is: the place around it, and the name or number in that."""

MOST_PROBLEMS: Final = 20
"""How many problems are told; a hostile file has more, and nobody reads them."""


@define
class Writing:
    """What comes of writing beside the JSON.

    :param contents: bytes by their digest.
    :param problems: what could not be written.
    """

    contents: dict[str, bytes] = field(factory=dict[str, bytes])
    problems: list[Problem] = field(factory=list[Problem])


@define
class Reading:
    """What reading needs beside the JSON.

    :param contents: bytes by their digest.
    :param functions: by name, what a file cannot hold.
    :param problems: what did not fit.
    """

    contents: Mapping[str, bytes]
    functions: Mapping[str, Function]
    problems: list[Problem] = field(factory=list[Problem])


@frozen
class Form:
    """How the values of one type are written and read.

    :param write: gives what JSON holds of a value.
    :param read: gives the value; where it does not fit, a problem is noted, and anything returned.
    """

    write: Callable[[object, Writing, Place], object]
    read: Callable[[object, Reading, Place], object]


def path_of(place: Place) -> str:
    """A place as a JSON path.

    >>> path_of(((None, "tasks"), 3))
    '$.tasks[3]'
    """
    if place is None:
        return "$"
    around, name = place
    return (
        at_index(path_of(around), name) if isinstance(name, int) else at_key(path_of(around), name)
    )


def noted(problems: list[Problem], place: Place, said: str) -> object:
    """Note a problem.

    :param problems: those that were noted before.
    :param place: where it is.
    :param said: what is wrong.
    :returns: nothing that is of use, in the place of a value.
    """
    if len(problems) < MOST_PROBLEMS:
        problems.append(Problem(path_of(place), said))
    return None
