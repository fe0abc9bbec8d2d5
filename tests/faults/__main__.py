"""Write the page of faults: `python -m tests.faults`."""

from __future__ import annotations

from tests.faults.page import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
