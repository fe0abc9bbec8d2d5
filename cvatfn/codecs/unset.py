"""Absent is not null: `UNSET` marks a field or parameter that is not there at all.

It is msgspec's own marker, because only that one is left out of JSON by the native encoder and may
stand in a union with `str` in the native decoder.
"""

from __future__ import annotations

from typing import TypeAlias

from msgspec import UNSET, UnsetType

__all__ = ["UNSET", "Unset"]

Unset: TypeAlias = UnsetType
"""The type of `UNSET`, which stands in a union with what may be left out: `str | Unset`."""
