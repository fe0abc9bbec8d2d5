"""Which frames are for validation, where a request leaves the choice to chance.

Rule: chance comes from a seed; the same one always makes the same choice. CVAT's own generator is
numpy's, so the frames it picks for a seed are others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import TypeAlias, TypeVar

from attrs import frozen

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success

__all__ = [
    "Selection",
    "Stretch",
    "selected",
    "selection_of",
    "shuffled",
    "spread",
    "wrong_selection",
]

N = TypeVar("N", int, float)

Sent: TypeAlias = models.JobWriteRequest | models.ValidationParamsRequest
Stretch: TypeAlias = Sequence[int]
"""The frames of a job."""


@frozen(kw_only=True)
class Selection:
    """How frames are to be selected; `None` is what was not said."""

    method: models.FrameSelectionMethod | None = None
    count: int | None = None
    share: float | None = None
    job_count: int | None = None
    job_share: float | None = None
    named: bool = False
    seed: int | None = None


def selection_of(sent: Sent) -> Selection:
    """What a request says of a selection.

    :param sent: the request, of a job or of data.
    """
    method = sent.frame_selection_method
    return Selection(
        method=None if isinstance(method, Unset) else method,
        count=_given(sent.frame_count),
        share=_given(sent.frame_share),
        job_count=_given(sent.frames_per_job_count),
        job_share=_given(sent.frames_per_job_share),
        named=not isinstance(sent.frames, Unset),
        seed=_given(sent.random_seed),
    )


def wrong_selection(wanted: Selection, *, pool: bool = False) -> str | None:
    """What does not go together in a selection.

    :param wanted: the selection.
    :param pool: whether it is to fill a pool for honeypots.
    """
    kinds = models.FrameSelectionMethod
    overall = (wanted.count, wanted.share)
    by_job = (wanted.job_count, wanted.job_share)
    if pool and wanted.method is kinds.RANDOM_PER_JOB:
        return "the frames of a pool are not selected by job"
    if any(share is not None and not 0 < share < 1 for share in (wanted.share, wanted.job_share)):
        return "a share lies between 0 and 1"
    if pool and (wrong := _one_of(by_job, "frames_per_job_count", "frames_per_job_share")):
        return wrong
    if wanted.method is kinds.RANDOM_UNIFORM:
        wrong = _one_of(overall, "frame_count", "frame_share")
    elif wanted.method is kinds.RANDOM_PER_JOB:
        wrong = _one_of(by_job, "frames_per_job_count", "frames_per_job_share")
    else:
        wrong = None if wanted.named else 'the "frames" have to be named'
    if wanted.named and wanted.method is not kinds.MANUAL:
        return wrong or '"frames" are named only where they are selected manually'
    return wrong


def selected(
    wanted: Selection, size: int, jobs: Sequence[Stretch], seed: str
) -> Outcome[tuple[int, ...], str]:
    """Select frames at random, over all or in each job.

    :param wanted: how, by chance.
    :param size: how many frames there are.
    :param jobs: the frames of each job.
    :param seed: where the choice comes from, if the selection has no seed of its own.
    :returns: their numbers, in order; or why there are not enough.

    >>> selection = Selection(method=models.FrameSelectionMethod.RANDOM_UNIFORM, count=3, seed=1)
    >>> selected(selection, 3, [], "").unwrap()
    (0, 1, 2)
    """
    seed = seed if wanted.seed is None else str(wanted.seed)
    if wanted.method is not models.FrameSelectionMethod.RANDOM_PER_JOB:
        count = wanted.count if wanted.count is not None else _part(wanted.share, size)
        if count > size:
            return Failure(f"{count} frames are wanted of {size}")
        return Success(tuple(sorted(shuffled(range(size), seed)[:count])))
    longest = max((len(job) for job in jobs), default=0)
    count = wanted.job_count if wanted.job_count is not None else _part(wanted.job_share, longest)
    if count > longest:
        return Failure(f"{count} frames of each job are wanted, and none has more than {longest}")
    chosen: set[int] = set()
    for turn, job in enumerate(jobs):
        missing = min(len(job), count) - len(chosen.intersection(job))
        others = [frame for frame in job if frame not in chosen]
        chosen.update(shuffled(others, f"{seed} {turn}")[: max(0, missing)])
    return Success(tuple(sorted(chosen)))


def shuffled(items: Sequence[int], seed: str) -> tuple[int, ...]:
    """Numbers in an order that nobody foresees.

    :param items: the numbers.
    :param seed: where the order comes from.
    """
    return tuple(sorted(items, key=lambda item: _rank(seed, item)))


def spread(pool: Sequence[int], wanted: Sequence[int], seed: str) -> Iterator[tuple[int, ...]]:
    """Deal a pool out: nobody gets a thing twice, and none is dealt much more often than another.

    :param pool: the things.
    :param wanted: how many each gets, at most all there are.
    :param seed: where the choice comes from.

    >>> sorted(item for dealt in spread([1, 2, 3], [2, 1], "") for item in dealt)
    [1, 2, 3]
    """
    used = dict.fromkeys(pool, 0)
    for turn, count in enumerate(wanted):
        ranks = {item: (used[item], _rank(f"{seed} {turn}", item)) for item in pool}
        dealt = tuple(sorted(pool, key=ranks.__getitem__)[:count])
        for item in dealt:
            used[item] += 1
        yield dealt


def _given(value: N | Unset) -> N | None:
    return None if isinstance(value, Unset) else value


def _part(share: float | None, of: int) -> int:
    """A share of frames: one at least."""
    return max(1, int((share or 0) * of))


def _one_of(values: Sequence[object], *names: str) -> str | None:
    given = sum(value is not None for value in values)
    said = " or ".join(f'"{name}"' for name in names)
    return None if given == 1 else f"one of {said} is needed" if not given else f"{said}: not both"


def _rank(seed: str, item: int) -> bytes:
    return blake2b(f"{seed}\0{item}".encode(), digest_size=16).digest()
