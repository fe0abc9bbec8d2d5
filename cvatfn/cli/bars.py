"""What a terminal sees of a transfer and of the server's work; a pipe and `--quiet` see nothing.

Rule: bars are drawn on standard error, so that standard output is the result alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from attrs import define

from cvatfn import models
from cvatfn.cli.shown import look_of
from cvatfn.transfer.bars import drawable, rich_progress
from cvatfn.transfer.progress import Progress, silent

if TYPE_CHECKING:
    from rich.progress import Progress as Display
    from rich.progress import TaskID

__all__ = ["Watch", "bar", "is_watched", "watching"]

Watch: TypeAlias = Callable[[models.Request], object]
"""Who is shown the server's work at each look."""


def is_watched() -> bool:
    """Whether somebody sees what is drawn."""
    return sys.stderr.isatty() and not look_of().quiet


def bar() -> Progress:
    """A bar for one transfer."""
    if not is_watched():
        return silent
    return rich_progress()


@contextmanager
def watching() -> Generator[Watch | None]:
    """A line about the server's work, while a block runs or until the work is over."""
    if not is_watched():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Display

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
    )
    display = Display(
        *columns, console=Console(stderr=True), redirect_stdout=False, redirect_stderr=False
    )
    watch = _Watch(display)
    try:
        yield watch
    finally:
        watch.stop()


@define
class _Watch:
    """Draws from the first look on, and stops with the last, so that another bar may follow."""

    display: Display
    task: TaskID | None = None
    drawn: bool = False

    def __call__(self, work: models.Request) -> None:
        said = _said(work)
        if self.task is None:
            self.task = self.display.add_task(said, total=1.0)
        if not self.drawn and not _is_over(work):
            self.display.start()
            self.drawn = True
        done = 1.0 if work.status == models.RequestStatus.FINISHED else work.progress or 0.0
        self.display.update(self.task, description=said, completed=min(max(done, 0.0), 1.0))
        if _is_over(work):
            self.stop()

    def stop(self) -> None:
        if self.drawn:
            self.display.stop()
            self.drawn = False


def _is_over(work: models.Request) -> bool:
    return work.status in (models.RequestStatus.FINISHED, models.RequestStatus.FAILED)


def _said(work: models.Request) -> str:
    return drawable(f"{work.operation.type}: {work.status.value}")
