"""Where the files of a task come from: the client, the server's share, the web, a cloud storage.

Rule: what a request can be refused for at once is `wrong_sources`; what only turns out when the
files are fetched is a sentence with which the background work fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

from cvatfn import models
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.owned import reachable_storage
from cvatfn.testing.sandbox.files.assembling import Assembled
from cvatfn.testing.sandbox.files.buckets import prefix_of
from cvatfn.testing.sandbox.files.kinds import is_manifest
from cvatfn.testing.sandbox.files.manifests import names_in
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.annotated import Task
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.testing.sandbox.state.world import World, storages_of

__all__ = ["gathered", "in_order", "storage_of", "wrong_sources"]


def wrong_sources(
    world: World, asked: Asked, task: Task, sent: models.DataRequest
) -> Outcome[None, Refusal]:
    """Refuse sources that cannot be any.

    A world that was given no share, or no web, says so at once, and not in the background: who asks
    it for files has most likely forgotten to put them there.

    :param world: where share, web and cloud storages are.
    :param asked: the request; who asks must be allowed to use the cloud storage.
    :param task: whose files they are.
    :param sent: what was asked for.
    """
    for url in sent.remote_files or ():
        if not _is_web(url):
            return invalid(remote_files=f"'{url}': remote_files entries must be http(s) URLs.")
    if isinstance(sent.cloud_storage_id, int):
        match reachable_storage(world, asked, sent.cloud_storage_id, task.organization):
            case Failure() as refusal:
                return refusal
            case Success():
                pass
    if sent.remote_files and not world.web:
        return invalid(remote_files="the sandbox has no web to fetch from: see `World.web`")
    if sent.server_files and not world.share and not isinstance(sent.cloud_storage_id, int):
        return invalid(server_files="the sandbox has no share: see `World.share`")
    return Success(None)


def in_order(
    files: Sequence[Received], sent: models.DataRequest
) -> Outcome[tuple[Received, ...], Refusal]:
    """Uploaded files in the order that `upload_file_order` gives them, where it counts.

    :param files: in the order in which they came.
    :param sent: what was asked for; the order counts only without sorting.
    """
    order = sent.upload_file_order or ()
    if sent.sorting_method is not models.SortingMethod.PREDEFINED or not order or not files:
        return Success(tuple(files))
    by_name = {file.name: file for file in files}
    odd = [f"{name} (missing)" for name in order if name not in by_name]
    odd += [f"{name} (extra)" for name in by_name if name not in order]
    if odd:
        return invalid(f"Uploaded files are not those of upload_file_order: {', '.join(odd)}")
    return Success(tuple(by_name[name] for name in dict.fromkeys(order)))


def gathered(world: World, work: CreateData) -> Outcome[tuple[Received, ...], str]:
    """Every file of a task, wherever it comes from.

    :param world: where share, web and cloud storages are.
    :param work: what was uploaded, and what else is wanted.
    """
    if work.unfinished:
        return Failure(f"not uploaded to the end: {', '.join(work.unfinished)}")
    sent = work.settings
    match _picked(world, sent):
        case Failure() as refused:
            return refused
        case Success(picked):
            pass
    absent = [url for url in sent.remote_files or () if url not in world.web]
    if absent:
        return Failure(f"cannot be downloaded: {', '.join(absent)}")
    fetched = [Received(_last(url), world.web[url]) for url in sent.remote_files or ()]
    found = (*work.files, *picked, *fetched)
    if len({file.name for file in found}) < len(found):
        return Failure("two files have the same name")
    return Success(found) if found else Failure("no media were uploaded")


def storage_of(sent: models.DataRequest, made: Assembled) -> models.StorageType:
    """Where CVAT leaves the files: where they are, or with itself.

    What it has to look into as a whole, it takes from a cloud storage; what it unpacks, it keeps.

    :param sent: what was asked for.
    :param made: what the files came to.
    """
    if isinstance(sent.cloud_storage_id, int):
        apart = made.kind == "image" and not made.is_packed
        return models.StorageType.CLOUD_STORAGE if apart else models.StorageType.LOCAL
    shared = bool(sent.server_files) and sent.copy_data is not True and not made.is_packed
    return models.StorageType.SHARE if shared else models.StorageType.LOCAL


def _picked(world: World, sent: models.DataRequest) -> Outcome[tuple[Received, ...], str]:
    """The files of the share or of a cloud storage that were asked for."""
    cloud = sent.cloud_storage_id
    store = world.clouds.get(cloud, {}) if isinstance(cloud, int) else world.share
    manifests = [name for name in sent.server_files or () if is_manifest(name)]
    match _named(store, manifests):
        case Failure() as refused:
            return refused
        case Success(named):
            pass
    match _wanted(store, sent, named):
        case Failure() as refused:
            return refused
        case Success(wanted):
            pass
    for name in sent.server_files_exclude or ():
        for excluded in _within(wanted, name):
            wanted.pop(excluded)
    if isinstance(cloud, int):
        own = prefix_of(storages_of(world)[cloud]) if cloud in world.clouds else ""
        wanted = {name: content for name, content in wanted.items() if name.startswith(own)}
    else:  # beside the files it names, a manifest says their order
        wanted.update((name, store[name]) for name in manifests)
    return Success(tuple(Received(name, content) for name, content in wanted.items()))


def _named(
    store: Mapping[str, bytes], manifests: Sequence[str]
) -> Outcome[Sequence[str] | None, str]:
    """The files that a manifest names; `None` without one."""
    if not manifests:
        return Success(None)
    if len(manifests) > 1:
        return Failure("a task has one manifest at most")
    if manifests[0] not in store:
        return Failure(f"there is no {manifests[0]!r}")
    return names_in(Received(manifests[0], store[manifests[0]]))


def _wanted(
    store: Mapping[str, bytes], sent: models.DataRequest, named: Sequence[str] | None
) -> Outcome[dict[str, bytes], str]:
    """The files that a request names: each by itself, by its folder, or by a pattern."""
    names = [name for name in sent.server_files or () if not is_manifest(name)]
    known = list(store) if named is None else list(named)
    found: dict[str, bytes] = {}
    for name in names:
        inside = _within(known if name.endswith("/") else store, name)
        if not inside:
            return Failure(f"there is no {name!r}")
        found.update((each, store[each]) for each in inside if each in store)
    pattern = sent.filename_pattern or ("*" if named is not None and not names else None)
    if pattern:
        fitting = [name for name in known if fnmatchcase(name, pattern) and not is_manifest(name)]
        absent = [name for name in fitting if name not in store]
        if absent:
            return Failure(f"a manifest names what is not there: {', '.join(absent[:5])}")
        found.update((name, store[name]) for name in fitting)
    return Success(found)


def _within(names: Iterable[str], name: str) -> list[str]:
    """The file of a name, or all that are in the folder: its name ends in a slash."""
    return [key for key in names if key == name or (name.endswith("/") and key.startswith(name))]


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _last(url: str) -> str:
    """The name of a remote file: the last part of its path."""
    return unquote(urlsplit(url).path).rpartition("/")[2] or "file"
