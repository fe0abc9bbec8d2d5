"""The main job from beginning to end: `python -m cvatfn.testing.demo`, or `make demo`.

Log in, create a task, upload images, wait for the server, annotate, list, export: against the
sandbox, over real HTTP, with the public functions of cvatfn only. The steps below are what a
program of your own would look like; each is printed with what came back.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent, indent
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar, cast
from zipfile import ZipFile

from cvatfn import (
    CallError,
    Failure,
    File,
    Outcome,
    Success,
    Transport,
    call,
    connect,
    export,
    login,
    models,
    raise_on_failure,
    upload_data,
    wait_for,
)
from cvatfn.api import labels, tasks
from cvatfn.auth import Session
from cvatfn.errors import CallFailed
from cvatfn.transfer import (
    Download,
    Exported,
    ExportError,
    Progress,
    Saving,
    TransferError,
    Uploading,
    rich_progress,
)

if TYPE_CHECKING:
    from cvatfn.polling import PollTimedOut, RequestFailed

P = ParamSpec("P")
T = TypeVar("T")

FORMAT: Final = "CVAT for images 1.1"
PASSWORD: Final = "let-me-in"  # noqa: S105 - of a sandbox that lives for a second


def log_in(url: str) -> Outcome[Session, CallError]:
    """Log in."""
    with connect(url) as anyone:
        return login(anyone, username="admin", password=PASSWORD)


def create_task(
    cvat: Transport, classes: Sequence[models.PatchedLabelRequestDict]
) -> Outcome[models.TaskRead, CallError]:
    """Create a task; a body may be a model or a plain dict, and type checkers know its keys."""
    return call(cvat, tasks.create, {"name": "Shapes on a table", "labels": classes})


def upload(
    cvat: Transport, task: models.TaskRead, images: Sequence[File]
) -> Outcome[models.RqId, TransferError]:
    """Upload the images, of any number and size; the server begins to work on them."""
    with bar() as progress:
        how = Uploading(progress=progress)
        return upload_data(cvat, task.id, images, {"image_quality": 90}, how)


def wait(
    cvat: Transport, work: models.RqId
) -> Outcome[models.Request, CallError | RequestFailed | PollTimedOut]:
    """Wait for the server."""
    return wait_for(cvat, work)


def find_labels(
    cvat: Transport, task: models.TaskRead
) -> Outcome[models.PaginatedLabelList, CallError]:
    """Look up the ids that the server gave to the labels."""
    return call(cvat, labels.list, task_id=task.id)


def annotate(
    cvat: Transport, task: models.TaskRead, shapes: Sequence[models.LabeledShapeRequestDict]
) -> Outcome[models.LabeledData, CallError]:
    """Annotate: a rectangle around each square, polygons around the rest."""
    return call(cvat, tasks.update_annotations, task.id, {"shapes": shapes})


def list_tasks(cvat: Transport) -> Outcome[models.PaginatedTaskReadList, CallError]:
    """List the tasks."""
    return call(cvat, tasks.list, search="shapes", sort="-created_date")


def fetch(cvat: Transport, task: models.TaskRead, zipped: Path) -> Outcome[Exported, ExportError]:
    """Export the dataset, images included: ask for it, wait for it, download it."""
    dataset = tasks.create_dataset_export
    with bar() as progress:
        to = Saving(zipped, overwrite=True, progress=progress)
        return export(cvat, dataset, to, task.id, format=FORMAT, save_images=True)


def ask_in_vain(cvat: Transport) -> Outcome[models.TaskRead, CallError]:
    """Ask for what is not there: errors are values, too."""
    return call(cvat, tasks.retrieve, 4711)


def main(folder: Path = Path("demo")) -> int:
    """Run the demo.

    :param folder: where the zip and the picture go.
    :returns: the exit code.
    """
    try:
        from cvatfn.testing.pictures import annotated
        from cvatfn.testing.sandbox import Sandbox, World, serve

        print("The main job of an annotation project, against a sandbox on this machine.")
        with serve(Sandbox(World.with_user("admin", PASSWORD))) as url:
            print(f"A CVAT small enough to run anywhere answers at {url}")
            folder.mkdir(parents=True, exist_ok=True)
            zipped, picture = folder / "shapes.zip", folder / "annotated.png"
            main_job(url, zipped)
        picture.write_bytes(annotated(zipped.read_bytes()))
    except CallFailed as failed:
        print(f"\nThe demo stopped here.\n{failed}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"\nThe demo needs `cvatfn[sandbox]`: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"\nThe demo cannot run here: {error}", file=sys.stderr)
        return 1
    print(f"\nThe exported dataset:     {zipped}")
    with ZipFile(zipped) as opened:
        for entry in opened.infolist():
            print(f"    {entry.filename:24} {entry.file_size:>8,} bytes")
    print(f"An annotated frame of it: {picture}")
    return 0


def main_job(url: str, zipped: Path) -> None:
    """Do the steps one after another, and tell of each.

    :param url: a server with the login that `log_in` uses.
    :param zipped: where the exported dataset goes.
    :raises CallFailed: a step came to nothing.
    """
    from cvatfn.testing.pictures import COLORS, SCENES, outlines, painted

    step = Teller()
    session = step(log_in, url)
    with connect(url, auth=session) as cvat:
        classes: list[models.PatchedLabelRequestDict] = [
            {"name": name, "color": color} for name, color in COLORS.items()
        ]
        task = step(create_task, cvat, classes)
        images = [File(name, painted(name), "image/png") for name in SCENES]
        step(wait, cvat, step(upload, cvat, task, images))
        ids = {label.name: label.id for label in step(find_labels, cvat, task).results}
        step(annotate, cvat, task, outlines(ids))
        step(list_tasks, cvat)
        step(fetch, cvat, task, zipped)
        step.in_vain(ask_in_vain, cvat)


@contextmanager
def bar() -> Generator[Progress]:
    """A progress bar, which leaves its last state behind where nobody can watch it move."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn
    from rich.progress import Progress as Display

    columns = (TextColumn("    {task.description}"), BarColumn(), DownloadColumn())
    with Display(*columns, console=Console(width=100)) as display:
        yield rich_progress(display=display)


