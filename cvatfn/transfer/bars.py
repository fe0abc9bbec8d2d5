"""Progress bars: a `Progress` that draws itself with rich or with tqdm.

Rule: both libraries come with the extra `progress`, and nothing of them is imported before a bar
is asked for. A bar is drawn on a terminal only, changes no global (no redirected output, no thread
that stays), and may be told from several threads.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from attrs import define

from cvatfn.transfer.progress import Progress, serialized

if TYPE_CHECKING:
    from typing import Never

    import rich.progress
    from rich.console import Console
    from tqdm import tqdm

__all__ = ["drawable", "rich_progress", "tqdm_progress"]


def rich_progress(
    console: Console | None = None, *, display: rich.progress.Progress | None = None
) -> Progress:
    """A bar of rich, for one transfer.

    :param console: where to draw; the standard error output by default.
    :param display: a display that shows several transfers at once, each a line; whoever made it
        starts and stops it, and chose its console.
    :raises ImportError: rich is not installed.

    >>> bar = rich_progress()  # drawn while the transfer runs
    """
    try:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            DownloadColumn,
            TextColumn,
            TimeRemainingColumn,
            TransferSpeedColumn,
        )
        from rich.progress import Progress as Display
    except ImportError as error:
        raise ImportError("rich is missing: install `cvatfn[progress]`") from error
    if display is not None:
        return serialized(_RichBar(display, owned=False))
    screen = Console(stderr=True) if console is None else console
    own = Display(
        TextColumn("{task.description}", markup=False),  # a file may be called "[red]"
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=screen,
        disable=not (screen.is_interactive or screen.is_jupyter),
        redirect_stdout=False,
        redirect_stderr=False,
    )
    return serialized(_RichBar(own, owned=True))


def tqdm_progress(file: TextIO | None = None, *, leave: bool = True) -> Progress:
    """A bar of tqdm, for one transfer.

    :param file: where to draw; the standard error output by default.
    :param leave: whether the bar stays when the transfer is over.
    :raises ImportError: tqdm is not installed.

    >>> bar = tqdm_progress()  # drawn while the transfer runs
    """
    try:
        from tqdm import tqdm
    except ImportError as error:
        raise ImportError("tqdm is missing: install `cvatfn[progress]`") from error
    if TYPE_CHECKING:
        base = tqdm[Never]
    else:
        base = tqdm  # generic for checkers only

    class Bar(base):
        monitor_interval = 0  # no thread that outlives the bar

    def drawn(what: str, total: int | None) -> tqdm[Never]:
        return Bar(
            desc=what,
            total=total,
            file=file,
            leave=leave,
            disable=None,  # off where the file is no terminal
            dynamic_ncols=True,
            unit="B",
            unit_scale=True,
        )

    return serialized(_TqdmBar(drawn))


@define
class _RichBar:
    display: rich.progress.Progress
    owned: bool
    task: rich.progress.TaskID | None = None

    def start(self, what: str, total: int | None, /) -> None:
        from rich.markup import escape

        if self._drawn:
            self.display.start()
        shown = drawable(what) if self.owned else escape(drawable(what))
        self.task = self.display.add_task(shown, total=total)

    def advance(self, count: int, /) -> None:
        if self.task is not None:
            # `Progress.advance` would take a step back for a negative speed, `update` does not.
            self.display.update(self.task, advance=count)

    def finish(self) -> None:
        if self.task is not None:
            self.display.stop_task(self.task)
            if self._drawn:
                self.display.stop()

    @property
    def _drawn(self) -> bool:
        # Older releases of rich (14.0) end with an empty line, even where the display is off.
        return self.owned and not self.display.disable


@define
class _TqdmBar:
    drawn: Callable[[str, int | None], tqdm[Never]]
    bar: tqdm[Never] | None = None

    def start(self, what: str, total: int | None, /) -> None:
        self.bar = self.drawn(drawable(what), total)

    def advance(self, count: int, /) -> None:
        if self.bar is not None:
            self.bar.update(count)

    def finish(self) -> None:
        if self.bar is not None:
            self.bar.close()


def drawable(what: str) -> str:
    r"""A text without what a terminal would obey: a file's name may come from a stranger.

    :param what: the text.

    >>> drawable("cats\x1b[2J.zip")
    'cats�[2J.zip'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in what)
