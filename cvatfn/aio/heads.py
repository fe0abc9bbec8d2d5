r"""The heads of answers, as h11 can read them.

h11 is strict where others pass over: it refuses a form feed in a value, and a length that is none
of an answer that has no content and ends with its head, whatever that says. And it waits for the
end of a head that is none.

Rule: pure. Bytes go on as they came, but for what may be read otherwise: control characters in a
head become spaces (RFC 9110, section 5.5), and of a 204 or 304 goes no field that speaks of frames
(RFC 9112, section 6.3). Nobody knows what the next hop takes those for: see `doubtful`.
"""

from __future__ import annotations

import re
from typing import Final, final

from cvatfn.transport.framing import BODILESS

__all__ = ["Heads"]

_END: Final = re.compile(rb"\n\r?\n")
_STATUS: Final = re.compile(rb"HTTP/1\.[0-9] ([0-9]{3})")
_BEGINNING: Final = b"HTTP/1."
_SWITCHING: Final = 101
_CONTROLS: Final = bytes.maketrans(b"\0\x0b\x0c", b"   ")
_FRAMES: Final = re.compile(
    rb"^(?:content-length|transfer-encoding):.*\n(?:[ \t].*\n)*", re.IGNORECASE | re.MULTILINE
)
_LENGTH: Final = re.compile(rb"content-length:[ \t]*[0-9]{1,19}[ \t]*\r?\n", re.IGNORECASE)


@final
class Heads:
    r"""The heads of one answer: of its interim ones, and its own.

    >>> heads = Heads()
    >>> heads.fed(b"HTTP/1.1 204 None\r\nContent-Len"), heads.fed(b"gth: ten\r\n\r\n")
    (b'', b'HTTP/1.1 204 None\r\n\r\n')
    >>> heads.doubtful
    True
    """

    __slots__ = ("_held", "_over", "doubtful")

    def __init__(self) -> None:
        self._held = b""
        self._over = False
        self.doubtful: bool = False

    def fed(self, data: bytes) -> bytes:
        """What may be handed on of what came; nothing until a head is whole.

        :param data: what came next.
        :raises ConnectionError: it is no HTTP.
        """
        if self._over:
            return data
        self._held += data
        read = b""
        while not self._over:
            if not self._held.startswith(_BEGINNING[: len(self._held)]):
                raise ConnectionError("what it says is no HTTP")
            end = _END.search(self._held)
            if end is None:
                return read
            head, self._held = self._held[: end.end()], self._held[end.end() :]
            status = _STATUS.match(head)
            number = 0 if status is None else int(status[1])
            self._over = not 100 <= number < 200 or number == _SWITCHING
            read += self._readable(head.translate(_CONTROLS), number)
        rest, self._held = self._held, b""
        return read + rest

    def _readable(self, head: bytes, status: int) -> bytes:
        if status not in BODILESS:
            return head
        frames = _FRAMES.findall(head)
        if all(_LENGTH.fullmatch(each) for each in frames):  # of two that differ h11 knows
            return head
        self.doubtful = True
        return _FRAMES.sub(b"", head)
