"""What is wrong with data, and where: the common words of all codecs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from attrs import field, frozen
from typing_extensions import override

from cvatfn.codecs.showing import readable

__all__ = ["DecodeError", "Problem", "at_index", "at_key", "lines_of"]

_MOST_LINES: Final = 50
"""How many problems are told; the error holds all of them."""


@frozen
class Problem:
    """One thing that is wrong.

    :param path: where: a parameter's name, or a JSON path such as `$.results[3].owner.id`.
    :param message: what, as the rest of a sentence.

    >>> print(Problem("$.name", "expected str, got int"))
    $.name: expected str, got int
    """

    path: str
    message: str

    @override
    def __str__(self) -> str:
        return readable(f"{self.path}: {self.message}")


def _size(data: object) -> str:
    return f"<{len(data)} bytes>" if isinstance(data, bytes) else f"<{type(data).__name__}>"


@frozen
class DecodeError:
    """Data that does not fit a type.

    :param problems: all that does not fit, each with its path; never empty.
    :param data: what was read, unchanged; no pickle takes it along, as it may hold secrets.

    >>> print(DecodeError((Problem("$", "expected int, got str"),), b'"5"'))
    $: expected int, got str
    """

    problems: tuple[Problem, ...]
    data: object = field(repr=_size, default=None)

    @override
    def __reduce__(self) -> tuple[type[DecodeError], tuple[tuple[Problem, ...]]]:
        return DecodeError, (self.problems,)

    @override
    def __str__(self) -> str:
        return "\n".join(lines_of(self.problems))


def lines_of(problems: Sequence[object]) -> Iterator[str]:
    """Problems as lines: the first ones, and how many more there are.

    :param problems: whatever says itself what it is.

    >>> list(lines_of((Problem("id", "is missing"),)))
    ['id: is missing']
    """
    yield from (readable(str(problem)) for problem in problems[:_MOST_LINES])
    left = len(problems) - _MOST_LINES
    if left > 0:
        yield f"... and {left} more"


def at_key(path: str, key: str) -> str:
    """The path of a member.

    >>> at_key("$", "owner"), at_key("$", "a b")
    ('$.owner', "$['a b']")
    """
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{key!r}]"


def at_index(path: str, index: int) -> str:
    """The path of an element.

    >>> at_index("$.results", 3)
    '$.results[3]'
    """
    return f"{path}[{index}]"
