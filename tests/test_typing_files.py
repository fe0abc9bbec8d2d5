"""The calls that type checkers look at are those of the catalogue, all of them."""

from __future__ import annotations

import subprocess
import sys

from tests.typing.write_calls import CALLS, written


def test_every_endpoint_is_called_for_the_type_checkers() -> None:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(CALLS), "-"]
    formatted = subprocess.run(command, input=written().encode(), capture_output=True, check=True)  # noqa: S603 - our own
    assert formatted.stdout.decode() == CALLS.read_text(encoding="utf-8")
