"""What the generated modules of `cvatfn/filters` look like: the fields of each listing.

Rule: a field is of the kind that offers what can be asked of it, and no more.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.faces import face
from generator.facts import Catalogue, Column, Columns, Scalar
from generator.imports import LISTINGS, imported
from generator.spelling import argument, quoted
from generator.texts import docstring, origin

__all__ = ["filter_modules"]

KINDS: Mapping[str, str] = {"str": "Text", "int": "Number", "datetime": "Moment"}
"""The kinds of fields of which more can be asked than whether they are equal to a value."""

BY_HAND: Mapping[str, tuple[str, ...]] = {
    "fields": ("AnyField", "F", "Field", "Moment", "Number", "Text"),
    "filter": ("Filter",),
    "order": ("Key", "Order", "Unsortable", "ordered"),
    "parsing": ("parsed",),
}
"""Modules in the same folder that are not generated, and what they define for everyone."""


def filter_modules(catalogue: Catalogue) -> dict[str, str]:
    """The generated files of `cvatfn/filters`, by name, not formatted yet.

    :param catalogue: what to write.
    """
    names = {**BY_HAND, "listings": tuple(found.name for found in catalogue.columns)}
    about = (*FACE, origin(catalogue.version))
    return {
        "__init__.py": face("cvatfn.filters", about, names),
        "listings.py": _listings(catalogue),
    }


FACE = (
    "Which of the listed objects are wanted, and in which order: values for `filter` and `sort`.",
    (
        "Fields stand in one class for each listing, such as `Tasks`; comparing one makes a "
        "`Filter`, which `&` and `|` join and `~` denies. `F` has fields of any name."
    ),
    (
        "Rule: a listing takes filters of its own fields, and a field values of its own type, or "
        "type checkers object. Importing this package imports none of it: names are found at "
        "their first use (PEP 562)."
    ),
)


def _listings(catalogue: Catalogue) -> str:
    code = "\n\n\n".join(map(_class, catalogue.columns))
    return "\n\n".join(
        (
            docstring((ABOUT, origin(catalogue.version))),
            "from __future__ import annotations",
            imported(code, LISTINGS),
            f"__all__ = [{', '.join(quoted(found.name) for found in catalogue.columns)}]",
            code,
        )
    )


ABOUT = "The fields that each listing can be filtered and sorted by, with their types."


def _class(columns: Columns) -> str:
    looks = f"its `search` looks in {_enumerated(columns.search)}" if columns.search else ""
    about = (
        f"The fields of `{columns.operation}`{'; ' if looks else ''}{looks}.",
        *([columns.note] if columns.note else []),
    )
    fields = "\n".join(f"    {_field(found, columns.name)}" for found in columns.columns)
    return f"@final\nclass {columns.name}:\n{docstring(about, '    ')}\n\n{fields}"


def _enumerated(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _field(column: Column, home: str) -> str:
    name = quoted(column.name)
    if not column.filtered:
        return f"{column.name}: Final[Key[{home}]] = Key({name})"
    kind = column.type.kind
    asked = KINDS.get(kind.name, "Field") if isinstance(kind, Scalar) else "Field"
    if column.plain:
        asked = "Field"
    compared = argument(column.type, home="models.")
    unsorted = "" if column.sorted else ", Unsortable"
    return f"{column.name}: Final[{asked}[{home}, {compared}{unsorted}]] = {asked}({name})"
