"""What an import costs, and what it loads.

Rule: each measurement is a fresh interpreter, and what a bare one takes is not counted.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Final

from benchmarks.measuring import Contender, Timing, raced, timed_small
from benchmarks.table import Row, Target

__all__ = ["imports"]

OURS: Final = "import cvatfn; from cvatfn.api import tasks"
THEIRS: Final = "import cvat_sdk.api_client"
LISTED: Final = "; import sys; print(*sys.modules)"
SPARED: Final = ("cattr", "cattrs", "urllib3")


def imports(rounds: int) -> Row:
    """An import of cvatfn and one of cvat-sdk, above a bare interpreter.

    :param rounds: how often to measure.
    """
    loaded = _run(OURS + LISTED).split()
    wrong = [name for name in loaded if _is_spared(name)]
    assert "cvatfn.api.tasks" in loaded
    bare, ours, theirs, pool = raced(
        (
            Contender("a bare interpreter", _running("pass")),
            Contender("cvatfn: cvatfn.api.tasks", _running(OURS)),
            Contender("cvat-sdk: cvat_sdk.api_client", _running(THEIRS)),
            Contender("urllib3 alone", _running("import urllib3")),
        ),
        rounds,
        timed_small,
    )
    return Row(
        "Import, above a bare interpreter",
        "ms",
        1e6,
        ours.above(bare),
        (theirs.above(bare), pool.above(bare)),
        Target(theirs.name, "at most", 0.4),
        (_told(bare, wrong),),
    )


def _told(bare: Timing, wrong: list[str]) -> str:
    loaded = ", ".join(wrong) or "nothing"
    return (
        f"A bare interpreter takes {bare.median / 1e6:.0f} ms. "
        f"Loaded of cattrs, urllib3 and the models' modules: {loaded}."
    )


def _is_spared(name: str) -> bool:
    return name.partition(".")[0] in SPARED or name.startswith("cvatfn.models.")


def _running(code: str) -> Callable[[], object]:
    return lambda: _run(code)


def _run(code: str) -> str:
    command = [sys.executable, "-I", "-c", code]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - own code
    return done.stdout
