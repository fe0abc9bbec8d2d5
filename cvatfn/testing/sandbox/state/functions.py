"""Functions: models that annotate by themselves, as Python callables.

Rule: what a function is called, what it finds and what it asks for is data; how it works is code,
and code is not data. So `call` is left out of comparisons, and may be absent: of a world that was
loaded from a file, whoever loads it gives each function its callable again, by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from attrs import field, frozen

from cvatfn.codecs.jsonvalue import JSON, JSONObject

__all__ = ["Call", "Function", "FunctionAttribute", "FunctionLabel", "Kind"]

Kind: TypeAlias = Literal["detector", "interactor", "tracker", "reid"]

Call: TypeAlias = Callable[[bytes, JSONObject], JSON]
"""Given the bytes of a frame and the parameters, what was found; in the JSON of CVAT's own
serverless functions. The second frame of a `reid` is among the parameters, as `image1` in Base64.
"""


@frozen(kw_only=True)
class FunctionAttribute:
    """An attribute that a function gives to what it finds."""

    name: str
    input_type: str = "text"
    values: tuple[str, ...] = ()


@frozen(kw_only=True)
class FunctionLabel:
    """A class of what a function finds."""

    name: str
    type: str = "unknown"
    attributes: tuple[FunctionAttribute, ...] = ()
    sublabels: tuple[FunctionLabel, ...] = ()
    svg: str = ""


@frozen(kw_only=True)
class Function:
    """A function that a test registers with `World.serving`.

    :param id: the name by which it is called.
    :param kind: what it does, and so what it is given and has to answer.
    :param name: what people read; the id, unless given.
    :param labels: what it finds, where it is a detector.
    :param call: the code.

    >>> spots = Function(id="spots", kind="detector", call=lambda image, parameters: [])
    >>> spots.call(b"", {})
    []
    """

    id: str
    kind: Kind
    name: str = ""
    description: str = ""
    version: int = 1
    labels: tuple[FunctionLabel, ...] = ()
    min_pos_points: int = 1
    min_neg_points: int = -1
    startswith_box: bool = False
    startswith_box_optional: bool = False
    help_message: str = ""
    animated_gif: str = ""
    call: Call | None = field(default=None, eq=False, repr=False)
