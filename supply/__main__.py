"""`make lock`, `make audit`, `make build`, and all that is about a release."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from importlib import metadata

from packaging.markers import default_environment

from supply import auditing, building, changelog, locking, releasing
from supply.wanted import LOCKS, PROJECT, ROOT, Pin, pins


def lock(*, check: bool, upgrade: bool) -> list[str]:
    """Write the locks, or say what would change."""
    if check:
        return locking.outdated()
    return locking.write(LOCKS, upgrade=upgrade)


def audit() -> list[str]:
    """Known holes in anything that is locked; licences of what is installed; what is installed."""
    locked = {path.stem: pins(path.read_text(encoding="utf-8")) for path in LOCKS.glob("*.txt")}
    accepted = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["supply"]["accepted"]
    told = auditing.ask([pin for held in locked.values() for pin in held], accepted)
    print(told)
    environment = {name: str(said) for name, said in default_environment().items()}
    here = [pin for pin in locked["dev"] if pin.counts(environment)]
    return [
        *(f"{name}: {', '.join(holes)}" for name, holes in told.found.items()),
        *auditing.unlicensed(pin.name for pin in here),
        *(said for pin in here for said in _other(pin)),
    ]


def _other(pin: Pin) -> list[str]:
    held = metadata.version(pin.name)
    same = held == str(pin.version)
    return [] if same else [f"{pin.name}: {held} is installed, {pin.version} is locked"]


def build() -> list[str]:
    """Build into `dist/`, and show what was built."""
    out = ROOT / "dist"
    wrong = building.build(out)
    for archive in sorted(out.iterdir()):
        print(f"{building.digest(archive)}  {archive.name}  {archive.stat().st_size} bytes")
    return wrong


def cut(version: str) -> list[str]:
    """Give the package another version, and what is not released to it in the changelog."""
    if not changelog.is_version(version):
        return [f"{version!r} is no version: make cut VERSION=0.2.0"]
    text = changelog.CHANGELOG.read_text(encoding="utf-8")
    module = changelog.MODULE.read_text(encoding="utf-8")
    anew = changelog.cut(text, version, datetime.now(UTC).date())
    wrong = [*changelog.faults(anew, version)]
    if not wrong:
        changelog.CHANGELOG.write_text(anew, encoding="utf-8")
        changelog.MODULE.write_text(changelog.versioned(module, version), encoding="utf-8")
    return wrong


def release() -> list[str]:
    """Check all, and say what is left to do by hand."""
    wrong = list(releasing.release())
    if not wrong:
        print(releasing.next_steps())
    return wrong


def main() -> int:
    """Do what is asked for; what is wrong is said, and fails."""
    parser = argparse.ArgumentParser(prog="python -m supply", description=__doc__)
    parser.add_argument(
        "what", choices=("lock", "audit", "build", "check", "types", "release", "cut")
    )
    parser.add_argument("--check", action="store_true", help="only say whether the locks fit")
    parser.add_argument("--upgrade", action="store_true", help="lock the newest that fits")
    parser.add_argument("--version", default="", help="of the release that is cut")
    asked = parser.parse_args()
    work: Mapping[str, Callable[[], Iterable[str]]] = {
        "lock": lambda: lock(check=asked.check, upgrade=asked.upgrade),
        "audit": audit,
        "build": build,
        "check": releasing.check,
        "types": releasing.verified,
        "release": release,
        "cut": lambda: cut(asked.version),
    }
    wrong = list(work[asked.what]())
    for each in wrong:
        print(f"wrong: {each}", file=sys.stderr)
    return min(len(wrong), 1)


if __name__ == "__main__":
    sys.exit(main())
