"""Who is told how far a transfer is, and what the bars draw."""

from __future__ import annotations

import io
import sys
import threading
from collections.abc import Callable
from typing import TextIO

import pytest
import rich.progress
from attrs import define, field
from rich.console import Console
from tqdm import TMonitor, tqdm
from typing_extensions import override

from cvatfn.transfer.bars import rich_progress, tqdm_progress
from cvatfn.transfer.progress import Counting, Progress, serialized, silent


class Terminal(io.StringIO):
    @override
    def isatty(self) -> bool:
        return True


def with_rich(file: TextIO) -> Progress:
    return rich_progress(Console(file=file, width=120, force_terminal=file.isatty()))


BARS = pytest.mark.parametrize("bar", [with_rich, tqdm_progress])
MakeBar = Callable[[TextIO], Progress]


def transfer(progress: Progress, what: str, total: int | None, *counts: int) -> None:
    progress.start(what, total)
    for count in counts:
        progress.advance(count)
    progress.finish()


def test_silence() -> None:
    transfer(silent, "cats.zip", None, 5)


def test_counting_counts() -> None:
    counting = Counting()
    transfer(counting, "cats.zip", 9, 5, -5, 9)
    assert counting == Counting("cats.zip", 9, [5, -5, 9], finished=True)
    assert counting.done == 9


def test_a_transfer_may_end_before_it_began() -> None:
    counting = Counting()
    counting.finish()
    assert counting.finished
    with pytest.raises(RuntimeError, match="after it was over"):
        counting.start("cats.zip", 9)


def test_counting_holds_the_rule() -> None:
    counting = Counting()
    with pytest.raises(RuntimeError, match="not under way"):
        counting.advance(1)
    counting.start("cats.zip", 9)
    with pytest.raises(RuntimeError, match="started twice"):
        counting.start("cats.zip", 9)
    counting.advance(2)
    with pytest.raises(RuntimeError, match="3 cannot be taken back"):
        counting.advance(-3)
    counting.finish()
    with pytest.raises(RuntimeError, match="not under way"):
        counting.advance(1)
    with pytest.raises(RuntimeError, match="finished twice"):
        counting.finish()


@define
class Meeting:
    """Lets a second thread come while the first one is inside, and notes whether it got in."""

    inside: int = 0
    most: int = 0
    second: threading.Event = field(factory=threading.Event)

    def _visit(self) -> None:
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.second.wait(0.02)  # without the lock, the second thread comes in and ends the wait
        if self.inside > 1:
            self.second.set()
        self.inside -= 1

    def start(self, _what: str, _total: int | None, /) -> None:
        self._visit()

    def advance(self, _count: int, /) -> None:
        self._visit()

    def finish(self) -> None:
        self._visit()


def together(*tasks: Callable[[], object]) -> None:
    threads = [threading.Thread(target=task) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_serialized_lets_one_thread_in_at_a_time() -> None:
    meeting = Meeting()
    shared = serialized(meeting)
    together(lambda: shared.start("x", 1), lambda: shared.advance(1), shared.finish)
    assert meeting.most == 1


def test_serialized_lets_the_next_in_after_a_fault() -> None:
    counting = Counting()
    shared = serialized(counting)
    with pytest.raises(RuntimeError):
        shared.advance(1)
    transfer(shared, "cats.zip", 3, 3)
    assert counting == Counting("cats.zip", 3, [3], finished=True)


def last_frame(screen: TextIO) -> str:
    screen.seek(0)
    return screen.read().replace("\r", "\n").strip().splitlines()[-1]


@BARS
def test_draws_bytes_on_a_terminal(bar: MakeBar) -> None:
    screen = Terminal()
    transfer(bar(screen), "cats.zip", 4_000_000, 1_000_000, -1_000_000, 3_000_000)
    drawn = screen.getvalue()
    assert "cats.zip" in drawn
    assert "3.0" in drawn  # of 4.0 MB
    assert "4.0" in drawn
    assert "B/s" in drawn
    assert not drawn.endswith("cats.zip")


@BARS
def test_draws_what_has_no_known_end(bar: MakeBar) -> None:
    screen = Terminal()
    transfer(bar(screen), "cats.zip", None, 2_000_000)
    assert "2.0" in screen.getvalue()
    assert "100%" not in screen.getvalue()


@BARS
@pytest.mark.parametrize("total", [None, 0, 5])
def test_draws_nothing_where_nobody_looks(bar: MakeBar, total: int | None) -> None:
    file = io.StringIO()
    transfer(bar(file), "cats.zip", total, 5)
    assert file.getvalue() == ""


@BARS
def test_a_bar_may_end_before_it_began(bar: MakeBar) -> None:
    for file in (Terminal(), io.StringIO()):
        bar(file).finish()
        assert file.getvalue() == ""


@BARS
def test_draws_more_than_was_announced(bar: MakeBar) -> None:
    screen = Terminal()
    transfer(bar(screen), "cats.zip", 1_000_000, 7_000_000)
    assert "7.0" in screen.getvalue()


@BARS
def test_a_name_is_shown_and_not_obeyed(bar: MakeBar) -> None:
    screen = Terminal()
    transfer(bar(screen), "[red]:cat: {x} \x1b]0;\n", 5, 5)
    drawn = screen.getvalue()
    assert "[red]:cat: {x} \ufffd]0;\ufffd" in drawn
    assert "\x1b]0;" not in drawn


@BARS
def test_several_threads_may_tell_one_bar(bar: MakeBar) -> None:
    screen = Terminal()
    progress = bar(screen)
    progress.start("cats.zip", 6_000_000)

    def some() -> None:
        for _ in range(300):
            progress.advance(10_000)

    together(some, some)
    progress.finish()
    assert "6.0" in screen.getvalue()


@BARS
def test_changes_nothing_global(bar: MakeBar) -> None:
    before = (sys.stdout, sys.stderr, tqdm.monitor_interval, set(threading.enumerate()))
    progress = bar(Terminal())
    progress.start("cats.zip", 5)
    assert (sys.stdout, sys.stderr, tqdm.monitor_interval) == before[:3]
    progress.finish()
    assert not any(isinstance(each, TMonitor) for each in threading.enumerate())
    assert {each for each in threading.enumerate() if not each.daemon} <= before[3]


def test_lines_of_one_display() -> None:
    screen = Terminal()
    console = Console(file=screen, width=120, force_terminal=True)
    with rich.progress.Progress(console=console, auto_refresh=False) as display:
        bars = [rich_progress(display=display) for _ in range(2)]
        bars[0].start("cats[b].zip", 10)
        bars[1].start("dogs.zip", 20)
        bars[0].advance(10)
        bars[1].advance(5)
        bars[0].finish()
        assert display.live.is_started
        assert [task.completed for task in display.tasks] == [10, 5]
        bars[1].finish()
    assert "cats[b].zip" in screen.getvalue()
    assert "dogs.zip" in screen.getvalue()


def test_tqdm_may_leave_no_bar() -> None:
    stays, goes = Terminal(), Terminal()
    transfer(tqdm_progress(stays), "cats.zip", 5, 5)
    transfer(tqdm_progress(goes, leave=False), "cats.zip", 5, 5)
    assert "cats.zip" in last_frame(stays)
    assert "cats.zip" not in goes.getvalue().rpartition("\r")[2]


@pytest.mark.parametrize(
    ("missing", "bar"), [("rich.progress", rich_progress), ("tqdm", tqdm_progress)]
)
def test_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, missing: str, bar: Callable[[], Progress]
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=r"install `cvatfn\[progress\]"):
        bar()
