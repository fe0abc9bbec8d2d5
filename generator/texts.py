"""Docstrings of what is generated."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from generator.facts import Lives

__all__ = ["ORIGIN", "WIDTH", "docstring", "notes", "origin"]

WIDTH = 100


def origin(version: str) -> str:
    """Where a generated module comes from; also how a generated file is told from another.

    :param version: the version of the document.
    """
    return f"{ORIGIN} from CVAT {version}'s OpenAPI document; edit `schema/` instead."


ORIGIN = "Written by `python -m generator`"


def docstring(paragraphs: Iterable[str], indent: str = "") -> str:
    """A docstring: paragraphs with an empty line between them, wrapped.

    :param paragraphs: texts; the lines of one stay lines, and those that go on are indented.
    :param indent: the space before it.
    """
    safe = "\n\n".join(paragraphs).replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    whole = "\n".join(_wrapped(line, indent) for line in f'"""{safe}'.split("\n"))
    one_line = "\n" not in whole and len(whole) + 3 <= WIDTH
    return f'{whole}"""' if one_line else f'{whole}\n{indent}"""'


def notes(lives: Lives) -> tuple[str, ...]:
    """What a docstring says of the releases something is in; one paragraph or none."""
    lines = [
        *([f".. versionadded:: CVAT {lives.since}"] if lives.since else []),
        *([f".. versionremoved:: after CVAT {lives.until}"] if lives.until else []),
    ]
    return ("\n".join(lines),) if lines else ()


def _wrapped(line: str, indent: str) -> str:
    following = indent + "    " if line.startswith(":") else indent
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
