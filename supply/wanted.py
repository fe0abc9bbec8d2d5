"""What `pyproject.toml` asks for, and what a lock holds: two texts, read into values.

A lock is a requirements file of pins with hashes, one for each group of dependencies: pip installs
it on any platform, and it names no place that anything comes from.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

__all__ = ["LOCKS", "PROJECT", "ROOT", "Pin", "Wants", "lower_bound", "pins", "wants"]

ROOT = Path(__file__).parent.parent
PROJECT = ROOT / "pyproject.toml"
LOCKS = ROOT / "requirements"


@frozen
class Wants:
    """The direct dependencies of a project, self-references resolved and left out."""

    core: tuple[Requirement, ...]
    extras: Mapping[str, tuple[Requirement, ...]]
    groups: Mapping[str, tuple[Requirement, ...]]
    backend: tuple[Requirement, ...]

    def locked(self) -> dict[str, tuple[Requirement, ...]]:
        """What each lock has to hold: development has the core and every extra, too."""
        shipped = (*self.core, *(each for extra in self.extras.values() for each in extra))
        dev = tuple({str(each): each for each in (*shipped, *self.groups["dev"])}.values())
        return {"dev": dev, **{name: held for name, held in self.groups.items() if name != "dev"}}


@frozen
class Pin:
    """A line of a lock."""

    requirement: Requirement
    hashes: tuple[str, ...]

    @property
    def name(self) -> str:
        """In the one spelling that all its spellings come to."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> Version:
        """The one that is pinned."""
        (only,) = self.requirement.specifier
        return Version(only.version)

    def counts(self, environment: Mapping[str, str]) -> bool:
        """Whether it is installed there."""
        marker = self.requirement.marker
        return marker is None or marker.evaluate(dict(environment))


def wants(text: str) -> Wants:
    """Read a `pyproject.toml`.

    >>> told = '''
    ... build-system.requires = ["hatchling>=1.27"]
    ... dependency-groups.dev = ["cats[fast]", "pytest>=9"]
    ... [project]
    ... name = "cats"
    ... dependencies = ["attrs>=25.3"]
    ... optional-dependencies.fast = ["msgspec>=0.20"]
    ... '''
    >>> [str(each) for each in wants(told).locked()["dev"]]
    ['attrs>=25.3', 'msgspec>=0.20', 'pytest>=9']
    """
    said = tomllib.loads(text)
    project = said["project"]
    me = canonicalize_name(project["name"])

    def read(lines: list[str]) -> tuple[Requirement, ...]:
        each = (Requirement(line) for line in lines)
        return tuple(one for one in each if canonicalize_name(one.name) != me)

    return Wants(
        core=read(project["dependencies"]),
        extras={name: read(told) for name, told in project["optional-dependencies"].items()},
        groups={name: read(told) for name, told in said["dependency-groups"].items()},
        backend=read(said["build-system"]["requires"]),
    )


def pins(text: str) -> tuple[Pin, ...]:
    r"""Read a lock.

    >>> [only] = pins("attrs==25.3.0 ; python_version < '4' \\\n    --hash=sha256:1 # why\n")
    >>> only.name, str(only.version), only.hashes
    ('attrs', '25.3.0', ('sha256:1',))
    """
    return tuple(_pins(text))


def _pins(text: str) -> Iterator[Pin]:
    without_comments = re.sub(r"(^|\s+)#.*$", "", text, flags=re.MULTILINE)
    for line in without_comments.replace("\\\n", " ").splitlines():
        if line.strip():
            told, *hashes = line.split("--hash=")
            yield Pin(Requirement(told), tuple(each.strip() for each in hashes))


def lower_bound(requirement: Requirement) -> Version | None:
    """The version that a requirement begins at, where it says one.

    >>> lower_bound(Requirement("mypy>=2.4,<2.5")), lower_bound(Requirement("mypy<2.5"))
    (<Version('2.4')>, None)
    """
    begins = [
        Version(each.version)
        for each in requirement.specifier
        if each.operator in (">=", "~=", "==") and not each.version.endswith(".*")
    ]
    return max(begins, default=None)
