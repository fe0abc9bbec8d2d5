"""From a command line to a `main`: whoever gives too little is told what is wanted."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable

__all__ = ["run"]


def run(main: Callable[..., int]) -> None:
    """Call a program's `main` with the words of the command line, and exit with what it returns.

    :param main: takes one text for each word.
    """
    words = sys.argv[1:]
    try:
        inspect.signature(main).bind(*words)
    except TypeError as error:
        print(f"{inspect.getdoc(inspect.getmodule(main))}\n\n{error}", file=sys.stderr)
        sys.exit(2)
    sys.exit(main(*words))
