"""The type of JSON that the schema leaves open: whatever JSON can say, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

__all__ = ["JSON", "JSONObject"]

if TYPE_CHECKING:
    JSON: TypeAlias = Mapping[str, "JSON"] | Sequence["JSON"] | str | int | float | bool | None
    """Whatever JSON can say."""
    JSONObject: TypeAlias = Mapping[str, JSON]
    """An object whose keys and values are data."""
else:
    # The native decoder knows no recursive aliases; `Any` makes it read the same plain values.
    JSON = Any
    JSONObject = dict[str, Any]
