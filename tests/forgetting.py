"""A pytest plugin for mutation runs: what was made before a mutant came to life is made anew.

Codecs, plans and signatures are remembered for as long as a process lives. Mutants are tried in
forks of a process that ran the tests before, where all of that is there already, made by the
unchanged code: without this, a mutant of what makes codecs would never be asked.
"""

from __future__ import annotations

import gc
from functools import _lru_cache_wrapper

from cvatfn.endpoints import Declaration

__all__ = ["pytest_sessionstart"]


def pytest_sessionstart() -> None:
    for held in gc.get_objects():
        if isinstance(held, _lru_cache_wrapper):
            if held.__module__.startswith("cvatfn."):
                held.cache_clear()
        elif isinstance(held, Declaration):
            held.__dict__.pop("signature", None)
