"""The formats that the sandbox imports: a table from CVAT's name of a format to what reads it.

CVAT gives some formats other names here than where they are exported.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from attrs import frozen

from cvatfn.outcome import Outcome
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.files.imports.coco import read_coco
from cvatfn.testing.sandbox.files.imports.cvat import read_cvat
from cvatfn.testing.sandbox.files.imports.found import Found
from cvatfn.testing.sandbox.files.imports.voc import read_voc

__all__ = ["IMPORTERS", "Importer"]

Reader: TypeAlias = Callable[[Sequence[Entry]], Outcome[Found, str]]


@frozen
class Importer:
    """A format that can be imported.

    :param extensions: of the files it comes in, as CVAT lists them.
    :param read: finds the annotations in the files of an archive, or in one file alone.
    :param converts: whether its masks become polygons unless that is declined.
    """

    extensions: str
    read: Reader
    converts: bool = False


IMPORTERS: Final[Mapping[str, Importer]] = {
    "COCO 1.0": Importer("JSON, ZIP", read_coco),
    "CVAT 1.1": Importer("XML, ZIP", read_cvat),
    "PASCAL VOC 1.1": Importer("ZIP", read_voc, converts=True),
}
"""By CVAT's name; `GET /api/server/annotation/formats` lists them."""
