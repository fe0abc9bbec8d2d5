"""What an exchange implies of the time before it, by its method, path, headers, body and status.

What was made with 201 was not there, what was not found is not there, what was begun with 202 was
not under way, what a request refers to by id was there, the pieces of an upload had come up to
where it went on.

Rule: a rule is for all exchanges that are alike in these, and there is none for a single one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cvatfn.testing.sandbox.state.world import World
from tests.fidelity.implied.files import (
    with_data_as_implied,
    with_files_elsewhere,
    with_files_that_were_downloaded,
    with_upload_so_far,
)
from tests.fidelity.implied.jobs import (
    with_frames_of_annotations,
    with_ground_truth_that_was_deleted,
    without_ground_truth_before,
)
from tests.fidelity.implied.labels import (
    with_attributes_as_implied,
    with_label_that_stands_alone,
    with_labels_as_implied,
    with_labels_of_annotations,
    with_project_of_labels,
)
from tests.fidelity.implied.things import (
    with_passwords_as_implied,
    with_what_is_named,
    without_names_that_were_given,
    without_rows_that_were_not_listed,
    without_what_was_made,
    without_what_was_not_found,
    without_work_that_was_begun,
)
from tests.fidelity.recorded import Recorded

__all__ = [
    "IMPLIED",
]


Implication = Callable[[World, Recorded], World]


IMPLIED: Final[tuple[Implication, ...]] = (
    with_what_is_named,
    with_label_that_stands_alone,
    with_project_of_labels,
    without_rows_that_were_not_listed,
    without_what_was_made,
    without_ground_truth_before,
    with_ground_truth_that_was_deleted,
    with_frames_of_annotations,
    without_names_that_were_given,
    without_what_was_not_found,
    without_work_that_was_begun,
    with_data_as_implied,
    with_labels_as_implied,
    with_attributes_as_implied,
    with_labels_of_annotations,
    with_upload_so_far,
    with_files_elsewhere,
    with_files_that_were_downloaded,
    with_passwords_as_implied,
)
"""In this order: what an exchange implies of the world before it."""
