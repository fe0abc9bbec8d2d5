"""Whether a walk goes round in a circle, known from a single mark.

Rule: a circle is found however long it is, before it has been walked four times, and nothing is
kept but one place: the mark is set anew after 1, 2, 4, 8 ... steps, and who goes round a circle
comes to it again. Source: R. P. Brent, "An improved Monte Carlo factorization algorithm", 1980.
"""

from __future__ import annotations

from attrs import frozen

__all__ = ["Trail"]


@frozen
class Trail:
    """The way so far of a walk from place to place.

    :param at: where it is.
    :param mark: where it was some time ago.
    :param steps: how many steps it has taken.
    """

    at: str = ""
    mark: str | None = None
    steps: int = 0

    def on(self, to: str) -> Trail | None:
        """The way with one more step; `None` where that leads back to a place that is known.

        :param to: where the step leads.

        >>> Trail("a").on("b")
        Trail(at='b', mark='b', steps=1)
        >>> Trail("a").on("a") is None
        True
        """
        if to in (self.at, self.mark):
            return None
        steps = self.steps + 1
        return Trail(to, self.mark if steps & (steps - 1) else to, steps)
