"""Where annotations come from: by hand, from a file, from a function, from consensus.

Rule: CVAT's document takes any text for a source, and CVAT does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, TypeVar

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.unset import Unset
from cvatfn.testing.sandbox.files.shapes import Sent

__all__ = ["unknown_sources", "with_own_sources"]

A = TypeVar("A", models.LabeledImageRequest, models.LabeledShapeRequest, models.LabeledTrackRequest)
Sources: TypeAlias = Mapping[int | None, str]

_SOURCES: Final = ("auto", "semi-auto", "manual", "file", "consensus")
"""Where annotations may come from, in CVAT's order."""


def unknown_sources(sent: Sent) -> Iterator[Problem]:
    """Sources that CVAT does not know; its document takes any text.

    :param sent: annotations.
    """
    known = ", ".join(repr(name) for name in _SOURCES)
    kinds = (
        ("tags", [tag.source for tag in sent.tags or ()]),
        ("shapes", [shape.source for shape in sent.shapes or ()]),
        ("tracks", [track.source for track in sent.tracks or ()]),
    )
    for kind, sources in kinds:
        for index, source in enumerate(sources):
            if not _is_known(source):
                told = f"must be one of {known}, got {source!r}"
                yield Problem(f"$.{kind}[{index}].source", told)


def with_own_sources(sent: Sent, held: models.LabeledData) -> Sent:
    """What is changed under a source that CVAT does not know keeps the one it had.

    :param sent: annotations, of which those with ids are there already.
    :param held: what is there.
    """
    return evolve(
        sent,
        tags=_own(sent.tags or (), {tag.id: tag.source for tag in held.tags}),
        shapes=_own(sent.shapes or (), {shape.id: shape.source for shape in held.shapes}),
        tracks=_own(sent.tracks or (), {track.id: track.source for track in held.tracks}),
    )


def _own(items: tuple[A, ...], had: Sources) -> tuple[A, ...]:
    return tuple(item if _is_known(item.source) else _with_own(item, had) for item in items)


def _with_own(item: A, had: Sources) -> A:
    known = had.get(item.id) if isinstance(item.id, int) else None
    return item if known is None else evolve(item, source=known)


def _is_known(source: str | Unset) -> bool:
    return not isinstance(source, str) or source in _SOURCES
