"""`python -m tests.fidelity`: the share of recorded exchanges that the sandbox answers alike."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.fidelity import asking, comparing
from tests.fidelity.floors import FLOOR, below, raised, read_floor, tally, written
from tests.fidelity.recorded import FOLDER, read_recordings
from tests.fidelity.replaying import Verdict, verdicts

__all__ = ["main", "report"]

SHOWN = 3
"""How many differences of an exchange are listed, unless it is the one asked for."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    :param arguments: the command line, without the program's name.
    :returns: the exit status: 1 below the floor, 2 where there are no recordings.
    """
    options = _parser().parse_args(arguments)
    folder: Path = options.recordings
    area: str | None = options.area
    name: str | None = options.exchange
    raising: bool = options.raise_floor
    quiet: bool = options.quiet
    if not folder.is_dir():
        print(f"no recordings in {folder}", file=sys.stderr)
        return 2
    found = verdicts(read_recordings(folder))
    if name is not None:
        shown = [verdict for verdict in found if verdict.recorded.name == name]
        print(*(line for verdict in shown for line in _whole(verdict)), sep="\n")
        return 0
    chosen = [verdict for verdict in found if area in (None, verdict.recorded.area)]
    print(*report(chosen, quiet=quiet), sep="\n")
    counts, floor = tally(found), read_floor()
    fallen = below(counts, floor)
    for fell, (count, least) in fallen.items():
        print(f"{fell}: {count} agree, {least} did before", file=sys.stderr)
    if raising:
        FLOOR.write_text(written(raised(counts, floor)), encoding="utf-8")
    return 1 if fallen else 0


def report(found: Sequence[Verdict], *, quiet: bool = False) -> Iterator[str]:
    """What there is to say of verdicts: each disagreement, then the share of each area.

    :param found: the verdicts.
    :param quiet: say the shares alone.
    """
    if not quiet:
        for verdict in found:
            if not verdict.agrees:
                yield from _listed(verdict)
        yield ""
    counts, whole = tally(found), Counter(verdict.recorded.area for verdict in found)
    for area in sorted(whole):
        yield _share(area, counts[area], whole[area])
    yield _share("all", sum(counts.values()), len(found))


def _share(name: str, count: int, whole: int) -> str:
    return f"{name:14} {count:5} of {whole:5}  {100 * count / max(whole, 1):6.2f} %"


def _listed(verdict: Verdict) -> Iterator[str]:
    recorded = verdict.recorded
    asked = f"{recorded.request.method} {recorded.exchange.target}"
    yield f"{recorded.name:14} {recorded.status} {asked[:110]}"
    for difference in verdict.differences[:SHOWN]:
        yield f"    {difference.place}: {difference.theirs[:90]} | {difference.ours[:140]}"
    if len(verdict.differences) > SHOWN:
        yield f"    and {len(verdict.differences) - SHOWN} more"


def _whole(verdict: Verdict) -> Iterator[str]:
    recorded = verdict.recorded
    yield from (
        f"{recorded.request.method} {recorded.exchange.target}",
        f"asked by: {verdict.asker}",
        f"sent: {recorded.request.body!r}",
        f"server: {recorded.status} {recorded.response.body!r}",
        f"sandbox: {verdict.response.status} {verdict.response.body!r}",
    )
    for difference in verdict.differences:
        yield f"    {difference.place}: {difference.theirs} | {difference.ours}"
    yield "agrees" if verdict.agrees else "disagrees"


def _parser() -> ArgumentParser:
    rules = "\n\n".join(text for text in (asking.__doc__, comparing.__doc__) if text)
    parser = ArgumentParser(
        prog="python -m tests.fidelity",
        description=__doc__,
        epilog=rules,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--recordings", type=Path, default=FOLDER, help="where *.jsonl files are")
    parser.add_argument("--area", help="list the exchanges of this area alone")
    parser.add_argument("--exchange", help="tell all of one exchange, such as tasks:12")
    parser.add_argument("--quiet", action="store_true", help="print the shares alone")
    parser.add_argument(
        "--raise", action="store_true", dest="raise_floor", help="write the floor where it rose"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
