"""What a server says of itself."""

from __future__ import annotations

from typing import Final

from cvatfn import models
from cvatfn.testing.sandbox.files.exports import FORMATS
from cvatfn.testing.sandbox.files.imports import IMPORTERS
from cvatfn.testing.sandbox.gates.asking import Asked, Done, done
from cvatfn.testing.sandbox.state.world import World

__all__ = ["retrieve_about", "retrieve_formats", "retrieve_plugins"]

NAME: Final = "CVAT sandbox"


def retrieve_about(world: World, asked: Asked) -> Done:
    """Name and version; needs no login."""
    said = models.About(
        name=NAME,
        description="A stand-in for CVAT, for trying and testing.",
        version=world.version,
        logo_url=asked.url("/static/logo.svg"),
        subtitle="No installation, no network, no people.",
    )
    return done(world, said)


def retrieve_formats(world: World, _: Asked) -> Done:
    """The formats it can export and import."""
    exporters = tuple(
        models.DatasetFormat(
            name=name, ext="ZIP", version=name.rpartition(" ")[2], enabled=True, dimension="2d"
        )
        for name in FORMATS
    )
    importers = tuple(
        models.DatasetFormat(
            name=name,
            ext=importer.extensions,
            version=name.rpartition(" ")[2],
            enabled=True,
            dimension="2d",
        )
        for name, importer in IMPORTERS.items()
    )
    return done(world, models.DatasetFormats(importers=importers, exporters=exporters))


def retrieve_plugins(world: World, _: Asked) -> Done:
    """No optional parts."""
    return done(world, models.Plugins(ANALYTICS=False, MODELS=False))
