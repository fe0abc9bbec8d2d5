"""Calls of models that annotate on their own.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, NotRequired, TypeAlias, TypedDict

from attrs import frozen
from msgspec import Meta

from cvatfn.codecs.building import fill
from cvatfn.codecs.unset import UNSET, Unset

__all__ = [
    "FunctionCall",
    "FunctionCallParams",
    "FunctionCallRequest",
    "FunctionCallRequestDict",
    "FunctionCallRequestLike",
    "LabelMappingEntryRequest",
    "LabelMappingEntryRequestDict",
    "LabelMappingEntryRequestLike",
    "OnlineFunctionCallRequest",
    "OnlineFunctionCallRequestDict",
    "OnlineFunctionCallRequestLike",
    "SublabelMappingEntryRequest",
    "SublabelMappingEntryRequestDict",
    "SublabelMappingEntryRequestLike",
]


@frozen(kw_only=True)
class FunctionCallParams:
    """What an automatic annotation was started with: model, task or job, threshold."""

    id: str | None
    task: int | None
    job: int | Unset = UNSET
    threshold: float | None


@frozen(kw_only=True)
class FunctionCall:
    """An automatic annotation under way or ended: its status, progress and error text."""

    id: str
    function: FunctionCallParams
    status: str | None
    progress: int | Unset | None = UNSET
    enqueued: Annotated[datetime, Meta(tz=True)] | None
    started: Annotated[datetime, Meta(tz=True)] | None
    ended: Annotated[datetime, Meta(tz=True)] | None
    exc_info: str | Unset | None = UNSET


class SublabelMappingEntryRequestDict(TypedDict):
    """`SublabelMappingEntryRequest` as a dict."""

    name: str
    attributes: NotRequired[Mapping[str, str] | Unset]


@frozen(kw_only=True, init=False)
class SublabelMappingEntryRequest:
    """Given to map one sublabel of a model's skeleton, with attributes, to a sublabel."""

    name: Annotated[str, Meta(min_length=1)]
    attributes: dict[str, Annotated[str, Meta(min_length=1)]] | Unset = UNSET

    def __init__(
        self,
        *,
        name: str,
        attributes: Mapping[str, str] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


SublabelMappingEntryRequestLike: TypeAlias = (
    SublabelMappingEntryRequest | SublabelMappingEntryRequestDict
)


class LabelMappingEntryRequestDict(TypedDict):
    """`LabelMappingEntryRequest` as a dict."""

    name: str
    attributes: NotRequired[Mapping[str, str] | Unset]
    sublabels: NotRequired[Mapping[str, SublabelMappingEntryRequestLike] | Unset]


@frozen(kw_only=True, init=False)
class LabelMappingEntryRequest:
    """Given to map one of a model's labels, with attributes and sublabels, to a label."""

    name: Annotated[str, Meta(min_length=1)]
    attributes: dict[str, Annotated[str, Meta(min_length=1)]] | Unset = UNSET
    sublabels: dict[str, SublabelMappingEntryRequest] | Unset = UNSET

    def __init__(
        self,
        *,
        name: str,
        attributes: Mapping[str, str] | Unset = UNSET,
        sublabels: Mapping[str, SublabelMappingEntryRequestLike] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


LabelMappingEntryRequestLike: TypeAlias = LabelMappingEntryRequest | LabelMappingEntryRequestDict


class FunctionCallRequestDict(TypedDict):
    """`FunctionCallRequest` as a dict."""

    function: str
    task: int
    job: NotRequired[int | Unset]
    max_distance: NotRequired[int | Unset]
    threshold: NotRequired[float | Unset]
    cleanup: NotRequired[bool | Unset]
    convMaskToPoly: NotRequired[bool | Unset]
    conv_mask_to_poly: NotRequired[bool | Unset]
    mapping: NotRequired[Mapping[str, LabelMappingEntryRequestLike] | Unset]
    roi: NotRequired[Iterable[int] | Unset]


@frozen(kw_only=True, init=False)
class FunctionCallRequest:
    """Sent to annotate a task or job with a model: label mapping, threshold, clean-up."""

    function: Annotated[str, Meta(min_length=1)]
    task: int
    job: int | Unset = UNSET
    max_distance: int | Unset = UNSET
    threshold: float | Unset = UNSET
    cleanup: bool | Unset = UNSET
    convMaskToPoly: bool | Unset = UNSET  # until CVAT 2.22.0
    conv_mask_to_poly: bool | Unset = UNSET
    mapping: dict[str, LabelMappingEntryRequest] | Unset = UNSET
    roi: Annotated[tuple[int, ...], Meta(min_length=4, max_length=4)] | Unset = (
        UNSET  # since CVAT 2.70.0
    )

    def __init__(
        self,
        *,
        function: str,
        task: int,
        job: int | Unset = UNSET,
        max_distance: int | Unset = UNSET,
        threshold: float | Unset = UNSET,
        cleanup: bool | Unset = UNSET,
        convMaskToPoly: bool | Unset = UNSET,  # noqa: N803 - the API's name
        conv_mask_to_poly: bool | Unset = UNSET,
        mapping: Mapping[str, LabelMappingEntryRequestLike] | Unset = UNSET,
        roi: Iterable[int] | Unset = UNSET,
    ) -> None:
        fill(self, locals())


FunctionCallRequestLike: TypeAlias = FunctionCallRequest | FunctionCallRequestDict


class OnlineFunctionCallRequestDict(TypedDict, total=False):
    """`OnlineFunctionCallRequest` as a dict."""

    job: int | Unset
    task: int | Unset


@frozen(kw_only=True, init=False)
class OnlineFunctionCallRequest:
    """Sent to run a model at once; further fields are what that model asks for."""

    job: int | Unset = UNSET
    task: int | Unset = UNSET

    def __init__(
        self,
        *,
        job: int | Unset = UNSET,
        task: int | Unset = UNSET,
    ) -> None:
        fill(self, locals())


OnlineFunctionCallRequestLike: TypeAlias = OnlineFunctionCallRequest | OnlineFunctionCallRequestDict
