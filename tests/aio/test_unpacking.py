"""`gzip` as it comes in, against the standard library's own reader."""

from __future__ import annotations

import gzip
import zlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.transport.unpacking import Unpacker

FAULTS = (EOFError, zlib.error)
CONTENTS = st.one_of(st.binary(max_size=300), st.builds(bytes, st.integers(0, 100_000)))


def _unpacked(packed: bytes, cuts: list[int], size: int) -> list[bytes]:
    unpacker = Unpacker(size)
    bounds = [0, *sorted(min(cut, len(packed)) for cut in cuts), len(packed)]
    came = [piece for one, two in pairwise(bounds) for piece in unpacker.feed(packed[one:two])]
    unpacker.end()
    return came


@given(st.lists(CONTENTS, max_size=3), st.integers(0, 9), st.lists(st.integers(0, 500)), st.data())
def test_members_in_pieces_are_what_they_were(
    contents: list[bytes], padding: int, cuts: list[int], data: st.DataObject
) -> None:
    packed = b"".join(gzip.compress(content) for content in contents)
    packed += bytes(padding) if contents else b""
    size = data.draw(st.sampled_from([1 << 10, 1 << 16]))
    came = _unpacked(packed, cuts, size)
    assert b"".join(came) == b"".join(contents)
    assert all(0 < len(piece) <= size for piece in came)


@given(CONTENTS, st.data())
def test_what_is_cut_is_never_whole(content: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(content)
    kept = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(EOFError):
        _unpacked(packed[:kept], [], 1 << 16)


@given(CONTENTS, st.integers(0, 400), st.integers(1, 255))
def test_what_is_damaged_comes_to_the_same_as_with_the_standard_library(
    content: bytes, place: int, change: int
) -> None:
    packed = bytearray(gzip.compress(content, mtime=0))
    packed[place % len(packed)] ^= change
    try:
        expected = gzip.decompress(bytes(packed))
    except (*FAULTS, OSError):
        with pytest.raises(FAULTS):
            _unpacked(bytes(packed), [], 1 << 16)
    else:
        assert b"".join(_unpacked(bytes(packed), [], 1 << 16)) == expected


def test_what_follows_is_no_part_of_it() -> None:
    with pytest.raises(zlib.error):
        _unpacked(gzip.compress(b"cat") + b"dog", [], 1 << 16)
