"""Where the command line begins; see `cvatfn.cli.commands` for what it can do.

Rule: without the extra it says which one is missing, in a sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    :param arguments: what was typed behind `cvatfn`; `None` for what this process was given.
    :returns: the exit code; see `cvatfn.cli.exits`.
    """
    try:
        from cvatfn.cli.commands import run
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        print("cvatfn: the command line needs an extra: install `cvatfn[cli]`", file=sys.stderr)
        return 2
    return run(sys.argv[1:] if arguments is None else arguments)
