"""The walk: what it looks at, what it has found, and everything that was said meanwhile."""

from __future__ import annotations

import logging
import sys
import threading
import warnings
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

from attrs import define, field
from typing_extensions import override

from cvatfn.outcome import Failure, Outcome
from tests.secrets.finding import Secrets
from tests.secrets.sights import by_hypothesis, by_rich, of_error, of_value

__all__ = ["Walk", "hearing"]


@define
class Walk:
    """Looks at values, and notes where a secret was found.

    :param found: each with where it was seen, how, and where it was planted.
    :param looked: how many texts were looked at.
    :param seen: the classes of the errors that were looked at.
    """

    secrets: Secrets = field(factory=Secrets)
    found: list[str] = field(factory=list[str])
    looked: int = 0
    seen: set[type] = field(factory=set[type])

    def at_texts(self, what: str, sights: Iterable[tuple[str, str | bytes]]) -> None:
        """Look at texts; they are searched in one, and one by one where there is something."""
        texts = [
            (how, text.encode("utf-8", "replace") if isinstance(text, str) else text)
            for how, text in sights
        ]
        self.looked += len(texts)
        unique = b"\n\n".join({text: None for _, text in texts})
        if self.secrets.found(unique):
            self.found += [
                f"{what}: {how}: {where}"
                for how, text in texts
                for where in self.secrets.found(text)
            ]

    def at(self, what: str, value: object) -> None:
        """Look at a value as it is shown, by whatever shows values."""
        self.at_texts(what, (*of_value(value), *by_rich(value), *by_hypothesis(value)))

    def at_shown(self, what: str, value: object) -> None:
        """Look at a value as its `repr` and its kin show it."""
        self.at_texts(what, of_value(value))

    def at_outcome(self, what: str, outcome: Outcome[object, object]) -> None:
        """Look at what came of something: at an error through and through.

        What is granted is data: an echo that fits its type is what was asked for.
        """
        if isinstance(outcome, Failure):
            self.at_shown(what, outcome)
            self.seen.add(type(outcome.failure()))
            self.at_texts(what, of_error(outcome.failure()))

    def at_files(self, what: str, folder: Path, data: tuple[str, ...] = ()) -> None:
        """Look at what lies in a folder: names and contents, but for what was downloaded."""
        for path in sorted(folder.rglob("*")):
            self.at_texts(what, [(f"the name {path.name}", str(path.relative_to(folder)))])
            if path.is_file() and path.name not in data:
                self.at_texts(what, [(f"in {path.name}", path.read_bytes())])


class _Ear(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=1)
        self.records: list[logging.LogRecord] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def hearing(walk: Walk, what: str) -> Generator[None]:
    """Hear all loggers at every level, all warnings, and what threads and finalizers raise.

    What is printed is pytest's `capfd` to look at.
    """
    ear, root = _Ear(), logging.getLogger()
    raised: list[object] = []
    before = root.level, sys.unraisablehook, threading.excepthook
    loggers = [
        each for each in root.manager.loggerDict.values() if isinstance(each, logging.Logger)
    ]
    levels = [(each, each.level, each.disabled) for each in loggers]
    root.addHandler(ear)
    root.setLevel(1)
    for each in loggers:
        each.setLevel(1)
        each.disabled = False
    sys.unraisablehook = raised.append
    threading.excepthook = raised.append
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            yield
    finally:
        root.removeHandler(ear)
        root.setLevel(before[0])
        sys.unraisablehook, threading.excepthook = before[1:]
        for each, level, disabled in levels:
            each.setLevel(level)
            each.disabled = disabled
    for record in ear.records:
        told = [(name, repr(value)) for name, value in vars(record).items()]
        walk.at_texts(
            f"{what}: a record of {record.name}", [("its text", record.getMessage()), *told]
        )
    for warning in warned:
        walk.at_texts(f"{what}: a warning", [("its text", str(warning.message))])
    for error in raised:
        walk.at_texts(f"{what}: an exception that nobody caught", [("it", repr(error))])
    walk.looked += len(ear.records)
