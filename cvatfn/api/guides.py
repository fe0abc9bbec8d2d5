"""Markdown instructions for the annotators of a project or task.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Annotated

from cvatfn import models
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import Body, delete, get, patch, post

__all__ = ["create", "destroy", "partial_update", "retrieve"]


@post("/api/guides")
def create(
    annotation_guide_write_request: Annotated[
        models.AnnotationGuideWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.AnnotationGuideRead:
    """Write an annotation guide for a project or for a task without one.

    :param annotation_guide_write_request: what to send; a model or a dict.
    :returns: `AnnotationGuideRead`, with status 201.
    """
    ...


@get("/api/guides/{id}")
def retrieve(id: int) -> models.AnnotationGuideRead:
    """Get the markdown text of an annotation guide.

    :param id: id of the object the call is about.
    :returns: `AnnotationGuideRead`, with status 200.
    """
    ...


@patch("/api/guides/{id}")
def partial_update(
    id: int,
    patched_annotation_guide_write_request: Annotated[
        models.PatchedAnnotationGuideWriteRequestLike | Unset, Body()
    ] = UNSET,
) -> models.AnnotationGuideRead:
    """Edit the text of an annotation guide.

    :param id: id of the object the call is about.
    :param patched_annotation_guide_write_request: what to send; a model or a dict.
    :returns: `AnnotationGuideRead`, with status 200.
    """
    ...


@delete("/api/guides/{id}")
def destroy(id: int) -> None:
    """Delete an annotation guide along with its assets.

    :param id: id of the object the call is about.
    :returns: nothing, with status 204.
    """
    ...
