"""Who may ask an endpoint, where that is known: for projects, tasks, jobs and cloud storages.

Rule: the facts are those of the sandbox's table, which are CVAT's own
(docs/decisions/0021-rights-are-a-table.md); what no table says is not said here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cvatfn.endpoints import Endpoint
from cvatfn.models import RoleEnum
from cvatfn.testing.sandbox.gates.grants import GRANTS, Grant, Thing
from cvatfn.testing.sandbox.state.annotated import Job, Project, Task
from cvatfn.testing.sandbox.state.people import Privilege
from cvatfn.testing.sandbox.state.storages import CloudStorage

__all__ = ["rights_of"]

_KINDS: Final[Mapping[str, type[Thing]]] = {
    "projects": Project,
    "tasks": Task,
    "jobs": Job,
    "cloudstorages": CloudStorage,
}
_LEAST: Final = RoleEnum.WORKER
_LEAST_GROUP: Final = Privilege.WORKER
_OF_METHODS: Final = {
    "GET": ("see",),
    "PATCH": ("change", "assign", "give", "move", "connect"),
    "DELETE": ("delete",),
}


def rights_of(endpoint: Endpoint[..., object]) -> Iterator[str]:
    """Who may ask for one thing, change it or delete it, a line for each right.

    :param endpoint: which operation.

    >>> from cvatfn.api import projects
    >>> for line in rights_of(projects.destroy):
    ...     print(line)
    delete: owner of the project; maintainer in its organization; admin
    """
    tag = endpoint.name.partition(".")[0]
    kind = _KINDS.get(tag)
    if kind is None or not endpoint.path.startswith(f"/api/{tag}/{{id}}"):
        return
    whole = endpoint.path == f"/api/{tag}/{{id}}"
    exported = endpoint.path.endswith("/export") and endpoint.method == "POST"
    wanted = _OF_METHODS.get(endpoint.method, ()) if whole else ()
    if exported or endpoint.method == "GET":
        wanted = ("see",)
    yield from _lines(kind, wanted)


def _lines(kind: type[Thing], wanted: tuple[str, ...]) -> Iterator[str]:
    for right, grant in GRANTS[kind].items():
        if right.value in wanted:
            yield f"{right.value}: {'; '.join(_who(grant))}"


def _who(grant: Grant) -> Iterator[str]:
    ties = sorted(tie.value for tie in grant.ties)
    beside = [
        *([f"{grant.tied_role.value} in an organization"] if grant.tied_role is not _LEAST else []),
        *([f"in the group {grant.privilege.value}"] if grant.privilege is not _LEAST_GROUP else []),
    ]
    if ties:
        yield " or ".join(ties) + (f" ({' and '.join(beside)})" if beside else "")
    yield f"{grant.role.value} in its organization"
    yield "admin"
