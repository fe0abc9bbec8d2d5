"""What the listings can be filtered, sorted and searched by, as `schema/listings.toml` has it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final

__all__ = ["FACTS"]

FACTS: Final[dict[str, dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parents[2] / "schema/listings.toml").read_text(encoding="utf-8")
)["listings"]
"""The tables by the operations' ids."""
