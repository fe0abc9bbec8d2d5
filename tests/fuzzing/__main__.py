"""The fuzzer: `python -m tests.fuzzing`, which `make fuzz` runs; needs the dependency group `fuzz`.

Each target gets a process of its own and its share of the time. atheris watches which branches of
the library an input takes, and goes on from those that take new ones. What it has learned stays in
`.fuzz/corpus`, so that the next run begins there; what it finds is in `.fuzz/findings`.

    python -m tests.fuzzing --minutes 60              all targets, an hour altogether
    python -m tests.fuzzing --minutes 5 wire gzip     two of them
    python -m tests.fuzzing --again wire FILE         run one input, and see what it comes to
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from time import monotonic
from typing import Final

from attrs import frozen

from tests.fuzzing.findings import broken, found_in, saved
from tests.fuzzing.target import Target

ROOT: Final = Path(".fuzz")
CORPUS: Final = Path(__file__).parent / "corpus"
LONGEST: Final = 1 << 13
"""How many bytes an input has, at most."""
SLOWEST: Final = 25
"""Seconds that one input may take, instrumented and on a busy machine; they take milliseconds."""
MEMORY: Final = 2048
"""Mebibytes that a process may take."""
MOST_DEATHS: Final = 3
"""How often a target is begun again whose process ended before its time."""
WORDS: Final = "python -m tests.fuzzing"


@frozen
class Told:
    """A line of the table.

    :param target: its name.
    :param runs: how many inputs were tried.
    :param edges: how many edges between pieces of code they took.
    :param features: how many kinds of ways through the code.
    :param seconds: how long.
    :param findings: the files.
    """

    target: str
    runs: int
    edges: int
    features: int
    seconds: float
    findings: tuple[Path, ...]


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for.

    :param arguments: of the command line.
    :returns: 0 where nothing was found.
    """
    parser = argparse.ArgumentParser(prog=WORDS, description="Fuzz everything that reads bytes.")
    parser.add_argument("targets", nargs="*", help="names of targets; all of them if none is given")
    parser.add_argument("--minutes", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--again", metavar="TARGET", help="run inputs once: the files that follow")
    parser.add_argument("--one", metavar="TARGET", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=60, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one:
        _fuzz(asked.one, asked.seconds)
        return 0
    if asked.again:
        return _again(asked.again, asked.targets)
    return _all(asked.targets, asked.minutes * 60)


def _target(name: str) -> Target:
    from tests.fuzzing.targets import TARGETS

    found = {target.name: target for target in TARGETS}
    if name not in found:
        raise SystemExit(f"there is no target {name!r}; there are: {' '.join(found)}")
    return found[name]


def _again(name: str, files: Sequence[str]) -> int:
    target, worst = _target(name), 0
    for file in files:
        finding = broken(target, Path(file).read_bytes())
        print(f"{file}: {'holds' if finding is None else finding.said}")
        worst = worst or finding is not None
    return int(worst)


def _all(names: Sequence[str], seconds: float) -> int:
    from tests.fuzzing.targets import TARGETS

    chosen = [_target(name) for name in names] or list(TARGETS)
    share = max(1, int(seconds / len(chosen)))
    print(f"{len(chosen)} targets, {share} s each")
    rows: list[Told] = []
    for target in chosen:
        rows.append(_watched(target, share))
        print(_line(rows[-1]), flush=True)
    findings = [(row.target, path) for row in rows for path in row.findings]
    print(f"\n{_HEAD}")
    print(*map(_line, rows), sep="\n")
    print(f"\n{sum(row.runs for row in rows)} inputs, {len(findings)} findings")
    for name, path in findings:
        print(f"  {WORDS} --again {name} {path}")
    return 1 if findings else 0


_HEAD: Final = f"{'target':14} {'inputs':>10} {'edges':>7} {'features':>9} {'seconds':>8} findings"


def _line(row: Told) -> str:
    return (
        f"{row.target:14} {row.runs:>10} {row.edges:>7} {row.features:>9} {row.seconds:>8.0f}"
        f" {len(row.findings)}"
    )


def _watched(target: Target, share: int) -> Told:
    """Run a target in processes of their own, until its time is over."""
    began, runs, edges, features, deaths = monotonic(), 0, 0, 0, 0
    folder = ROOT / "findings" / target.name
    before = _still_broken(target, folder)
    while (left := share - int(monotonic() - began)) > 0 and deaths < MOST_DEATHS:
        command = [sys.executable, "-m", "tests.fuzzing", "--one", target.name]
        command += ["--seconds", str(left)]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own
        said = done.stderr.decode("utf-8", "replace")
        progress = [tuple(map(int, found)) for found in _PROGRESS.findall(said)]
        if progress:
            runs += progress[-1][0]
            edges = max(edges, max(each[1] for each in progress))
            features = max(features, max(each[2] for each in progress))
        if done.returncode == 0:
            break
        deaths += 1
        if not set(found_in(folder)) - before:  # it left nothing: say at least what it said
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"died-{deaths}").write_bytes(b"")
            (folder / f"died-{deaths}.txt").write_text(said)
    return Told(target.name, runs, edges, features, monotonic() - began, tuple(found_in(folder)))


def _still_broken(target: Target, folder: Path) -> set[Path]:
    """What was found by former runs, and is a finding still; what was mended is forgotten."""
    for path in found_in(folder):
        command = [sys.executable, "-m", "tests.fuzzing", "--again", target.name, str(path)]
        try:
            done = subprocess.run(  # noqa: S603 - our own
                command, capture_output=True, check=False, timeout=4 * SLOWEST
            )
        except subprocess.TimeoutExpired:
            continue
        if done.returncode == 0:
            path.unlink()
            path.with_suffix(".txt").unlink(missing_ok=True)
    return set(found_in(folder))


_PROGRESS: Final = re.compile(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)", re.MULTILINE)


def _fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    import atheris

    # What was generated declares, and decides nothing: to watch it would cost seconds.
    with atheris.instrument_imports(["cvatfn"], ["cvatfn.models", "cvatfn.api"]):
        target = _target(name)
    findings = ROOT / "findings" / name
    known = {path.name for path in found_in(findings)}

    def run(data: bytes) -> None:
        finding = broken(target, data)
        if finding is not None and finding.mark not in known:
            known.add(finding.mark)
            saved(findings, target, data, finding)

    findings.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={findings}{os.sep}",
        f"-dict={_dictionary(target)}",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, *map(str, _corpora(target))], run)
    atheris.Fuzz()


def _corpora(target: Target) -> list[Path]:
    """Where inputs are to begin with, the first of which is added to."""
    learned = ROOT / "corpus" / target.name
    learned.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (learned / blake2b(seed, digest_size=10).hexdigest()).write_bytes(seed)
    kept = CORPUS / target.name
    return [learned, kept] if kept.is_dir() else [learned]


def _dictionary(target: Target) -> Path:
    path = ROOT / f"{target.name}.dict"
    words = ("".join(f"\\x{byte:02x}" for byte in token) for token in target.tokens if token)
    path.write_text("".join(f'"{word}"\n' for word in words) or '"\\x00"\n')
    return path


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
