"""JSON as its words, for what no reader takes: too deep, cut off, or with something around it.

Rule: any text can be read, in one pass and without recursion. Where a text is JSON, what is told of
it is what a reader would find; where it is not, it is the likeliest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from attrs import evolve, frozen

__all__ = ["Word", "joined", "unescaped", "words"]


@frozen
class Word:
    """A scalar of a JSON text.

    :param start: where it begins: behind its quote, if it has one.
    :param end: where it ends, without the quote.
    :param text: what it says, without escapes.
    :param quoted: whether it is a text.
    :param named: whether it stands directly under one of the names that were looked for.
    :param under: whether it stands under one of them at any depth.
    """

    start: int
    end: int
    text: str
    quoted: bool
    named: bool = False
    under: bool = False


def words(text: str, names: frozenset[str]) -> Iterator[Word]:
    r"""The scalars of a JSON text, in order; keys are none.

    :param text: the text.
    :param names: keys that are looked for.

    >>> half = '[[{"a": "b", "c": {"d": ["e\\u0066", 1'
    >>> [word.text for word in words(half, frozenset("c")) if word.under]
    ['ef', '1']
    """
    inside = [False]  # for each array and object that is open, whether it is under a name
    named = False
    last: Word | None = None
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign == ":":
            if last is not None:
                named = last.text in names
            last = None
            continue
        if last is not None:
            yield evolve(last, named=named, under=named or inside[-1])
            last = None
        if sign in ("{", "["):
            inside.append(named or inside[-1])
            named = False
        elif sign in ("}", "]"):
            if len(inside) > 1:
                inside.pop()
            named = False
        elif sign == ",":
            named = False
        elif token[1] is not None:
            last = Word(token.start(1), token.end(1), joined(unescaped(token[1])), quoted=True)
        else:
            last = Word(token.start(), token.end(), sign, quoted=False)
    if last is not None:
        yield evolve(last, named=named, under=named or inside[-1])


def unescaped(text: str) -> str:
    r"""A text without the escapes of JSON and Python, were they escaped as well.

    :param text: the text.

    >>> unescaped(r"\u0061\\\"b")
    'a"b'
    """
    return _ESCAPE.sub(_meant, text)


def joined(text: str) -> str:
    r"""A text in which the halves of characters are whole again, or marked.

    :param text: the text.

    >>> joined("\ud83d\ude00") == "\U0001f600"
    True
    """
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _meant(escape: re.Match[str]) -> str:
    code, byte, sign = escape.groups()
    if code or byte:
        return chr(int(code or byte, 16))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(sign, sign)


_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"?|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.?))", re.DOTALL)
