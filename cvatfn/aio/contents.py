"""What is read while it is sent, for event loops: sources are read in threads.

Rule: as in `cvatfn.transport.contents`: sizes are known before, and never more or less is sent. Who
watches is told by the event loop, not by a thread.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from attrs import evolve

from cvatfn.aio.threads import in_thread, to_the_end
from cvatfn.codecs.files import Content
from cvatfn.transport.breaks import telling
from cvatfn.transport.contents import measured, pieces_of

__all__ = ["measured_body", "pieces"]


async def measured_body(content: Content) -> tuple[Content, int | None]:
    """A body that is held to the sizes that its parts have now, and its length.

    :param content: the body.
    :raises Unreadable: a part of it is not there.
    """
    return await in_thread(lambda: measured(content))


async def pieces(content: Content) -> AsyncGenerator[bytes]:
    """The bytes of a body, in pieces; none is read before the one before was sent.

    :param content: the body.
    :raises Unreadable: a part cannot be read, or gives another number of bytes than it said.
    :raises TellingFailed: who watches has raised.
    """
    read = pieces_of(evolve(content, told=None))
    try:
        while (piece := await in_thread(lambda: next(read, None))) is not None:
            if content.told is not None:
                telling(content.told, len(piece))
            yield bytes(piece)
    finally:
        await to_the_end(lambda: in_thread(read.close))
