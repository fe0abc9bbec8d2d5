"""The bundle of rules by which the sandbox permits things.

Rule: a real server gives its permission service a bundle of the rules that it evaluates. The
sandbox evaluates tables, and gives these, as one JSON document in the same kind of archive.
"""

from __future__ import annotations

import tarfile
from collections.abc import Mapping
from gzip import compress
from hashlib import blake2b
from io import BytesIO
from typing import Final

from cvatfn.codecs.json import dumps
from cvatfn.codecs.jsonvalue import JSON
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, done
from cvatfn.testing.sandbox.gates.grants import rules
from cvatfn.testing.sandbox.gates.replies import Answer
from cvatfn.testing.sandbox.state.world import World

__all__ = ["retrieve_rules"]

NAME: Final = "data.json"


def retrieve_rules(world: World, asked: Asked) -> Done:
    """The bundle, or nothing where who asks has it already."""
    bundle = _bundle(rules())
    tag = f'"{blake2b(bundle, digest_size=16).hexdigest()}"'
    if asked.request.headers.get("if-none-match") == tag:
        return done(world, None, 304, ("ETag", tag))
    answer = Answer(bundle, 200, (("ETag", tag),), "application/octet-stream")
    return Success(Outgoing(world, answer))


def _bundle(held: Mapping[str, JSON]) -> bytes:
    """A tar archive, compressed; the same rules always make the same bytes."""
    content = dumps(held)
    written = BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        entry = tarfile.TarInfo(NAME)
        entry.size = len(content)
        archive.addfile(entry, BytesIO(content))
    return compress(written.getvalue(), mtime=0)
