"""Names of the API as names of Python, and only where Python or a collision forces a difference.

Rule: every mapping is a pure function of the names that stand beside it in the document, in the
document's order, so the same name comes out in every run; the name on the wire is kept beside it.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Collection, Iterable, Sequence

from generator.errors import Unusable

__all__ = [
    "class_name",
    "field_name",
    "free",
    "function_name",
    "header_name",
    "member_names",
    "module_name",
    "parameter_name",
    "snake",
]

IN_ANNOTATIONS = frozenset({"bool", "bytes", "dict", "float", "int", "object", "str", "tuple"})
"""Names that annotations are written with: a field or function so named would hide them."""


def snake(name: str) -> str:
    """A class name in lower case, its words parted by underscores.

    >>> snake("TaskWriteRequest"), snake("convMaskToPoly"), snake("HTTPServer")
    ('task_write_request', 'conv_mask_to_poly', 'http_server')
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return _worded(parted).lower()


def free(name: str, taken: Collection[str]) -> str:
    """The name itself, or with as many underscores behind it as make it free.

    >>> free("id", ()), free("id", {"id"}), free("from", ())
    ('id', 'id_', 'from_')
    """
    while keyword.iskeyword(name) or name in taken:
        name += "_"
    return name


def parameter_name(wire: str, taken: Collection[str] = ()) -> str:
    """The Python name of a query or path parameter.

    >>> parameter_name("from"), parameter_name("page size"), parameter_name("2d")
    ('from_', 'page_size', 'p_2d')
    """
    name = wire if wire.isidentifier() else _worded(wire)
    return free(name if name.isidentifier() else f"p_{name}", taken)


def header_name(wire: str, taken: Collection[str] = ()) -> str:
    """The Python name of a header parameter.

    >>> header_name("X-Organization")
    'x_organization'
    """
    return parameter_name(_worded(wire).lower(), taken)


def function_name(operation_id: str, tag: str, taken: Collection[str] = ()) -> str:
    """The name of an operation within the module of its tag.

    >>> function_name("tasks_partial_update", "tasks"), function_name("a_import", "a")
    ('partial_update', 'import_')
    """
    name = _worded(operation_id).removeprefix(f"{_worded(tag)}_")
    return parameter_name(name, {*taken, *IN_ANNOTATIONS})


def module_name(tag: str) -> str:
    """The name of the module that holds a tag's operations.

    >>> module_name("lambda"), module_name("tasks")
    ('lambda_', 'tasks')
    """
    return parameter_name(_worded(tag).lower())


def member_names(values: Sequence[str]) -> tuple[str, ...]:
    """The names of an enum's members, in the order of its values.

    >>> member_names(["in progress", "", "1d", "Done", "done", "create:task"])
    ('IN_PROGRESS', 'BLANK', 'VALUE_1D', 'DONE', 'DONE_2', 'CREATE_TASK')
    """
    names: list[str] = []
    for value in values:
        names.append(_unlike(_member_name(value), names))
    return tuple(names)


def class_name(schema: str) -> str:
    """The name of a model, which is that of its schema.

    :raises Unusable: it is no name in Python.
    """
    if not schema.isidentifier() or keyword.iskeyword(schema) or schema.startswith("_"):
        raise Unusable(f"schema {schema!r}: no name for a class")
    return schema


def field_name(schema: str, wire: str) -> str:
    """The name of a model's field, which is that on the wire: the native decoder knows no other.

    :raises Unusable: Python or the annotations of the class cannot bear the name.
    """
    unfit = not wire.isidentifier() or keyword.iskeyword(wire) or wire in IN_ANNOTATIONS
    if unfit or wire.startswith("_") or wire == "self":
        raise Unusable(
            f"{schema}.{wire}: a field has the same name in Python as on the wire, "
            "because the native JSON decoder reads attrs classes without renaming; "
            "this one cannot be written as such"
        )
    return wire


def _worded(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "_", text).strip("_")


def _member_name(value: str) -> str:
    name = snake(value).upper().strip("_")
    if not name:
        return "VALUE" if value else "BLANK"
    return name if name[0].isalpha() else f"VALUE_{name}"


def _unlike(name: str, taken: Iterable[str]) -> str:
    """The name, or with the first number behind it that makes it different."""
    known = set(taken)
    numbered = (f"{name}_{number}" for number in range(2, len(known) + 3))
    return name if name not in known else next(one for one in numbered if one not in known)
