"""Reports as files: all of a report, and the confusion matrices in it."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import json as msgspec_json

from cvatfn.codecs.json import dumps
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.areas.quality.matrices import labels_of, matrix, summed_up, table
from cvatfn.testing.sandbox.areas.quality.writing import contents, head
from cvatfn.testing.sandbox.files.exports.archives import written_zip
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing
from cvatfn.testing.sandbox.gates.replies import Answer, missing
from cvatfn.testing.sandbox.measuring.scores import NOBODY
from cvatfn.testing.sandbox.state.quality import Report
from cvatfn.testing.sandbox.state.world import World

__all__ = ["retrieve_confusion", "retrieve_data", "retrieve_matrix"]


def retrieve_data(world: World, asked: Asked, report: Report) -> Done:
    """All of a report, as JSON."""
    value = {**head(world, asked, report), **contents(world, asked, report)}
    return _file(world, _indented(value), "application/json")


def retrieve_confusion(world: World, _: Asked, report: Report) -> Done:
    """The confusion matrices of all requirements of a report, as tables in an archive."""
    entries: dict[str, bytes] = {}
    told: list[object] = []
    for check in report.comparison.checks:
        confusion = check.total.confusion
        if check.requirement is None or confusion == NOBODY:
            continue
        path = _path(check.requirement.name, entries)
        entries[path] = table(confusion).encode()
        told.append(
            {
                "scope": "group",
                "name": check.requirement.name,
                "path": path,
                "labels": labels_of(confusion),
                "requirement_id": check.requirement.id,
            }
        )
    manifest = {"report_id": report.id, "target": report.target, "matrices": told}
    archive = written_zip([*entries.items(), ("manifest.json", _indented(manifest))], world.now)
    name = f'attachment; filename="quality_report_{report.id}_confusion.zip"'
    return _file(world, archive, "application/zip", ("Content-Disposition", name))


def retrieve_matrix(world: World, asked: Asked, report: Report) -> Done:
    """The confusion matrix of one requirement of a report, as JSON or as a table."""
    wanted = asked.needed("requirement", int)
    for check in report.comparison.checks:
        if check.requirement is not None and check.requirement.id == wanted:
            confusion = check.total.confusion
            if str(asked.params.get("format", "json")) == "csv":
                return _file(world, table(confusion).encode(), "text/csv")
            shown = {**matrix(confusion), "target_metric_summary": summed_up(check)}
            return _file(world, dumps(shown), "application/json")
    return missing("QualityRequirement")


def _path(name: str, taken: Collection[str]) -> str:
    """The name of a requirement as that of a file, which no other one has."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "group"
    path, copy = f"groups/{plain}.csv", 1
    while path in taken:
        copy += 1
        path = f"groups/{plain}-{copy}.csv"
    return path


def _indented(value: object) -> bytes:
    return msgspec_json.format(dumps(value), indent=2) + b"\n"


def _file(world: World, content: bytes, kind: str, *headers: tuple[str, str]) -> Done:
    return Success(Outgoing(world, Answer(content, 200, headers, kind)))
