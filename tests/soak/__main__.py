"""Thousands of mixed calls under random faults from several threads, and an account of all of them.

    python -m tests.soak --calls 10000 --threads 8 --seed 1
    python -m tests.soak --minutes 60
    python -m tests.soak --async trio --threads 50

It prints what was asked, what came of it and what was done to it on the way; it ends with 1 and the
seed where anything is not accounted for.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from tests.soak.running import Report, soak


def main() -> int:
    options = _options()
    with TemporaryDirectory(prefix="cvatfn-soak-") as folder:
        report = soak(
            options.seed,
            Path(folder),
            calls=options.calls,
            threads=options.threads,
            minutes=options.minutes,
            loop=options.loop,
        )
    _print(report, Console(width=170))
    if report.problems:
        again = f"--seed {options.seed}" + (f" --async {options.loop}" if options.loop else "")
        print(f"not accounted for; again: {again}", file=sys.stderr)
    return 1 if report.problems else 0


class Options(argparse.Namespace):
    seed: int
    calls: int
    threads: int
    minutes: float | None
    loop: str | None


def _options() -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--calls", type=int, default=10_000, help="how many calls at least")
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--minutes", type=float, help="go on for so long")
    parser.add_argument(
        "--async",
        dest="loop",
        choices=("asyncio", "trio"),
        help="calls by tasks of an event loop, as many in flight as there are threads",
    )
    return parser.parse_args(namespace=Options())


def _print(report: Report, console: Console) -> None:
    kinds = sorted({kind for kind, _ in report.calls})
    outcomes = [name for name, _ in Counter[str](_by(report, 1)).most_common()]
    table = Table(title=f"{report.total} calls by kind and outcome, seed {report.seed}")
    table.add_column("kind", no_wrap=True)
    for name in ("all", *outcomes):
        table.add_column(name, justify="right")
    for kind in kinds:
        counts = [report.calls[kind, outcome] for outcome in outcomes]
        table.add_row(kind, str(sum(counts)), *(str(count or "") for count in counts))
    console.print(table)
    done = ", ".join(f"{kind} {count}" for kind, count in sorted(report.done.items()))
    console.print(f"On the way: {done}.")
    looked_at = ", ".join(f"{what} {count}" for what, count in sorted(report.looked_at.items()))
    console.print(f"Held against the world and the disk: {looked_at}.")
    for half, size in zip(("half", "end"), report.sizes, strict=False):
        console.print(f"At the {half}: {size.resident >> 20} MiB, {size.objects} objects.")
    console.print(f"{report.seconds:.0f} s in all, the slowest call {report.slowest:.2f} s.")
    for problem in report.problems[:50]:
        console.print(problem, style="red", markup=False)
    console.print(f"Not accounted for: {len(report.problems)}.")


def _by(report: Report, part: int) -> Counter[str]:
    counted = Counter[str]()
    for key, count in report.calls.items():
        counted[key[part]] += count
    return counted


if __name__ == "__main__":
    sys.exit(main())
