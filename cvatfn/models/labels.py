"""Labels and their attributes: the classes of annotations.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal, NotRequired, TypeAlias, TypedDict

from attrs import field, frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.clearing import shown
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.models.page import Page

__all__ = [
    "Attribute",
    "AttributeRequest",
    "AttributeRequestDict",
    "AttributeRequestLike",
    "InputTypeEnum",
    "InputTypeEnumLike",
    "Label",
    "LabelType",
    "LabelTypeLike",
    "LabelsSummary",
    "PaginatedLabelList",
    "PatchedLabelRequest",
    "PatchedLabelRequestDict",
    "PatchedLabelRequestLike",
    "Sublabel",
    "SublabelRequest",
    "SublabelRequestDict",
    "SublabelRequestLike",
]


class InputTypeEnum(OpenEnum):
    """How an attribute is entered: checkbox, radio buttons, number, text or a list."""

    CHECKBOX = "checkbox"
    RADIO = "radio"
    NUMBER = "number"
    TEXT = "text"
    SELECT = "select"


InputTypeEnumLike: TypeAlias = (
    InputTypeEnum | Literal["checkbox", "radio", "number", "text", "select"]
)


@frozen(kw_only=True)
class Attribute:
    """A property that annotations of a label have, with its input type and allowed values."""

    id: int
    name: str
    mutable: bool
    input_type: InputTypeEnum
    default_value: str
    values: tuple[str, ...]


class AttributeRequestDict(TypedDict):
    """`AttributeRequest` as a dict."""

    id: NotRequired[int | Unset]
    name: str
    mutable: bool
    input_type: InputTypeEnumLike
    default_value: NotRequired[str | Unset]
    values: Iterable[str]
    deleted: NotRequired[bool | Unset]


@frozen(kw_only=True, init=False)
class AttributeRequest:
    """Given inside a label to add an attribute or, by id, to change or delete it."""

    id: int | Unset = UNSET
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    mutable: bool
    input_type: InputTypeEnum
    default_value: Annotated[str, Meta(max_length=128)] | Unset = UNSET
    values: tuple[Annotated[str, Meta(max_length=200)], ...]
    deleted: bool | Unset = UNSET  # since CVAT 2.65.0

    def __init__(
        self,
        *,
        id: int | Unset = UNSET,
        name: str,
        mutable: bool,
        input_type: InputTypeEnumLike,
        default_value: str | Unset = UNSET,
        values: Iterable[str],
        deleted: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


AttributeRequestLike: TypeAlias = AttributeRequest | AttributeRequestDict


class LabelType(OpenEnum):
    """Which annotations a label may be used for: one type of shape, tags, intervals or any.

    .. versionadded:: CVAT 2.26.1
    """

    ANY = "any"
    CUBOID = "cuboid"
    ELLIPSE = "ellipse"
    MASK = "mask"
    POINTS = "points"
    POLYGON = "polygon"
    POLYLINE = "polyline"
    RECTANGLE = "rectangle"
    SKELETON = "skeleton"
    INTERVAL = "interval"  # since CVAT 2.66.0
    TAG = "tag"


LabelTypeLike: TypeAlias = (
    LabelType
    | Literal[
        "any",
        "cuboid",
        "ellipse",
        "mask",
        "points",
        "polygon",
        "polyline",
        "rectangle",
        "skeleton",
        "interval",
        "tag",
    ]
)


@frozen(kw_only=True)
class Sublabel:
    """The label of one element of a skeleton."""

    id: int
    name: str
    color: str
    attributes: tuple[Attribute, ...]
    type: LabelType
    has_parent: bool


@frozen(kw_only=True)
class Label:
    """A class that annotations can have: name, color, type, attributes, sublabels."""

    id: int
    name: str
    color: str
    attributes: tuple[Attribute, ...]
    type: LabelType
    svg: str | Unset = UNSET
    sublabels: tuple[Sublabel, ...]
    project_id: int | Unset | None = UNSET
    task_id: int | Unset | None = UNSET
    parent_id: int | None
    has_parent: bool


@frozen(kw_only=True)
class LabelsSummary:
    """The URL at which the labels can be listed."""

    url: str = field(repr=shown)


PaginatedLabelList: TypeAlias = Page[Label]


class SublabelRequestDict(TypedDict):
    """`SublabelRequest` as a dict."""

    id: NotRequired[int | Unset]
    name: str
    color: NotRequired[str | Unset]
    attributes: NotRequired[Iterable[AttributeRequestLike] | Unset]
    type: NotRequired[LabelTypeLike | Unset]
    has_parent: NotRequired[bool | Unset]


@frozen(kw_only=True, init=False)
class SublabelRequest:
    """Given inside a skeleton label to define one of its elements."""

    id: int | Unset = UNSET
    name: Annotated[str, Meta(min_length=1, max_length=64)]
    color: str | Unset = UNSET
    attributes: tuple[AttributeRequest, ...] | Unset = UNSET
    type: LabelType | Unset = UNSET
    has_parent: bool | Unset = UNSET

    def __init__(
        self,
        *,
        id: int | Unset = UNSET,
        name: str,
        color: str | Unset = UNSET,
        attributes: Iterable[AttributeRequestLike] | Unset = UNSET,
        type: LabelTypeLike | Unset = UNSET,
        has_parent: bool | Unset = UNSET,
    ) -> None:
        fill(self, locals())


SublabelRequestLike: TypeAlias = SublabelRequest | SublabelRequestDict


class PatchedLabelRequestDict(TypedDict, total=False):
    """`PatchedLabelRequest` as a dict."""

    id: int | Unset
    name: str | Unset
    color: str | Unset
    attributes: Iterable[AttributeRequestLike] | Unset
    deleted: bool | Unset
    type: LabelTypeLike | Unset
    svg: str | Unset
    sublabels: Iterable[SublabelRequestLike] | Unset


@frozen(kw_only=True, init=False)
class PatchedLabelRequest:
    """Sent to add a label or, by id, change or delete it: only what is given is changed."""

    id: int | Unset = UNSET
    name: Annotated[str, Meta(min_length=1, max_length=64)] | Unset = UNSET
    color: str | Unset = UNSET
    attributes: tuple[AttributeRequest, ...] | Unset = UNSET
    deleted: bool | Unset = UNSET
    type: LabelType | Unset = UNSET
    svg: str | Unset = UNSET
    sublabels: tuple[SublabelRequest, ...] | Unset = UNSET

    def __init__(
        self,
        *,
        id: int | Unset = UNSET,
        name: str | Unset = UNSET,
        color: str | Unset = UNSET,
        attributes: Iterable[AttributeRequestLike] | Unset = UNSET,
        deleted: bool | Unset = UNSET,
        type: LabelTypeLike | Unset = UNSET,
        svg: str | Unset = UNSET,
        sublabels: Iterable[SublabelRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


PatchedLabelRequestLike: TypeAlias = PatchedLabelRequest | PatchedLabelRequestDict
