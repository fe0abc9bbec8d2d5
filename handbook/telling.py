"""What docstrings say, taken apart, and told in reStructuredText.

The house writes its docstrings as people read them: one backtick around code, four spaces before a
program. Sphinx reads them as reStructuredText. Rule: what is in backticks becomes a link where it
names something public, and stays code where not; nothing else in a sentence is markup.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from attrs import frozen

__all__ = ["Told", "cell", "heading", "indented", "lines_told", "sentence", "taken_apart"]


@frozen
class Told:
    """A docstring.

    :param said: its paragraphs before the fields.
    :param parameters: what it says of each parameter.
    :param returns: what it says is returned; empty where it says nothing.
    """

    said: str
    parameters: Mapping[str, str]
    returns: str


def taken_apart(doc: str) -> Told:
    r"""Part a docstring into what it says of the whole, of each parameter and of what comes back.

    :param doc: the docstring, without its indentation.

    >>> taken_apart("Get it.\n\n:param id: which one,\n    of all.\n:returns: it.").parameters
    {'id': 'which one, of all.'}
    """
    said = _FIELD.split(doc)
    fields = dict(zip(said[1::2], (" ".join(text.split()) for text in said[2::2]), strict=True))
    parameters = {
        name.removeprefix("param "): text for name, text in fields.items() if name[0] == "p"
    }
    return Told(said[0].strip(), parameters, _SINCE.sub("", fields.get("returns", "")))


_FIELD: Final = re.compile(r"^:((?:param \w+)|returns|raises \w+):", re.MULTILINE)
_SINCE: Final = re.compile(r"\s*\.\. version\w+::.*", re.DOTALL)


def indented(lines: Iterable[str], by: int = 3) -> Iterator[str]:
    """Lines further in, as the content of a directive; empty ones stay empty.

    :param lines: the lines.
    :param by: by how many spaces.
    """
    return ((" " * by + line) if line else "" for line in lines)


def heading(title: str, line: str = "=") -> tuple[str, ...]:
    r"""A heading, and the empty line below it.

    :param title: its text.
    :param line: what it is underlined with.

    >>> heading("lambda_")
    ('lambda\\_', '========', '')
    """
    told = sentence(title, {})
    return told, line * len(told), ""


def sentence(text: str, known: Mapping[str, str], own: Collection[str] = ()) -> str:
    r"""A sentence of a docstring as reStructuredText.

    :param text: the sentence, with code in single backticks.
    :param known: where each name that is public in one place alone is documented.
    :param own: names that mean something nearer, such as a function's own parameters.

    >>> sentence("As `call` does, *not* `calls`.", {"call": "cvatfn.call"})
    'As :py:obj:`call <cvatfn.call>` does, \\*not\\* ``calls``.'
    """
    told = ""
    for index, piece in enumerate(_CODE.split(text)):
        if index % 2:
            # Markup has to be parted from the letters beside it: `File`s, non-`None`.
            told += f"{_APART if told[-1:].isalnum() else ''}{_code(piece, known, own)}"
        else:
            said = _ESCAPED.sub(r"\\\g<0>", piece)
            told += f"{_APART if index and said[:1].isalnum() else ''}{said}"
    return told


def cell(text: str) -> str:
    """A text as code; empty for no text.

    :param text: the text.
    """
    return f"``{text}``" if text else ""


def lines_told(
    lines: Iterable[str], known: Mapping[str, str], own: Collection[str] = ()
) -> Iterator[str]:
    r"""A whole docstring as reStructuredText, line by line.

    :param lines: the docstring, without its indentation.
    :param known: where each name that is public in one place alone is documented.
    :param own: names that mean something nearer.

    >>> print(*lines_told(["Like this:", "", "    call(x)"], {}), sep="\n")
    Like this:
    <BLANKLINE>
    .. code-block:: python
    <BLANKLINE>
        call(x)
    """
    before, within, tested = "", False, False
    for line in _whole(lines):
        if within and line and not line.startswith("    "):
            within = False
        if not line.strip():
            tested = False
        begins = line.startswith("    ") and not within and before.endswith(":")
        if begins and not before.startswith(":"):
            yield from (".. code-block:: python", "")
            within = True
        tested = tested or line.lstrip().startswith(">>>")
        plain = within or tested or line.lstrip().startswith("..")
        yield line if plain else _line(line, known, own)
        before = line.strip() or before


def _line(line: str, known: Mapping[str, str], own: Collection[str]) -> str:
    field = _MARK.match(line)
    mark = field.group() if field else ""
    return mark + sentence(line[len(mark) :], known, own)


def _whole(lines: Iterable[str]) -> Iterator[str]:
    """Lines, with those joined that a pair of backticks goes over."""
    waiting = ""
    for line in lines:
        joined = f"{waiting} {line.strip()}" if waiting else line
        if joined.count("`") % 2 and line.strip():
            waiting = joined
            continue
        waiting = ""
        yield joined
    if waiting:
        yield waiting


def _code(text: str, known: Mapping[str, str], own: Collection[str]) -> str:
    if text not in own and text in known:
        return f":py:obj:`{text} <{known[text]}>`"
    return cell(text)


_APART: Final = "\\ "
_CODE: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_ESCAPED: Final = re.compile(r"[*|\\]|(?<=\w)_(?=\W|$)")
_MARK: Final = re.compile(r"\s*(:(param \w+|returns|raises \w+):|- )")
