"""The pictures of the pages, drawn by the code that they show: `python -m handbook pictures`.

Rule: none is edited by hand; a test draws them again and compares.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cvatfn import File, call, export, raise_on_failure, upload_data, wait_for
from cvatfn.api import labels, tasks
from cvatfn.models import PatchedLabelRequestDict
from cvatfn.testing.pictures import COLORS, SCENES, annotated, outlines, painted
from cvatfn.testing.sandbox import Sandbox, World, first_login
from cvatfn.transfer import Saving
from handbook.floors import floors

__all__ = ["FOLDER", "annotated_frame", "drawn"]

FOLDER: Final = Path("docs") / "pictures"
FORMAT: Final = "CVAT for images 1.1"


def drawn() -> Mapping[str, bytes]:
    """The pictures, by the names of their files."""
    return {"floors.svg": floors().encode(), "annotated.png": annotated_frame()}


def annotated_frame() -> bytes:
    """A frame with its annotations, as an export of the sandbox has them.

    :returns: a PNG.
    """
    world = World.with_user("admin", "let-me-in")
    sandbox = Sandbox(world, auth=first_login(world))
    classes: list[PatchedLabelRequestDict] = [
        {"name": name, "color": color} for name, color in COLORS.items()
    ]
    made = call(sandbox, tasks.create, {"name": "Shapes on a table", "labels": classes})
    task = raise_on_failure(made).id
    images = [File(name, painted(name), "image/png") for name in SCENES]
    begun = raise_on_failure(upload_data(sandbox, task, images, {"image_quality": 90}))
    raise_on_failure(wait_for(sandbox, begun))
    found = raise_on_failure(call(sandbox, labels.list, task_id=task))
    shapes = outlines({label.name: label.id for label in found.results})
    raise_on_failure(call(sandbox, tasks.update_annotations, task, {"shapes": shapes}))
    with tempfile.TemporaryDirectory() as folder:
        zipped = Path(folder) / "shapes.zip"
        dataset = tasks.create_dataset_export
        exported = export(sandbox, dataset, Saving(zipped), task, format=FORMAT, save_images=True)
        raise_on_failure(exported)
        return annotated(zipped.read_bytes())
