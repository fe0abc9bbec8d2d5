"""What the tests of concurrency have in common: other processes, and what they come to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import traceback
import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

__all__ = ["PATIENCE", "ROOT", "forking", "forks", "program"]

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60
"""Seconds after which a test gives up; nothing takes so long that works."""

forks: Final = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")


@contextmanager
def forking(child: Callable[[], object]) -> Generator[None]:
    """Fork a process that runs a function while the block runs; it has to do well."""
    with warnings.catch_warnings():
        # Python 3.12 warns of what is tested here: other threads may hold a lock.
        warnings.simplefilter("ignore", DeprecationWarning)
        number = os.fork()
    if not number:
        failed = 1
        try:
            signal.alarm(PATIENCE)  # a deadlock ends it
            child()
            failed = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(failed)
    try:
        yield
    finally:
        status = os.waitpid(number, 0)[1]
    assert status == 0, f"the child came to {status}"


def program(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own, to its end."""
    command = [sys.executable, "-c", text, *arguments]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    return subprocess.run(  # noqa: S603 - our own words
        command, env=paths, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
