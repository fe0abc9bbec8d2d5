"""Guides in backups: what they say, and the files that they show.

Rule: a guide that is restored has copies of its files, under addresses of their own, and shows
these; a file that no guide could have been given is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Final
from uuid import UUID

from attrs import evolve, frozen

from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.assets import wrong_asset
from cvatfn.testing.sandbox.files.exports.archives import Entry
from cvatfn.testing.sandbox.state.lookups import assets_of
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.talking import Asset, Guide
from cvatfn.testing.sandbox.state.world import World, put, unique

__all__ = ["SavedAsset", "SavedGuide", "guide_entries", "saved_guide", "with_guide"]

ASSETS: Final = "assets/"


@frozen(kw_only=True)
class SavedAsset:
    """A file of a guide; its content is in the archive's `assets/`, under its address."""

    uuid: UUID
    name: str
    content_type: str


@frozen(kw_only=True)
class SavedGuide:
    """What a guide says, and its files in order."""

    markdown: str
    assets: tuple[SavedAsset, ...] = ()


def saved_guide(world: World, number: int | None) -> SavedGuide | None:
    """A guide as a backup tells of it.

    :param number: its id; nothing of nothing.
    """
    guide = None if number is None else world.guides[number]
    if guide is None:
        return None
    return SavedGuide(
        markdown=guide.markdown,
        assets=tuple(
            SavedAsset(uuid=each.uuid, name=each.file.name, content_type=each.file.content_type)
            for each in assets_of(world, guide)
        ),
    )


def guide_entries(world: World, number: int | None, folder: str) -> Iterator[Entry]:
    """The files of a guide as entries of an archive.

    :param number: its id; nothing of nothing.
    :param folder: where in the archive what it is for is.
    """
    if number is not None:
        for asset in assets_of(world, world.guides[number]):
            yield f"{folder}{ASSETS}{asset.uuid}", asset.file.content


def with_guide(
    world: World, saved: SavedGuide | None, files: Mapping[str, bytes], guide: Guide, owner: int
) -> Outcome[World, str]:
    """The world with a guide, if one was saved.

    :param saved: what was saved of it.
    :param files: the entries of `assets/` and others, by name, without the folder.
    :param guide: the guide but for its number and what it says.
    :param owner: the id of who will own its files.
    """
    if saved is None:
        return Success(world)
    world, number = world.numbered("guide")
    guide = evolve(guide, id=number)
    world = evolve(world, guides=put(world.guides, number, guide))
    markdown = saved.markdown
    for each in saved.assets:
        content = files.get(f"{ASSETS}{each.uuid}")
        if content is None:
            return Failure(f"a file of the guide is missing: {each.name[:100]}")
        file = Received(PurePosixPath(each.name).name, content, each.content_type)
        wrong = wrong_asset(world, guide, file)
        if wrong is not None:
            return Failure(wrong)
        world, digits = unique(world, "asset")
        markdown = markdown.replace(f"/api/assets/{each.uuid}", f"/api/assets/{digits}")
        asset = Asset(
            uuid=UUID(digits), guide=number, owner=owner, file=file, created=guide.created
        )
        world = evolve(world, assets=put(world.assets, asset.uuid, asset))
    return Success(
        evolve(world, guides=put(world.guides, number, evolve(guide, markdown=markdown)))
    )
