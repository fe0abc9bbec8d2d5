"""A check, and how a transport is put to it.

Rule: a check always comes to a result. What a transport raises is what it did wrong; and one that
never comes back is given up, its servers with it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import Thread
from traceback import extract_tb
from typing import Final, Literal, TypeAlias, final

from attrs import field, frozen
from typing_extensions import override

from cvatfn.codecs.showing import readable
from cvatfn.testing.conformance.stage import MakeTransport, Stage, Unmet

__all__ = ["PATIENCE", "Cannot", "Check", "Need", "Report", "Result", "check", "put_to"]

Need: TypeAlias = Literal[
    "answers",
    "origin",
    "wire",
    "pieces",
    "streams",
    "limits",
    "timeouts",
    "deadlines",
    "parallel",
    "closing",
]
"""What a check needs of a transport, beside that it is one.

- `answers`: what it asks is the suite's server, or `answered`.
- `origin`: it belongs to one server, and knows which.
- `wire`: it asks over a socket, in HTTP/1.1.
- `pieces`: it reads a body while it is sent.
- `streams`: it hands on a streamed answer while it comes.
- `limits`: it keeps a request's `max_body`.
- `timeouts`: it keeps a request's `connect` and `read`.
- `deadlines`: it keeps `total`.
- `parallel`: it sends requests of several threads at once.
- `closing`: it sends nothing any more when its block has ended.
"""

Cannot: TypeAlias = Mapping[Need, str]
"""What a transport cannot do, and why: the reason with which checks are skipped."""

PATIENCE: Final = 30.0
"""How long one check may take, in seconds; far more than any of them needs."""


@final
@frozen
class Check:
    """One thing that every transport does.

    :param name: its name.
    :param sentence: what it says of a transport.
    :param needs: what it needs of a transport.
    :param body: puts a transport to it.
    """

    name: str
    sentence: str
    needs: tuple[Need, ...]
    body: Callable[[Stage], None] = field(repr=False)

    def run(
        self, make: MakeTransport, cannot: Cannot | None = None, *, patience: float = PATIENCE
    ) -> Result:
        """Put a transport to the check.

        :param make: makes the transport, for the server at a URL.
        :param cannot: what it cannot do, and why; checks that need it are skipped.
        :param patience: how long it may take, in seconds.
        """
        lacking = [f"{need}: {cannot[need]}" for need in self.needs if cannot and need in cannot]
        if lacking:
            return Result(self.name, self.sentence, "skipped", "; ".join(lacking))
        wrong = put_to(self.body, make, patience)
        return Result(
            self.name, self.sentence, "passed" if wrong is None else "failed", wrong or ""
        )

    @override
    def __str__(self) -> str:
        return self.name


@final
@frozen
class Result:
    """What came of a check.

    :param check: its name.
    :param sentence: what it says of a transport.
    :param verdict: whether that is so.
    :param reason: why it failed or was skipped.

    >>> print(Result("ends", "Redirects end.", "failed", "101 requests were sent"))
    failed   ends: Redirects end. (101 requests were sent)
    """

    check: str
    sentence: str
    verdict: Literal["passed", "failed", "skipped"]
    reason: str = ""

    @override
    def __str__(self) -> str:
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.verdict:8} {self.check}: {self.sentence}{why}"


@final
@frozen
class Report:
    """What came of all checks; printed, it is one line for each.

    :param results: in the order of the checks.
    """

    results: tuple[Result, ...]

    @property
    def conforms(self) -> bool:
        """Whether no check failed."""
        return not self.of("failed")

    def of(self, verdict: Literal["passed", "failed", "skipped"]) -> tuple[Result, ...]:
        """The results of one kind.

        :param verdict: which.
        """
        return tuple(result for result in self.results if result.verdict == verdict)

    @override
    def __str__(self) -> str:
        return "\n".join(map(str, self.results))


def check(*needs: Need) -> Callable[[Callable[[Stage], None]], Check]:
    """Make a check of a function, whose name and docstring say what it is.

    :param needs: what it needs of a transport.
    """

    def made(function: Callable[[Stage], None]) -> Check:
        sentence = (inspect.getdoc(function) or "").replace("\n", " ")
        return Check(function.__name__, sentence, needs, function)

    return made


def put_to(body: Callable[[Stage], None], make: MakeTransport, patience: float) -> str | None:
    """Put a transport to a check, in a thread of its own.

    :param body: the check.
    :param make: makes the transport.
    :param patience: how long it may take, in seconds.
    :returns: what is wrong; `None` if nothing is.
    """
    stage, told = Stage(make), list[str | None]()
    thread = Thread(target=lambda: told.append(_wrong(body, stage)), daemon=True)
    thread.start()
    thread.join(patience)
    if not told:
        stage.give_up()
        thread.join(patience)
        return f"it did not come back within {patience:g} s"
    return told[0]


def _wrong(body: Callable[[Stage], None], stage: Stage) -> str | None:
    """What is wrong, whatever it is: this is where exceptions of a transport end."""
    try:
        with closing(stage):
            body(stage)
    except Unmet as unmet:
        return readable(str(unmet))
    except Exception as error:
        frame = extract_tb(error.__traceback__)[-1]
        said = f"it raised {type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"
        return readable(said)
    return None
