"""Hypothesis strategies for whatever cvatfn's types can hold, for property tests of one's own.

`models` draws any model, `dicts` what may be written in the place of one, `values` what fits an
annotation; `params` draws what an endpoint takes, `calls` an endpoint of the catalogue with it;
`filters` and `orders` draw what a listing can be asked for. `answers` draws what a server may say,
`hostile_answers` what none should.

Rule: what is drawn fits, within the limits of CVAT's schema, and shrinks to the least that does: no
optional field, no element, the first text of an enum. Nothing is looked at before the first draw.
Enums are open, so that texts which this release does not know are drawn, too. What a failing test
prints is code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cvatfn.testing.strategies.answering import answers as answers
    from cvatfn.testing.strategies.asking import Call as Call
    from cvatfn.testing.strategies.asking import calls as calls
    from cvatfn.testing.strategies.asking import params as params
    from cvatfn.testing.strategies.filtering import filters as filters
    from cvatfn.testing.strategies.filtering import orders as orders
    from cvatfn.testing.strategies.fitting import dicts as dicts
    from cvatfn.testing.strategies.fitting import models as models
    from cvatfn.testing.strategies.fitting import values as values
    from cvatfn.testing.strategies.hostile import hostile_answers as hostile_answers
else:
    from cvatfn.lazily import lazily

    __getattr__, __dir__, __all__ = lazily(
        __name__,
        {
            "cvatfn.testing.strategies.answering": "answers",
            "cvatfn.testing.strategies.asking": "Call calls params",
            "cvatfn.testing.strategies.filtering": "filters orders",
            "cvatfn.testing.strategies.fitting": "dicts models values",
            "cvatfn.testing.strategies.hostile": "hostile_answers",
        },
        extra="testing",
    )
