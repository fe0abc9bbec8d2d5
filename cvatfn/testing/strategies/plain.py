"""What has no parts of CVAT's own: texts, numbers, times, and whatever JSON can say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Final
from uuid import UUID

from hypothesis import strategies as st

from cvatfn.codecs.files import File
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.testing.strategies.showing import built

__all__ = ["HEADER", "JSON", "NAME", "SCALARS", "TEXT"]

TEXT: Final = st.text(st.characters(codec="utf-8"), max_size=12)
NAME: Final = TEXT.filter(bool)
HEADER: Final = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]))
JSON: Final[st.SearchStrategy[object]] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
    max_leaves=4,
)
SCALARS: Final[Mapping[object, Callable[[], st.SearchStrategy[object]]]] = {
    Any: lambda: JSON,
    File: lambda: built(st.tuples(NAME, st.binary(max_size=40)), lambda parts: File(*parts)),
    NoneType: st.none,
    UUID: st.uuids,
    Unset: lambda: st.just(UNSET),
    bool: st.booleans,
    bytes: lambda: st.binary(max_size=20),
    datetime: lambda: st.datetimes(timezones=st.just(UTC)),
    float: lambda: st.floats(allow_nan=False, allow_infinity=False),
    int: lambda: st.integers(-(2**63), 2**63 - 1),
    str: lambda: TEXT,
}
"""By the type that they fit."""
