"""The reference of everything but endpoints and models: directives that autodoc fills in.

Rule: functions and classes are autodoc's, which has their docstrings; a constant or an alias has no
docstring at run time, so what is said of it is read from the source.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Final

from attrs import frozen

from handbook.surface import Entry, Page, qualified
from handbook.telling import heading, indented, lines_told

__all__ = ["Stated", "library_page", "stated"]

LONGEST: Final = 200
"""How many characters of a value are shown."""

LISTINGS: Final = "cvatfn.filters.listings"
"""Where the classes are whose attributes are fields to filter and sort by."""

FOREIGN: Final = {
    "Success": "What a call came to, if it came to something: from `returns`, with its methods.",
    "Failure": "Why a call came to nothing: from `returns`, as are its methods.",
    "UNSET": "What a field or a parameter holds that is not there; `None` is sent as `null`.",
}
"""What is shown here and defined in another library."""


@frozen
class Stated:
    """A constant or an alias in the source.

    :param kind: its annotation, if there is one.
    :param value: what is assigned.
    :param doc: the text behind it.
    """

    kind: str | None
    value: str
    doc: str


@cache
def stated(module: str) -> Mapping[str, Stated]:
    """What a module states in its source of what has no docstring at run time.

    :param module: its name.

    >>> stated("cvatfn.errors")["CallError"].doc
    'Why a call came to nothing.'
    """
    found: dict[str, Stated] = {}
    body = ast.parse(inspect.getsource(import_module(module))).body
    # What checkers are shown is what is meant, where something else runs.
    shown = [line for node in body for line in (node.body if isinstance(node, ast.If) else [node])]
    for node, after in zip(shown, [*shown[1:], None], strict=True):
        names: list[ast.expr]
        kind: str | None
        match node:
            case ast.AnnAssign(target=target, annotation=annotation, value=ast.expr() as value):
                names, kind = [target], ast.unparse(annotation)
            case ast.Assign(targets=targets, value=value):
                names, kind = targets, None
            case _:
                continue
        doc = ""
        match after:
            case ast.Expr(value=ast.Constant(value=str(text))):
                doc = inspect.cleandoc(text)
            case _:
                pass
        for name in names:
            found[ast.unparse(name)] = Stated(kind, ast.unparse(value), doc)
    return found


def library_page(
    page: Page, parts: list[tuple[str, tuple[Entry, ...]]], known: Mapping[str, str]
) -> str:
    """A page of the reference.

    :param page: which one.
    :param parts: its modules, each with what it brings.
    :param known: where each public name is documented.
    """
    lines = [*heading(page.title)]
    for module, held in parts:
        lines += [*heading(module, "-"), f".. py:module:: {module}", ""]
        lines += lines_told((inspect.getdoc(import_module(module)) or "").split("\n"), known)
        lines += [""]
        lines += (line for entry in held for line in _described(entry, known))
    return "\n".join(lines)


def _described(entry: Entry, known: Mapping[str, str]) -> Iterator[str]:
    found: object = getattr(import_module(entry.home), entry.name)
    if entry.name in FOREIGN and entry.name not in stated(entry.home):
        kind = "class" if isinstance(found, type) else "data"
        yield from (*_head(kind, entry), "")
        yield from indented([*lines_told([FOREIGN[entry.name]], known), ""])
    elif isinstance(found, type) and entry.name not in stated(entry.home):
        yield from (f".. autoclass:: {entry.path}", "   :members:")
        if issubclass(found, Enum):
            yield "   :undoc-members:"
        yield ""
        if entry.home == LISTINGS:
            yield from indented(_columns(entry))
    elif _is_function(found) and entry.name not in stated(entry.home):
        yield from (f".. autofunction:: {entry.path}", "")
    else:
        yield from _data(entry, found, known)


def _columns(entry: Entry) -> Iterator[str]:
    """The fields of a listing, which have no docstrings: their types say what they can be asked."""
    kinds: dict[str, object] = getattr(import_module(entry.home), entry.name).__annotations__
    for name, kind in kinds.items():
        held = str(kind).removeprefix("Final[").removesuffix("]")
        yield f".. py:attribute:: {name}"
        yield f"   :type: {qualified(held, entry.home)}"
        yield from ("   :no-contents-entry:", "")


def _is_function(found: object) -> bool:
    return callable(found) and inspect.isfunction(inspect.unwrap(found))


def _head(kind: str, entry: Entry) -> Iterator[str]:
    module, _, name = entry.path.rpartition(".")
    yield from (f".. py:{kind}:: {name}", f"   :module: {module}")


def _data(entry: Entry, found: object, known: Mapping[str, str]) -> Iterator[str]:
    said = stated(entry.home).get(entry.name)
    yield from _head("data", entry)
    if said is None:
        doc = inspect.getdoc(found) or ""
        yield from ("", *indented([*lines_told(doc.split("\n"), known), ""]))
        return
    alias = said.kind == "TypeAlias"
    lines: list[str] = []
    if said.kind is not None and not alias and "[" in said.kind:
        kind = said.kind.removeprefix("Final[").removesuffix("]")
        yield f"   :type: {qualified(kind, entry.home)}"
    short = len(said.value) <= LONGEST and "\n" not in said.value
    if not alias and short and said.value[:1] in "0123456789-'\"({[":
        yield f"   :value: {said.value}"
    if alias and short:
        lines += [f"Stands for :typed:`{qualified(said.value, entry.home)}`.", ""]
    lines += [*lines_told(said.doc.split("\n"), known), ""]
    yield from ("", *indented(lines))
