"""Names that are imported when they are first asked for (PEP 562): the packages' public faces.

Rule: a face states its names twice, as imports under `TYPE_CHECKING` for checkers and as a table
for this function; a test compares the two. Checkers never see the `__getattr__`, or else every
misspelled name would pass.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TypeAlias

from cvatfn.forking import making

__all__ = ["Face", "lazily"]

Face: TypeAlias = tuple[Callable[[str], object], Callable[[], list[str]], list[str]]


def lazily(package: str, homes: Mapping[str, str], extra: str | None = None) -> Face:
    """A package's `__getattr__`, `__dir__` and `__all__`.

    :param package: the package's `__name__`.
    :param homes: full names of modules and, parted by blanks, the names that each one holds.
    :param extra: the extra that brings what these modules need; who has not installed it is told.
    :returns: the three, in that order.

    >>> find, _, names = lazily("cvatfn", {"cvatfn.outcome": "Success collect"})
    >>> names, find("collect").__module__
    (['Success', 'collect'], 'cvatfn.outcome')
    """
    home = {name: module for module, names in homes.items() for name in names.split()}

    def get(name: str) -> object:
        if name not in home:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        try:
            with making():
                found: object = getattr(import_module(home[name]), name)
        except ModuleNotFoundError as error:
            if extra is None:
                raise
            raise ImportError(f"{error}: install `cvatfn[{extra}]`") from error
        setattr(sys.modules[package], name, found)
        return found

    names = sorted(home)
    return get, lambda: names, names
