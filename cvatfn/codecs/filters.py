"""Filters and orders as the texts of parameters, and back.

Rule: see `params`, which imports this when an endpoint takes one of them.
"""

from __future__ import annotations

from typing import Final

from cvatfn.codecs.params import ParamCodec, scalar_codec
from cvatfn.filters.filter import Filter
from cvatfn.filters.order import Order
from cvatfn.filters.parsing import parsed
from cvatfn.outcome import Failure, Success

__all__ = ["FILTERS"]


def _filter(text: str) -> Filter[object]:
    match parsed(text):
        case Success(filter):
            return filter
        case Failure(problem):
            raise ValueError(str(problem))


def _order(text: str) -> Order[object]:
    return Order(tuple(text.split(",")))


FILTERS: Final[dict[type, ParamCodec]] = {
    Filter: scalar_codec(
        "Filter",
        lambda value: isinstance(value, Filter),
        lambda value: value.text if isinstance(value, Filter) else "",
        _filter,
    ),
    Order: scalar_codec(
        "Order",
        lambda value: isinstance(value, Order),
        lambda value: value.text if isinstance(value, Order) else "",
        _order,
    ),
}
"""The codecs, by the class of the values."""