class Teller:
    """Runs steps, numbering them; prints the code of each and what came back."""

    def __init__(self) -> None:
        self._number = 0

    def __call__(
        self, step: Callable[P, Outcome[T, object]], *args: P.args, **params: P.kwargs
    ) -> T:
        """Run a step that has to succeed.

        :param step: the function.
        :raises CallFailed: it came to nothing.
        """
        return raise_on_failure(self._told(step, *args, **params))

    def in_vain(
        self, step: Callable[P, Outcome[T, object]], *args: P.args, **params: P.kwargs
    ) -> None:
        """Run a step whose failure is what is to be seen.

        :param step: the function.
        """
        self._told(step, *args, **params)

    def _told(
        self, step: Callable[P, Outcome[T, object]], *args: P.args, **params: P.kwargs
    ) -> Outcome[T, object]:
        self._number += 1
        print(f"\n{self._number:2}  {inspect.getdoc(step)}\n")
        print(indent(_code(step), "        "), flush=True)
        outcome = step(*args, **params)
        match outcome:
            case Success(value):
                lines = ["Success", *_summary(value)]
            case Failure(error):
                lines = [f"Failure: {type(error).__name__}", *str(error).splitlines()]
        print("\n    → " + "\n      ".join(lines), flush=True)
        return outcome


def _code(step: Callable[..., object]) -> str:
    """The body of a function as it is written, without its docstring."""
    source = dedent(inspect.getsource(step))
    parsed = ast.parse(source).body[0]
    statements = parsed.body if isinstance(parsed, ast.FunctionDef) else []
    start = statements[1].lineno - 1 if len(statements) > 1 else 0
    return dedent("\n".join(source.splitlines()[start:]))


def _summary(value: object) -> Iterator[str]:
    """What of an answer a reader wants to see first."""
    match value:
        case Session():
            yield repr(value)
        case models.TaskRead():
            status = value.status.value
            yield f"TaskRead(id={value.id}, name={value.name!r}, status={status!r}, ...)"
        case models.RqId():
            yield repr(value)
        case models.Request():
            took = (value.finished_date or value.created_date) - value.created_date
            yield f"Request(status={value.status.value!r}, operation={value.operation.type!r}, ...)"
            yield f"done after {took.total_seconds():.2f} s on the server's clock"
        case models.LabeledData():
            kinds = [shape.type.value for shape in value.shapes]
            counts = ", ".join(f"{kinds.count(kind)} {kind}s" for kind in dict.fromkeys(kinds))
            yield f"LabeledData(...): {counts}"
            yield f"the first: {list(value.shapes[0].points)} on frame {value.shapes[0].frame}"
        case models.Page():
            yield f"Page(count={value.count}, next={value.next}, ...)"
            page = cast("models.Page[object]", value)  # a page of anything
            yield from map(_entry, page.results)
        case Exported(file=Download(path=path, size=size, content_type=kind)):
            yield f"Exported(file=Download(path={str(path)!r}, ...)): {kind}, {size:,} bytes"
        case _:
            yield repr(value)


def _entry(row: object) -> str:
    match row:
        case models.Label():
            return f"label {row.id}: {row.name}, {row.color}"
        case models.TaskRead():
            return f"task {row.id}: {row.name}, {row.size} images, {row.jobs.count} job"
        case _:
            return repr(row)


if __name__ == "__main__":
    sys.exit(main())
