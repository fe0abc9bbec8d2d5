"""Where the files of a task come from: the client, the server's share, the web, a cloud storage.

Rule: what a request can be refused for at once is `wrong_sources`; what only turns out when the
files are fetched is a sentence with which the background work fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from cvatfn import models
from cvatfn.codecs.unset import Unset
from cvatfn.outcome import Failure, Outcome, Success
from cvatfn.testing.sandbox.areas.owned import reachable_storage
from cvatfn.testing.sandbox.gates.asking import Asked
from cvatfn.testing.sandbox.gates.replies import Refusal, invalid
from cvatfn.testing.sandbox.state.annotated import Task
from cvatfn.testing.sandbox.state.media import Received
from cvatfn.testing.sandbox.state.works import CreateData
from cvatfn.testing.sandbox.state.world import World

__all__ = ["gathered", "in_order", "mapped", "storage_of", "wrong_sources"]


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
    if not isinstance(sent.job_file_mapping, Unset) and not all(sent.job_file_mapping):
        return invalid(job_file_mapping="every job needs a file")
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
    cloud = sent.cloud_storage_id
    store = world.clouds.get(cloud, {}) if isinstance(cloud, int) else world.share
    match _picked(store, sent):
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


def mapped(
    files: Sequence[Received], mapping: Sequence[Sequence[str]]
) -> Outcome[tuple[Received, ...], str]:
    """Files in the order in which jobs are to have them.

    :param files: every file that becomes a frame.
    :param mapping: for each job the names of its files.
    """
    names = [name for job in mapping for name in job]
    by_name = {file.name: file for file in files}
    if len(set(names)) < len(names):
        return Failure("job_file_mapping: a file is given to two jobs")
    odd = sorted(by_name.keys() ^ set(names))
    if odd:
        return Failure(f"job_file_mapping does not fit the files: {', '.join(odd)}")
    return Success(tuple(by_name[name] for name in names))


def storage_of(sent: models.DataRequest) -> models.StorageType:
    """Where CVAT leaves the files: where they are, or with itself.

    :param sent: what was asked for.
    """
    if isinstance(sent.cloud_storage_id, int):
        return models.StorageType.CLOUD_STORAGE
    shared = bool(sent.server_files) and sent.copy_data is not True
    return models.StorageType.SHARE if shared else models.StorageType.LOCAL


def _picked(
    store: Mapping[str, bytes], sent: models.DataRequest
) -> Outcome[tuple[Received, ...], str]:
    """The files of a store that were asked for; a name that ends in a slash is a folder."""
    wanted: dict[str, bytes] = {}
    for name in sent.server_files or ():
        inside = dict(_within(store, name))
        if not inside:
            return Failure(f"there is no {name!r}")
        wanted.update(inside)
    for name in sent.server_files_exclude or ():
        for excluded, _ in _within(store, name):
            wanted.pop(excluded, None)
    return Success(tuple(Received(name, content) for name, content in wanted.items()))


def _within(store: Mapping[str, bytes], name: str) -> Iterator[tuple[str, bytes]]:
    for key, content in store.items():
        if key == name or (name.endswith("/") and key.startswith(name)):
            yield key, content


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _last(url: str) -> str:
    """The name of a remote file: the last part of its path."""
    return unquote(urlsplit(url).path).rpartition("/")[2] or "file"
