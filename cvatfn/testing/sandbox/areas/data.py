"""The data of tasks: sending them.

Rule: files come by the steps of `uploads`, or are found by `sources`. What can be refused of a
request is refused at once; what only turns out when the files are looked into is told by the
background work that the last step starts.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from attrs import evolve

from cvatfn import models
from cvatfn.codecs.problems import Problem
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.background import creation_of, started
from cvatfn.testing.sandbox.areas.sources import in_order, wrong_sources
from cvatfn.testing.sandbox.areas.uploads import announced, appended, collected, step_of
from cvatfn.testing.sandbox.files.images import inside
from cvatfn.testing.sandbox.files.kinds import is_manifest
from cvatfn.testing.sandbox.files.selecting import selection_of, wrong_selection
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.gates.forms import received
from cvatfn.testing.sandbox.gates.replies import (
    Refusal,
    conflicting,
    invalid,
    wrong_fields,
)
from cvatfn.testing.sandbox.state.annotated import Task
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.testing.sandbox.state.world import World

__all__ = ["create_data"]

Checked: TypeAlias = Outcome[None, Refusal]


def create_data(world: World, asked: Asked, task: Task) -> Done:
    """Take files for a task; when they are all there, make frames and jobs of them."""
    if task.media is not None:
        return Failure(Refusal(400, "Adding more data is not supported"))
    sent = asked.given("data_request", models.DataRequest) or models.DataRequest()
    match step_of(asked.request):
        case "start":
            return done(world, None, 202)
        case "announce":
            return announced(world, asked, task=task.id)
        case "append":
            return done(appended(world, task.id, _files(sent)), None)
        case "finish":
            return _finished(world, asked, task, sent)


def _finished(world: World, asked: Asked, task: Task, sent: models.DataRequest) -> Done:
    work = world.backgrounds.get(creation_of(task.id))
    if work is not None and work.finished is None:
        return conflicting(models.RqId(rq_id=work.id))
    sources = wrong_sources(world, asked, task, sent)
    for check in (_wrong_settings(sent), _wrong_validation(sent), sources):
        if isinstance(check, Failure):
            return check
    world, files, unfinished = collected(appended(world, task.id, _files(sent)), task.id)
    match in_order(files, sent):
        case Failure() as refusal:
            return refusal
        case Success(files):
            pass
    # the bytes are in `files` already; the settings need not hold them a second time
    settings = evolve(sent, client_files=())
    creation = CreateData(task.id, settings, files, unfinished)
    world, number = started(world, asked, creation_of(task.id), creation)
    return done(world, models.RqId(rq_id=number), 202)


def _files(sent: models.DataRequest) -> tuple[Received, ...]:
    """The files of one form, which keeps no folders in names; the last of a name counts."""
    named = [(inside(file.name).rpartition("/")[2], file) for file in sent.client_files or ()]
    files = [evolve(received(file), name=name) for name, file in named]
    return tuple({file.name: file for file in files}.values())


def _wrong_settings(sent: models.DataRequest) -> Checked:
    """Refuse settings that no files could fit."""
    start, stop = sent.start_frame or 0, sent.stop_frame
    if not isinstance(stop, Unset) and start > stop:
        return invalid(non_field_errors="stop_frame lies before start_frame")
    if sent.frame_filter and not re.search(r"step\s*=\s*[1-9][0-9]*", sent.frame_filter):
        return invalid(frame_filter="a frame filter is written step=N")
    if sent.chunk_size == 0:
        return invalid(chunk_size="a chunk has one frame at least")
    mapping = () if isinstance(sent.job_file_mapping, Unset) else sent.job_file_mapping
    names = [name for job in mapping for name in job]
    if not all(mapping):
        return invalid(job_file_mapping="every job needs a file")
    if len(set(names)) < len(names):
        return invalid(job_file_mapping="a file is given to two jobs")
    if sent.filename_pattern and sent.server_files_exclude:
        return invalid(non_field_errors="filename_pattern and server_files_exclude: not both")
    if sent.filename_pattern and not all(map(is_manifest, sent.server_files or ())):
        said = "filename_pattern goes with a manifest, or with no server_files"
        return invalid(non_field_errors=said)
    return Success(None)


def _wrong_validation(sent: models.DataRequest) -> Checked:
    """Refuse a selection of frames for validation that is none."""
    wanted = sent.validation_params
    if isinstance(wanted, Unset) or wanted is None:
        return Success(None)
    if isinstance(wanted.frame_selection_method, Unset):
        return _said("frame_selection_method", "This field is required.")
    pool = wanted.mode is models.ValidationMode.GT_POOL
    wrong = wrong_selection(selection_of(wanted), pool=pool)
    if wrong is not None:
        return _said("non_field_errors", wrong)
    names = wanted.frames or ()
    if len(set(names)) < len(names):
        return _said("non_field_errors", "a frame is named twice")
    return Success(None)


def _said(name: str, message: str) -> Failure[Refusal]:
    return wrong_fields([Problem(f"$.validation_params.{name}", message)])
