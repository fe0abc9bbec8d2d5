"""The sandbox as a whole: whatever people do, it never raises and is what a plain model says."""

from __future__ import annotations

from hypothesis import Phase, settings

from tests.sandbox.machine.hearing import Hearing
from tests.sandbox.machine.judging import Judging
from tests.sandbox.machine.keeping import Keeping
from tests.sandbox.machine.looking import Looking
from tests.sandbox.machine.moving import Moving
from tests.sandbox.machine.organizing import Organizing
from tests.sandbox.machine.talking import Talking


class Whole(Moving, Organizing, Talking, Hearing, Judging, Looking, Keeping):
    """Every area at once."""


TestWhole = Whole.TestCase
TestWhole.settings = settings(
    # Rules are many: this makes some two thousand steps of them in a profile of forty examples.
    max_examples=2 * settings().max_examples,
    stateful_step_count=50,
    # A failure is told as it was found: to shrink such long ways takes minutes, and every step is
    # shown anyway.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    report_multiple_bugs=False,
)
