"""JSON as Python's own values, as a type that can be taken apart."""

from __future__ import annotations

from typing import TypeAlias

__all__ = ["Plain"]

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | float | bool | None"
