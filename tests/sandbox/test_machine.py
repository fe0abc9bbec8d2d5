"""The sandbox as a whole: whatever people do, it never raises and is what a plain model says."""

from __future__ import annotations

from hypothesis import settings

from tests.sandbox.machine.annotating import Annotating
from tests.sandbox.machine.keeping import Keeping


class Whole(Annotating, Keeping):
    """Every area at once."""


TestWhole = Whole.TestCase
TestWhole.settings = settings(stateful_step_count=30)
