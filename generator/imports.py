"""Where the names that generated code uses come from.

Rule: nothing is imported that is not in these tables, and no function or class may be called like
something in them.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping

from generator.errors import Unusable

__all__ = ["API", "LISTINGS", "MODELS", "imported", "used"]

COMMON: Mapping[str, str] = {
    "Annotated": "typing",
    "FileLike": "cvatfn.codecs.files",
    "Iterable": "collections.abc",
    "JSON": "cvatfn.codecs.jsonvalue",
    "JSONObject": "cvatfn.codecs.jsonvalue",
    "Literal": "typing",
    "Mapping": "collections.abc",
    "Meta": "msgspec",
    "UNSET": "cvatfn.codecs.unset",
    "UUID": "uuid",
    "Unset": "cvatfn.codecs.unset",
    "datetime": "datetime",
}
MODELS: Mapping[str, str] = {
    **COMMON,
    "OrBlank": "cvatfn.codecs.building",
    "File": "cvatfn.codecs.files",
    "NotRequired": "typing",
    "OpenEnum": "cvatfn.codecs.enums",
    "Page": "cvatfn.models.page",
    "TypeAlias": "typing",
    "TypedDict": "typing",
    "field": "attrs",
    "fill": "cvatfn.codecs.building",
    "frozen": "attrs",
    "mask": "cvatfn.codecs.secrets",
    "shown": "cvatfn.codecs.clearing",
}
API: Mapping[str, str] = {
    **COMMON,
    "Body": "cvatfn.endpoints",
    "Header": "cvatfn.endpoints",
    "Query": "cvatfn.endpoints",
    "delete": "cvatfn.endpoints",
    "filters": "cvatfn",
    "get": "cvatfn.endpoints",
    "models": "cvatfn",
    "patch": "cvatfn.endpoints",
    "post": "cvatfn.endpoints",
    "put": "cvatfn.endpoints",
}
LISTINGS: Mapping[str, str] = {
    **COMMON,
    "Field": "cvatfn.filters.fields",
    "Final": "typing",
    "Key": "cvatfn.filters.order",
    "Moment": "cvatfn.filters.fields",
    "Number": "cvatfn.filters.fields",
    "Text": "cvatfn.filters.fields",
    "Unsortable": "cvatfn.filters.order",
    "final": "typing",
    "models": "cvatfn",
}


def imported(code: str, sources: Mapping[str, str]) -> str:
    """The import lines that code needs; the formatter sorts and groups them.

    :param code: a module's code without them.
    :param sources: which module each name comes from.
    :raises Unusable: a name comes from nowhere.
    """
    names = sorted(used(code))
    unknown = [name for name in names if name not in sources]
    if unknown:
        raise Unusable(f"generated code uses {', '.join(unknown)}, which comes from nowhere")
    return "\n".join(f"from {sources[name]} import {name}" for name in names)


def used(code: str) -> frozenset[str]:
    """The names that code needs from elsewhere.

    >>> sorted(used("class A: x: B = c"))
    ['B', 'c']
    """
    tree = ast.parse(code)
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)}
    stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    made = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return frozenset(read - stored - made - set(dir(builtins)) - {"self"})
