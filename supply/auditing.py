"""Looks through the locks for what nobody should install: known holes, and licences not agreed to.

Whether a version has a known hole is asked of a service. Where that cannot be asked, or does not
know a version, nothing was found out, and that is said as loudly as a finding: it is never taken
for a clean answer. A finding fails; a question that could not be asked does not.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from attrs import frozen

from supply.wanted import Pin

__all__ = ["Audit", "ask", "audited", "licence", "unlicensed"]

AGREED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",
        "PSF-2.0",
    }
)
# What packages without an SPDX expression say in their own words.
IN_OTHER_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# What names no licence that a rule could know. Each was read, and is here with what it was.
READ = {
    "docutils": "BSD-2-Clause",  # most is in the public domain; what is under the GPL is no Python
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # adds "dependency licenses": PDFium's own
    "roman-numerals": "0BSD",  # or CC0-1.0, as one likes
}


@frozen
class Hole:
    """A known hole, as `pip-audit` tells it."""

    id: str
    aliases: tuple[str, ...] = ()


@frozen
class Answer:
    """What it says of one version: its holes, or why it knows of none."""

    name: str
    version: str = ""
    vulns: tuple[Hole, ...] = ()
    skip_reason: str | None = None


@frozen
class Answers:
    """What it prints."""

    dependencies: tuple[Answer, ...] = ()


@frozen
class Audit:
    """What was found out about known holes.

    :param found: version by version, the holes that are known
    :param unasked: the versions of which nothing is known, and why
    :param asked: how many versions were answered for
    """

    found: Mapping[str, tuple[str, ...]]
    unasked: Mapping[str, str]
    asked: int

    def __str__(self) -> str:
        lines = [f"{name}: {', '.join(holes)}" for name, holes in self.found.items()]
        if self.unasked:
            reasons = sorted(set(self.unasked.values()))
            lines.append(f"NOT AUDITED: {len(self.unasked)} versions, of which nothing is known")
            lines += [f"  {reason}" for reason in reasons[:3]]
        return "\n".join([*lines, f"{self.asked} versions asked, {len(self.found)} with holes"])


def ask(pins: Iterable[Pin], accepted: Iterable[str] = ()) -> Audit:
    """Ask for the known holes of every version that is locked, on whatever platform it counts.

    :param accepted: holes that are known to do no harm here
    """
    ignored = [word for hole in accepted for word in ("--ignore-vuln", hole)]
    versions = sorted({f"{pin.name}=={pin.version}" for pin in pins})
    audits = [_asked(each, ignored) for each in _once_each(versions)]
    return Audit(
        found={name: holes for each in audits for name, holes in each.found.items()},
        unasked={name: why for each in audits for name, why in each.unasked.items()},
        asked=sum(each.asked for each in audits),
    )


def _asked(versions: list[str], more: list[str]) -> Audit:
    with TemporaryDirectory() as folder:
        told = Path(folder, "requirements.txt")
        told.write_text("\n".join(versions), encoding="utf-8")
        command = [sys.executable, "-m", "pip_audit", "--format", "json", "--disable-pip"]
        done = subprocess.run(  # noqa: S603 - our own
            [*command, "--no-deps", "--requirement", str(told), *more],
            capture_output=True,
            text=True,
            check=False,
        )
    return audited(versions, done.stdout, done.stderr)


def _once_each(versions: Iterable[str]) -> Iterator[list[str]]:
    """Versions, in lists that have each package once, as the auditor wants them."""
    left: list[str] = list(versions)
    while left:
        first: dict[str, str] = {version.partition("==")[0]: version for version in reversed(left)}
        yield sorted(first.values())
        left = [version for version in left if version not in first.values()]


def audited(versions: Iterable[str], said: str, complained: str) -> Audit:
    """Read what the auditor said.

    >>> told = '{"dependencies": [{"name": "attrs", "version": "25.3.0", "vulns": []}]}'
    >>> print(audited(["attrs==25.3.0", "cats==1"], told, "no network"))
    NOT AUDITED: 1 versions, of which nothing is known
      no network
    1 versions asked, 0 with holes
    """
    try:
        answers = msgspec.json.decode(said, type=Answers).dependencies
    except msgspec.DecodeError:
        answers = ()
    reasons = {
        each.name: each.skip_reason.partition(":")[0] for each in answers if each.skip_reason
    }
    known = {
        f"{each.name}=={each.version}": tuple(
            " ".join([one.id, *one.aliases]) for one in each.vulns
        )
        for each in answers
        if each.skip_reason is None
    }
    (why,) = complained.strip().splitlines()[-1:] or ["the auditor said nothing"]
    asked = tuple(versions)
    return Audit(
        found={name: holes for name, holes in known.items() if holes},
        unasked={
            name: reasons.get(name.partition("==")[0], why[:300])
            for name in asked
            if name not in known
        },
        asked=sum(name in known for name in asked),
    )


def unlicensed(names: Iterable[str]) -> list[str]:
    """Which of the installed packages are under a licence that was not agreed to, and which."""
    told = {name: READ.get(name) or licence(metadata.metadata(name)) for name in sorted(set(names))}
    return [
        f"{name}: {said or 'says no licence'}" for name, said in told.items() if not _agreed(said)
    ]


def _agreed(expression: str) -> bool:
    named = re.findall(r"[\w.+-]+", re.sub(r"\b(AND|OR|WITH)\b", " ", expression))
    return bool(named) and AGREED.issuperset(named)


def licence(said: metadata.PackageMetadata) -> str:
    """The licence that a package states: its expression, or else the classifiers or the text."""
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in said.get_all("Classifier", [])
        if each.startswith("License ::")
    ]
    texts = [*said.get_all("License-Expression", []), *said.get_all("License", []), *classifiers]
    told = next((text.strip() for text in texts if text.strip()), "")
    return IN_OTHER_WORDS.get(told, told)
