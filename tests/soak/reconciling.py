"""The ledger held against the world: everything accounted for, or a list of what is not.

Rule: pure. The ledger says, of each thing that a call was to change, in which states it may be now;
the world says in which it is. What is in the world and in no line is as wrong as what is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Final

from attrs import define, field

from cvatfn.testing.sandbox import World
from cvatfn.testing.sandbox.state.annotated import Task
from cvatfn.testing.sandbox.state.works import CreateData, ImportAnnotations
from tests.soak.ledger import Effect, Line

__all__ = ["digest", "marker_of", "reconciled", "unaccounted"]

ONCE: Final = frozenset({1})
NEVER: Final = frozenset({0})
PERHAPS: Final = ONCE | NEVER


def digest(files: Iterable[tuple[str, bytes]]) -> str:
    """What stands for files with their names."""
    hashed = blake2b(digest_size=12)
    for name, content in sorted(files):
        hashed.update(f"{name}\n{len(content)}\n".encode() + content)
    return hashed.hexdigest()


def marker_of(points: Sequence[float]) -> str:
    """What tells one shape from another: where it is."""
    return f"{points[0]:g},{points[1]:g}"


@define
class _Expected:
    """What may be known of one task."""

    there: frozenset[int] = NEVER
    trackers: set[str] = field(factory=lambda: {""})
    media: set[str] = field(factory=lambda: {""})
    shapes: dict[str, frozenset[int]] = field(factory=dict[str, frozenset[int]])
    comments: dict[str, frozenset[int]] = field(factory=dict[str, frozenset[int]])


def unaccounted(lines: Iterable[Line], world: World) -> Iterator[str]:
    """All that is not accounted for, in words; nothing, if all is well."""
    expected: dict[str, _Expected] = {}
    for line in lines:
        if line.wrong is not None:
            yield f"line {line.number} ({line.kind} {line.asked}): {line.wrong}"
        if line.effect is not None and line.effect.verb != "saved":
            _fold(expected.setdefault(line.effect.on, _Expected()), line.effect, line.acted)
    found: dict[str, list[Task]] = {}
    for task in world.tasks.values():
        found.setdefault(task.name, []).append(task)
    for name in sorted(found.keys() - expected.keys()):
        yield f"task {name} is in the world, and no line says why"
    for name, known in expected.items():
        yield from _of_task(name, known, found.get(name, []), world)
    yield from _left_over(world)


def reconciled(lines: Iterable[Line]) -> Counter[str]:
    """How many things of each kind were looked for in the world."""
    return Counter(
        f"{line.effect.verb}: {_certainty(line.acted)}" for line in lines if line.effect is not None
    )


def _certainty(acted: bool | None) -> str:
    return "perhaps" if acted is None else "once" if acted else "not at all"


def _fold(known: _Expected, effect: Effect, acted: bool | None) -> None:
    """What is known of a task after a call that was to change it."""
    times = PERHAPS if acted is None else ONCE if acted else NEVER
    match effect.verb:
        case "made":
            known.there = times
        case "removed":
            known.there = known.there if acted is False else (NEVER if acted else known.there | {0})
        case "changed":
            _set(known.trackers, effect.what, acted)
        case "gave":
            _set(known.media, effect.what, acted)
        case "drew" | "imported":
            known.shapes[effect.what] = times
        case "redrew":
            for marker, before in known.shapes.items():
                after = before if acted is False else (NEVER if acted else before | {0})
                known.shapes[marker] = after
            known.shapes[effect.what] = times
        case "said":
            known.comments[effect.what] = times
        case "saved":
            pass


def _set(values: set[str], value: str, acted: bool | None) -> None:
    if acted is False:
        return
    if acted:
        values.clear()
    values.add(value)


def _of_task(name: str, known: _Expected, found: list[Task], world: World) -> Iterator[str]:
    if len(found) not in known.there:
        yield f"task {name} is there {len(found)} times, and not {_times(known.there)}"
    for task in found:
        if task.bug_tracker not in known.trackers:
            yield f"task {name} has bug tracker {task.bug_tracker!r}, not {sorted(known.trackers)}"
        frames = () if task.media is None else task.media.frames
        given = digest((frame.name, frame.content) for frame in frames) if frames else ""
        if given not in known.media:
            yield f"task {name} has other media than it was given"
        jobs = [job for job in world.jobs.values() if job.task == task.id]
        drawn = Counter(marker_of(shape.points) for job in jobs for shape in job.annotations.shapes)
        yield from _counted(f"task {name}: shape", known.shapes, drawn)
        issues = {issue.id for issue in world.issues.values() if issue.job in {j.id for j in jobs}}
        said = Counter(each.message for each in world.comments.values() if each.issue in issues)
        yield from _counted(f"task {name}: comment", known.comments, said)


def _counted(what: str, known: dict[str, frozenset[int]], found: Counter[str]) -> Iterator[str]:
    for each in sorted(known.keys() | found.keys()):
        allowed = known.get(each, NEVER)
        if found[each] not in allowed:
            yield f"{what} {each} is there {found[each]} times, and not {_times(allowed)}"


def _times(allowed: frozenset[int]) -> str:
    return " or ".join(map(str, sorted(allowed)))


def _left_over(world: World) -> Iterator[str]:
    """Work that nobody asked for, or that was begun and never came to an end."""
    ids = {task.id for task in world.tasks.values()}
    for background in world.backgrounds.values():
        match background.work:
            case CreateData(task=task) | ImportAnnotations(target="task", id=task):
                if task in ids and background.failure is not None:
                    yield f"work {background.id} failed: {background.failure}"
            case _:
                pass
    for task in world.uploads:
        if task not in ids:
            yield f"files were uploaded to task {task}, which is not there"
