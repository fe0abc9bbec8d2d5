"""What a server says of itself."""

from __future__ import annotations

from typing import Final

from cvatfn import models
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.files.describing import described
from cvatfn.testing.sandbox.files.exports import FORMATS
from cvatfn.testing.sandbox.files.imports import IMPORTERS
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, done
from cvatfn.testing.sandbox.gates.replies import Answer
from cvatfn.testing.sandbox.state.world import World

__all__ = ["retrieve_about", "retrieve_formats", "retrieve_plugins", "retrieve_schema"]

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


def retrieve_schema(world: World, asked: Asked) -> Done:
    """The sandbox as an OpenAPI document, in JSON; all of JSON is YAML, too."""
    kind = _wanted(asked)
    suffix = "json" if "json" in kind else "yaml"
    told = ("Content-Disposition", f'inline; filename="CVAT REST API (2.0).{suffix}"')
    made = Answer(described(world.version), headers=(told,), content_type=kind)
    return Success(Outgoing(world, made))


SCHEMES: Final = {
    "json": "application/vnd.oai.openapi+json",
    "yaml": "application/vnd.oai.openapi",
}


def _wanted(asked: Asked) -> str:
    """The media type that is asked for: by the query, or by the header; YAML if by neither."""
    scheme = asked.params.get("scheme")
    if isinstance(scheme, str):
        return SCHEMES.get(scheme, SCHEMES["yaml"])
    said = asked.request.headers.get("accept") or ""
    kinds = [part.partition(";")[0].strip().lower() for part in said.split(",")]
    known = [kind for answer in asked.endpoint.answers for kind in answer.content_types]
    return next((kind for kind in kinds if kind in known), SCHEMES["yaml"])
