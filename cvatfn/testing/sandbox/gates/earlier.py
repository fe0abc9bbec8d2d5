"""Endpoints as earlier releases had them, where they took what the library's own do not any more.

Declared as anyone declares endpoints of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, TypeAlias

from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Endpoint, Query, get

__all__ = ["EARLIER"]


Format: TypeAlias = Annotated[Literal["csv", "json"] | Unset, Query(since="2.55.0")]


@get("/api/quality/reports/{id}/data", produces="*/*", until="2.73.0")
def retrieve_report_data(id: int, *, format: Format = UNSET) -> bytes:  # type: ignore[empty-body]  # declares
    """Download a quality report as JSON, or the confusion matrix of all of it as a table."""


EARLIER: Final[Mapping[str, Endpoint[..., object]]] = {
    "quality.retrieve_report_data": retrieve_report_data
}
"""By the name of the endpoint in whose place they were."""
