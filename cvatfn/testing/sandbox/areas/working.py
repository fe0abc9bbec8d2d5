"""What background work does when its time has come: a table from its kind to its effect."""

from __future__ import annotations

from cvatfn.outcome import Outcome
from cvatfn.testing.sandbox.areas.autoannotating import make_annotated
from cvatfn.testing.sandbox.areas.backups import make_backup
from cvatfn.testing.sandbox.areas.creating import make_media
from cvatfn.testing.sandbox.areas.eventlog import make_events
from cvatfn.testing.sandbox.areas.exporting import make_export
from cvatfn.testing.sandbox.areas.importing import make_annotations, make_dataset
from cvatfn.testing.sandbox.areas.quality.computing import make_report
from cvatfn.testing.sandbox.areas.quality.consensus import make_merge
from cvatfn.testing.sandbox.areas.restoring import make_restored
from cvatfn.testing.sandbox.state.works import (
    Background,
    CalculateQuality,
    CallFunction,
    CreateData,
    ExportBackup,
    ExportDataset,
    ExportEvents,
    ImportAnnotations,
    ImportBackup,
    ImportDataset,
    MergeConsensus,
)
from cvatfn.testing.sandbox.state.world import World

__all__ = ["effect"]


def effect(world: World, background: Background) -> Outcome[World, str]:
    """Do a piece of work.

    :param world: before.
    :param background: the work.
    :returns: the world after it, or why it failed; then nothing has changed.
    """
    match background.work:
        case CreateData() as work:
            return make_media(world, work)
        case ExportDataset() as work:
            return make_export(world, background, work)
        case ExportBackup() as work:
            return make_backup(world, background, work)
        case ExportEvents() as work:
            return make_events(world, background, work)
        case ImportAnnotations() as work:
            return make_annotations(world, work)
        case ImportDataset() as work:
            return make_dataset(world, background, work)
        case ImportBackup() as work:
            return make_restored(world, background, work)
        case CallFunction() as work:
            return make_annotated(world, work)
        case CalculateQuality() as work:
            return make_report(world, background, work)
        case MergeConsensus() as work:
            return make_merge(world, work)
