"""Assets: the files that guides show.

Rule: of a few kinds, 10 MB each and 30 in a guide at most, as CVAT allows; who may read the guide
may fetch its files.
"""

from __future__ import annotations

from mimetypes import guess_type
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from attrs import evolve

from cvatfn import models
from cvatfn.outcome import Success
from cvatfn.testing.sandbox.areas.guides import may_write
from cvatfn.testing.sandbox.gates.asking import Asked, Done, Outgoing, basic_user, done
from cvatfn.testing.sandbox.gates.forms import received
from cvatfn.testing.sandbox.gates.replies import Answer, forbidden, invalid, missing
from cvatfn.testing.sandbox.gates.staff import may_see_guide
from cvatfn.testing.sandbox.state.lookups import assets_of
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.talking import Asset, Guide
from cvatfn.testing.sandbox.state.world import World, dropped, put, unique

__all__ = ["create", "destroy", "retrieve"]

TYPES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf")
LARGEST_MB: Final = 10
MOST: Final = 30


def create(world: World, asked: Asked) -> Done:
    """Add a file to a guide."""
    sent = asked.needed("asset_write_request", models.AssetWriteRequest)
    guide = world.guides.get(sent.guide_id)
    if guide is None:
        return invalid("AnnotationGuide matching query does not exist.")
    if not may_write(world, asked, guide):
        return forbidden()
    file = received(sent.file)
    wrong = _wrong(world, guide, file)
    if wrong is not None:
        return invalid(wrong)
    world, number = unique(world, "asset")
    name = PurePosixPath(file.name.replace("\\", "/")).name
    asset = Asset(
        uuid=UUID(number),
        guide=guide.id,
        owner=asked.account.id,
        file=evolve(file, name=name),
        created=world.now,
    )
    world = evolve(world, assets=put(world.assets, asset.uuid, asset))
    made = models.AssetRead(
        uuid=asset.uuid,
        filename=asset.file.name,
        created_date=asset.created,
        owner=basic_user(world, asked, asset.owner),
        guide_id=asset.guide,
    )
    return done(world, made, 201)


def retrieve(world: World, asked: Asked) -> Done:
    """The file itself."""
    asset = world.assets.get(asked.needed("uuid", UUID))
    if asset is None:
        return missing("Asset")
    if not may_see_guide(world, asked.account, world.guides[asset.guide]):
        return forbidden()
    # CVAT's web server goes by the name when it sends the file, not by what the upload said
    kind = guess_type(asset.file.name)[0] or asset.file.content_type
    return Success(Outgoing(world, Answer(asset.file.content, content_type=kind)))


def destroy(world: World, asked: Asked) -> Done:
    """Remove a file from its guide."""
    asset = world.assets.get(asked.needed("uuid", UUID))
    if asset is None:
        return missing("Asset")
    if not may_write(world, asked, world.guides[asset.guide]):
        return forbidden()
    return done(evolve(world, assets=dropped(world.assets, asset.uuid)), None, 204)


def _wrong(world: World, guide: Guide, file: Received) -> str | None:
    """Why a file is none for a guide; `None` where it is one."""
    if len(file.content) > LARGEST_MB << 20:
        return f"Maximum size of asset is {LARGEST_MB} MB"
    if file.content_type not in TYPES:
        return f"File is not supported as an asset. Supported are {TYPES}"
    if len(assets_of(world, guide)) >= MOST:
        return "Maximum number of assets per guide reached"
    return None
