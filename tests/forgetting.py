"""A pytest plugin for mutation runs: what was made before a mutant came to life is made anew.

Codecs, plans and signatures are remembered for as long as a process lives. Mutants are tried in
forks of a process that ran the tests before, where all of that is there already, made by the
unchanged code: without this, a mutant of what makes codecs would never be asked. For the same
reason all is forgotten before each test of the run that finds out which test runs what.
"""

from __future__ import annotations

import gc
import os
import sys
from functools import (
    _lru_cache_wrapper,  # pyright: ignore[reportPrivateUsage]  # nothing else tells a cache
    lru_cache,
)
from typing import TYPE_CHECKING, TypeAlias

from cvatfn.endpoints import Declaration

if TYPE_CHECKING:
    import pytest

__all__ = ["pytest_collection_modifyitems", "pytest_runtest_setup", "pytest_sessionstart"]


def pytest_sessionstart() -> None:
    _forget(_found(len(sys.modules)))


def pytest_runtest_setup() -> None:
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        pytest_sessionstart()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out the doctests of mutants: each is a copy of a function, its docstring included."""
    items[:] = [item for item in items if not _is_copy(item.name)]


def _is_copy(name: str) -> bool:
    return "__mutmut_" in name


Held: TypeAlias = "tuple[list[_lru_cache_wrapper[object]], list[Declaration]]"


@lru_cache(maxsize=1)
def _found(_modules: int) -> Held:
    """What remembers; looked for once for so many modules, for the search takes its time."""
    held = gc.get_objects()
    return (
        [
            each
            for each in held
            if isinstance(each, _lru_cache_wrapper) and each.__module__.startswith("cvatfn.")
        ],
        [each for each in held if isinstance(each, Declaration)],
    )


def _forget(held: Held) -> None:
    caches, declarations = held
    for cache in caches:
        cache.cache_clear()
    for declaration in declarations:
        declaration.__dict__.pop("signature", None)
