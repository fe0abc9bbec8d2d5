"""What is wrong with data, and where: the common words of all codecs."""

from __future__ import annotations

from attrs import field, frozen
from typing_extensions import override

__all__ = ["DecodeError", "Problem", "at_index", "at_key"]


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
        return f"{self.path}: {self.message}"


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
        return "\n".join(str(problem) for problem in self.problems)


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
