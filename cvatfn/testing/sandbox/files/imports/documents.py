"""XML documents, read without trust.

Rule: what has a document type is refused as soon as it begins, in whatever encoding it is written:
entities, which can grow without bound or reach for other files, are declared nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Final, TypeVar
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.files.exports.archives import Entry

__all__ = ["number", "read_documents", "text", "whole"]

T = TypeVar("T")

LARGEST: Final = (1 << 31) - 1
"""The largest whole number that CVAT can store."""


def read_documents(
    entries: Sequence[Entry], read: Callable[[str, Element], T]
) -> Outcome[tuple[T, ...], str]:
    """Read every XML file among some files.

    :param entries: names and contents.
    :param read: what a file's name and root come to; it may raise `ValueError` or `LookupError`.
    :returns: what they came to, in order; or what is wrong with the first that cannot be read.
    """
    found: list[T] = []
    documents = [(name, content) for name, content in entries if name.lower().endswith(".xml")]
    if not documents:
        return Failure("there is no .xml file in it")
    for name, content in documents:
        try:
            found.append(read(name, _root(content)))
        except KeyError as error:
            return Failure(f"{name}: an element has no {error}")
        except (ParseError, ValueError, LookupError) as error:
            return Failure(f"{name}: {error}")
    return Success(tuple(found))


def number(written: str) -> float:
    """A number of a document.

    :param written: its text.
    :raises ValueError: it is none, or not a finite one.
    """
    value = float(written)
    if not isfinite(value):
        raise ValueError(f"{written[:20]} is no place")
    return value


def whole(written: str) -> int:
    """A whole number of a document.

    :param written: its text.
    :raises ValueError: it is none, or larger than CVAT can store.
    """
    value = int(written[:20])
    if abs(value) > LARGEST or len(written) > 20:
        raise ValueError(f"{written[:20]} is too large a number")
    return value


def text(parent: Element, path: str, default: str = "") -> str:
    """The text of an element that may be missing or empty.

    :param parent: where to look.
    :param path: the names that lead to it.
    :param default: what stands for one that is not there.
    """
    found = parent.find(path)
    return default if found is None else found.text or ""


class _Careful(TreeBuilder):
    """What builds a tree of anything that has no document type."""

    def doctype(self, _name: str, _public: str | None, _system: str | None) -> None:
        """Refuse it, before its entities are declared."""
        raise ValueError("has a document type")


def _root(content: bytes) -> Element:
    parser = XMLParser(target=_Careful())  # noqa: S314 - it refuses what could hurt
    parser.feed(content)
    root: Element = parser.close()
    return root
