"""All checks, and all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cvatfn.testing.conformance.checking import PATIENCE, Cannot, Check, Report
from cvatfn.testing.conformance.checks import (
    answers,
    bodies,
    faults,
    requests,
    sharing,
    streams,
    times,
    trust,
)
from cvatfn.testing.conformance.stage import MakeTransport

__all__ = ["CHECKS", "run"]

CHECKS: Final[tuple[Check, ...]] = (
    *requests.CHECKS,
    *bodies.CHECKS,
    *answers.CHECKS,
    *streams.CHECKS,
    *times.CHECKS,
    *faults.CHECKS,
    *trust.CHECKS,
    *sharing.CHECKS,
)
"""Every check, for `pytest.mark.parametrize("check", CHECKS, ids=str)`."""


def run(
    make: MakeTransport,
    *,
    cannot: Cannot | None = None,
    checks: Iterable[Check] = CHECKS,
    patience: float = PATIENCE,
) -> Report:
    """Put a transport to all checks.

    :param make: makes the transport, for the server at a URL; its `with` block ends it.
    :param cannot: what the transport cannot do, and why; checks that need it are skipped.
    :param checks: which checks.
    :param patience: how long each may take, in seconds.
    :returns: what came of each; nothing that a transport does raises.

    >>> from cvatfn.testing.conformance import CHECKS, run
    >>> from cvatfn.transport import connect
    >>> print(run(connect, checks=CHECKS[:2]))
    passed   methods_arrive: Methods arrive as they are, also those that nobody knows.
    passed   any_method_may_have_content: Content arrives with any method.
    """
    return Report(tuple(each.run(make, cannot, patience=patience) for each in checks))
