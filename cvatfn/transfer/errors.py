"""What may go wrong with a file on its way, beside what may go wrong with a call.

Rule: as everywhere, a fault is a value: frozen, picklable, without secrets, and it says what to do.
"""

from __future__ import annotations

from typing import TypeAlias, final

from attrs import frozen
from typing_extensions import override

from cvatfn.codecs.showing import readable
from cvatfn.errors import CallError

__all__ = ["DiskError", "Implausible", "TransferError"]


@final
@frozen
class Implausible:
    """The server said something that cannot be true; nothing was built on it.

    :param endpoint: the endpoint's name; empty for a URL.
    :param said: what it said, and why that cannot be.

    >>> print(Implausible("tasks.create_data", "has 9 bytes of a file of 5"))
    tasks.create_data: the server contradicts itself: has 9 bytes of a file of 5.
    """

    endpoint: str
    said: str

    @override
    def __str__(self) -> str:
        where = f"{self.endpoint}: " if self.endpoint else ""
        return f"{where}the server contradicts itself: {readable(self.said)}."


@final
@frozen
class DiskError:
    """A file on this machine cannot be read or written.

    :param path: which one.
    :param reason: what the operating system said, and what to do.

    >>> print(DiskError("/data/cats.zip", "no space left on device"))
    '/data/cats.zip': no space left on device.
    """

    path: str
    reason: str

    @override
    def __str__(self) -> str:
        return f"{self.path!r}: {readable(self.reason)}."


TransferError: TypeAlias = CallError | Implausible | DiskError
"""Why a file did not arrive."""
