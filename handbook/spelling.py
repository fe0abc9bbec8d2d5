"""How types and their limits are said: as the declarations have them, without what is for codecs.

Rule: a type is spelled from the source of its annotation, so that an alias keeps its name; limits
are read off the resolved type.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Annotated, Final, get_args, get_origin

from msgspec import Meta

from cvatfn.codecs.building import plain, takes_blank
from cvatfn.codecs.kinds import class_of, is_union
from cvatfn.codecs.unset import Unset

__all__ = ["limits", "may_be_left_out", "spelled"]


def spelled(annotation: str, *, optional: bool = True) -> str:
    """An annotation as a reader wants to see it: without the limits and markers of `Annotated`.

    :param annotation: as it stands in the source.
    :param optional: whether to keep it where a type says that a value may be left out.

    >>> spelled("Annotated[str, Meta(max_length=9)] | Unset")
    'str | Unset'
    >>> spelled("Annotated[models.JobStatusLike | Unset, Query(since='2.22.0')]", optional=False)
    'models.JobStatusLike'
    """
    tree = _Plain().visit(ast.parse(annotation, mode="eval").body)
    parts = list(_alternatives(tree))
    if not optional:
        parts = [part for part in parts if not (isinstance(part, ast.Name) and part.id == "Unset")]
    return " | ".join(ast.unparse(part) for part in parts).replace("'", '"')


def limits(kind: object) -> tuple[str, ...]:
    """The limits of a type, in words.

    :param kind: the resolved type.

    >>> from typing import Annotated
    >>> from msgspec import Meta
    >>> limits(Annotated[str, Meta(min_length=1, max_length=256)] | None)
    ('1 to 256 characters',)
    >>> limits(Annotated[int, Meta(ge=0)])
    ('at least 0',)
    """
    said = [word for held, meta in _metas(kind) for word in _said(held, meta)]
    return (*said, *(["or an empty text"] if takes_blank(kind) else []))


def may_be_left_out(kind: object) -> bool:
    """Whether a value of a type may be absent.

    >>> may_be_left_out(str | Unset), may_be_left_out(str | None)
    (True, False)
    """
    return is_union(kind) and Unset in get_args(kind)


class _Plain(ast.NodeTransformer):
    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if isinstance(node.value, ast.Name) and node.value.id == "Annotated":
            first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) else node.slice
            found: ast.AST = self.visit(first)
            return found
        return self.generic_visit(node)


def _alternatives(tree: ast.AST) -> Iterator[ast.AST]:
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.BitOr):
        yield from _alternatives(tree.left)
        yield from _alternatives(tree.right)
    else:
        yield tree


def _metas(kind: object) -> Iterator[tuple[object, Meta]]:
    """The limits of a type itself and of its alternatives, not of what is in it."""
    if get_origin(kind) is Annotated:
        inner, *extras = get_args(kind)
        yield from ((inner, extra) for extra in extras if isinstance(extra, Meta))
        yield from _metas(inner)
    elif is_union(kind):
        for part in get_args(kind):
            yield from _metas(part)


_SIZED: Final[Mapping[type, str]] = {
    str: "characters",
    bytes: "bytes",
    tuple: "elements",
    dict: "keys",
}


def _said(held: object, meta: Meta) -> Iterator[str]:
    kinds = [kind for kind in plain(held) if kind is not NoneType]
    noun = _SIZED.get(class_of(kinds[0]), "elements") if kinds else "elements"
    number = _between(meta.ge, meta.le)
    if number:
        yield number
    length = _between(meta.min_length, meta.max_length)
    if length:
        yield f"{length} {noun if length != 'at least 1' else noun.removesuffix('s')}"
    if meta.description is not None:
        yield f"the form of an {meta.description}"
    elif meta.pattern is not None:
        yield f"matches ``{meta.pattern}``"
    if meta.tz:
        yield "with its offset from UTC"


def _between(least: float | None, most: float | None) -> str:
    if least is None:
        return "" if most is None else f"at most {most}"
    return f"at least {least}" if most is None else f"{least} to {most}"
