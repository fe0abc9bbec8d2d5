"""The formats that the sandbox exports: a table from CVAT's name of a format to what writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.exports.coco import coco_entries
from cvatfn.testing.sandbox.files.exports.cvat_images import cvat_images_entries
from cvatfn.testing.sandbox.files.exports.cvat_video import cvat_video_entries
from cvatfn.testing.sandbox.files.exports.subjects import Subject
from cvatfn.testing.sandbox.files.exports.voc import voc_entries

__all__ = ["FORMATS"]

Writer: TypeAlias = Callable[[Subject], tuple[Entry, ...]]

FORMATS: Final[Mapping[str, Writer]] = {
    "COCO 1.0": coco_entries,
    "CVAT for images 1.1": cvat_images_entries,
    "CVAT for video 1.1": cvat_video_entries,
    "PASCAL VOC 1.1": voc_entries,
}
"""By CVAT's name; `GET /api/server/annotation/formats` lists them."""
