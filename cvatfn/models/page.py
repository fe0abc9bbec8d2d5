"""One page of a listing: the shape that all of CVAT's `Paginated...List` schemas share."""

from __future__ import annotations

from typing import Generic, TypeVar

from attrs import field, frozen

from cvatfn.codecs.clearing import shown

__all__ = ["Page"]

T = TypeVar("T")


@frozen(kw_only=True)
class Page(Generic[T]):
    """A page of a listing.

    :param count: how many items the whole listing has.
    :param next: the URL of the next page; `None` on the last.
    :param previous: the URL of the page before; `None` on the first.
    :param results: the items of this page, in the order of the listing.

    Source: the `Paginated...List` schemas of CVAT's OpenAPI document.

    >>> Page(count=3, next=None, previous=None, results=("a",)).count
    3
    """

    count: int
    next: str | None = field(repr=shown)
    previous: str | None = field(repr=shown)
    results: tuple[T, ...]
