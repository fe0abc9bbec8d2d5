"""What of the documentation's package is tested where its group of dependencies is missing."""

from __future__ import annotations

from importlib.util import find_spec

collect_ignore: list[str] = [] if find_spec("sphinx") else ["extension.py"]
