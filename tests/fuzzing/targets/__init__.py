"""All that reads bytes from outside, each a `Target`; a new reader is a new line here."""

from __future__ import annotations

from typing import Final

from tests.fuzzing.target import Target
from tests.fuzzing.targets import answers, codecs, fields, files, sandbox, walks, wire

__all__ = ["TARGETS"]

TARGETS: Final[tuple[Target, ...]] = (
    *codecs.TARGETS,
    *answers.TARGETS,
    *fields.TARGETS,
    *wire.TARGETS,
    *files.TARGETS,
    *walks.TARGETS,
    *sandbox.TARGETS,
)
