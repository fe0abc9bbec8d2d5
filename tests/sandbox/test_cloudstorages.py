"""Cloud storages: who has them, what they show of themselves, and how they are walked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import UNSET, File, Transport, call, models, sending
from cvatfn.api import cloudstorages, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World
from cvatfn.transport import authenticated
from tests.sandbox.kit import make_task, picture, settle, status_of

BUCKET: models.CloudStorageWriteRequestDict = {
    "provider_type": "AWS_S3_BUCKET",
    "resource": "cats",
    "display_name": "Cats",
    "credentials_type": "KEY_SECRET_KEY_PAIR",
    "key": "AKIAIOSFODNN7EXAMPLE",
    "secret_key": "wJalrXUtnFEMI",
    "manifests": ["manifest.jsonl"],
}


def filled(sandbox: Sandbox, cvat: Transport, files: Mapping[str, bytes], prefix: str = "") -> int:
    """A storage with files in it."""
    attributes = f"prefix={prefix}&region=eu-west-1"
    spec: models.CloudStorageWriteRequestDict = {**BUCKET, "specific_attributes": attributes}
    made = call(cvat, cloudstorages.create, spec).unwrap()
    clouds = {**sandbox.world.clouds, made.id: files}
    sandbox.world = evolve(sandbox.world, clouds=clouds)
    return made.id


def empty(*keys: str) -> dict[str, bytes]:
    """Files of those names, with nothing in them."""
    return dict.fromkeys(keys, b"")


def at(
    cvat: Transport,
    number: int,
    prefix: str = "",
    *,
    token: str | None = None,
    size: int | None = None,
    manifest: str | None = None,
) -> models.CloudStorageContent:
    """A page of what is in a storage."""
    return call(
        cvat,
        cloudstorages.retrieve_content_v2,
        number,
        prefix=prefix or UNSET,
        next_token=token or UNSET,
        page_size=UNSET if size is None else size,
        manifest_path=manifest or UNSET,
    ).unwrap()


def shown(content: models.CloudStorageContent) -> list[tuple[str, str, str]]:
    """The entries of a page."""
    return [(info.name, info.type.value, info.mime_type) for info in content.content]


def walked(cvat: Transport, number: int, size: int | None, prefix: str = "") -> list[str]:
    """Every key, found as the official client's page for its low-level API does it."""
    files: list[str] = []
    prefixes: list[str] = []
    token: str | None = None
    while True:
        page = at(cvat, number, prefix, token=token, size=size)
        assert len(page.content) <= (size or 1000)
        files += [prefix + each.name for each in page.content if each.type.value == "REG"]
        prefixes += [prefix + each.name for each in page.content if each.type.value == "DIR"]
        token = page.next
        if token:
            continue
        if not prefixes:
            return files
        prefix = f"{prefixes.pop()}/"


NAMES = st.text(st.sampled_from("ab.é 🐈"), max_size=3)
KEYS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@given(
    keys=st.sets(KEYS.filter(lambda key: key and not key.startswith("/")), max_size=20),
    size=st.none() | st.integers(1, 5),
)
def test_the_clients_walk_finds_each_key_once(keys: set[str], size: int | None) -> None:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    ada = authenticated(sandbox, Basic("ada", "s3cret"), sandbox.world.origin)
    number = filled(sandbox, ada, empty(*keys))
    found = walked(ada, number, size)
    # a key that ends in a slash is how a provider keeps an empty folder
    assert sorted(found) == sorted(key for key in keys if not key.endswith("/"))


def test_a_page_tells_files_from_folders(sandbox: Sandbox, admin: Transport) -> None:
    keys = ["sub/image_1.jpg", "image_2.jpg", "sub/deep/x.mp4", "a.zip", "b.tar.gz", "c.pdf", "d"]
    number = filled(sandbox, admin, empty(*keys))
    assert shown(at(admin, number)) == [
        ("sub", "DIR", "DIR"),
        ("a.zip", "REG", "archive"),
        ("b.tar.gz", "REG", "archive"),
        ("c.pdf", "REG", "pdf"),
        ("d", "REG", "unknown"),
        ("image_2.jpg", "REG", "image"),
    ]
    assert shown(at(admin, number, "sub/")) == [
        ("deep", "DIR", "DIR"),
        ("image_1.jpg", "REG", "image"),
    ]
    assert shown(at(admin, number, "sub/im")) == [("image_1.jpg", "REG", "image")]
    assert shown(at(admin, number, "/sub/deep/")) == [("x.mp4", "REG", "video")]
    assert shown(at(admin, number, "nowhere/")) == []


def test_a_page_may_be_empty_before_the_end(sandbox: Sandbox, admin: Transport) -> None:
    number = filled(sandbox, admin, empty("k/", "k/a.png"))
    first = at(admin, number, "k/", size=1)
    assert (shown(first), first.next is None) == ([], False)
    second = at(admin, number, "k/", size=1, token=first.next)
    assert (shown(second), second.next) == ([("a.png", "REG", "image")], None)


def test_a_walk_goes_on_where_it_was_though_files_come_and_go(
    sandbox: Sandbox, admin: Transport
) -> None:
    number = filled(sandbox, admin, empty("a", "b", "c", "d"))
    first = at(admin, number, size=2)
    sandbox.world = evolve(sandbox.world, clouds={number: empty("a", "aa", "c", "d")})
    assert [name for name, *_ in shown(at(admin, number, token=first.next))] == ["c", "d"]


def test_no_page_is_larger_than_a_thousand(sandbox: Sandbox, admin: Transport) -> None:
    number = filled(sandbox, admin, empty(*map(str, range(1500))))
    for size in (None, 5000):
        page = at(admin, number, size=size)
        assert len(page.content) == 1000
        assert page.next is not None


@pytest.mark.parametrize("token", ["5", "abc", "zz" * 8, "0" * 8 + "é".encode().hex(), "00" * 5])
def test_a_token_that_was_never_given_is_refused(
    sandbox: Sandbox, admin: Transport, token: str
) -> None:
    number = filled(sandbox, admin, empty("a", "b"))
    wrong = call(admin, cloudstorages.retrieve_content_v2, number, next_token=token)
    assert status_of(wrong.failure()) == 400


def test_a_token_is_good_for_its_own_prefix_only(sandbox: Sandbox, admin: Transport) -> None:
    number = filled(sandbox, admin, empty("a/1", "a/2", "b/1"))
    token = at(admin, number, "a/", size=1).next
    assert token is not None
    ask = cloudstorages.retrieve_content_v2
    wrong = call(admin, ask, number, prefix="b/", next_token=token)
    assert status_of(wrong.failure()) == 400
    assert status_of(call(admin, ask, number, page_size=0).failure()) == 400


def test_a_storage_with_a_prefix_shows_what_is_there(sandbox: Sandbox, admin: Transport) -> None:
    keys = empty("pets/cats/a.png", "pets/cats/old/b.png", "pets/dogs/c.png", "d.png")
    number = filled(sandbox, admin, keys, prefix="pets/cats/")
    # CVAT begins at the prefix, and names what is there as if it were the beginning
    expected = [("old", "DIR", "DIR"), ("a.png", "REG", "image")]
    assert shown(at(admin, number)) == shown(at(admin, number, "pets/cats/")) == expected
    assert shown(at(admin, number, "pets/")) == [("cats", "DIR", "DIR")]
    for elsewhere in ("d", "dogs/", "pets/dogs/", "pets/dogs/old/more/"):
        assert shown(at(admin, number, elsewhere)) == []
    assert sorted(walked(admin, number, 1, "pets/cats/")) == [
        "pets/cats/a.png",
        "pets/cats/old/b.png",
    ]


def test_a_folder_without_a_name_leads_nowhere(sandbox: Sandbox, admin: Transport) -> None:
    # as in CVAT: the slash that a prefix begins with is dropped, so this key cannot be reached
    number = filled(sandbox, admin, empty("/a.png"))
    assert shown(at(admin, number)) == shown(at(admin, number, "/")) == [("", "DIR", "DIR")]


def _manifest(*names: str) -> bytes:
    lines: Iterable[object] = (
        {"version": "1.1"},
        {"type": "images"},
        *({"name": name, "extension": ".png", "width": 4, "height": 3} for name in names),
    )
    return "\n".join(map(json.dumps, lines)).encode()


def test_a_manifest_names_what_is_shown(sandbox: Sandbox, admin: Transport) -> None:
    path = "pets/manifest.jsonl"
    files = {**empty("pets/a.png", "pets/c.png"), path: _manifest("a", "old/b")}
    number = filled(sandbox, admin, {**files, "bad.jsonl": b"no"})
    assert shown(at(admin, number, manifest=path)) == [("pets", "DIR", "DIR")]
    assert shown(at(admin, number, "pets/", manifest=path)) == [
        ("old", "DIR", "DIR"),
        ("a.png", "REG", "image"),
    ]
    ask = cloudstorages.retrieve_content_v2
    assert status_of(call(admin, ask, number, manifest_path="bad.jsonl").failure()) == 400
    missing = call(admin, ask, number, manifest_path="x").failure()
    assert status_of(missing) == 404
    assert "'x' not found on the cloud storage 'cats'" in str(missing)


def test_a_storage_is_made_changed_listed_and_removed(admin: Transport) -> None:
    made = call(admin, cloudstorages.create, BUCKET).unwrap()
    other: models.CloudStorageWriteRequestDict = {**BUCKET, "display_name": "Dogs"}
    call(admin, cloudstorages.create, other).unwrap()
    assert (made.display_name, made.resource, made.manifests) == (
        "Cats",
        "cats",
        ("manifest.jsonl",),
    )
    assert call(admin, cloudstorages.retrieve, made.id).unwrap() == made
    patch: models.PatchedCloudStorageWriteRequestDict = {"description": "pets", "manifests": []}
    changed = call(admin, cloudstorages.partial_update, made.id, patch).unwrap()
    assert (changed.description, changed.manifests, changed.resource) == ("pets", (), "cats")
    assert changed.updated_date > made.updated_date
    assert call(admin, cloudstorages.partial_update, made.id).unwrap() == changed
    found = call(admin, cloudstorages.list, name="Cats").unwrap().results
    assert found == call(admin, cloudstorages.list, search="PETS").unwrap().results == (changed,)
    assert call(admin, cloudstorages.list, provider_type="AZURE_CONTAINER").unwrap().count == 0
    assert call(admin, cloudstorages.retrieve_status, made.id).unwrap() == "AVAILABLE"
    assert call(admin, cloudstorages.retrieve_actions, made.id).unwrap() == '["read","write"]'
    call(admin, cloudstorages.destroy, made.id).unwrap()
    assert status_of(call(admin, cloudstorages.retrieve, made.id).failure()) == 404
    assert call(admin, cloudstorages.list).unwrap().count == 1


def test_only_its_owner_and_superusers_see_a_storage(admin: Transport, worker: Transport) -> None:
    hers = call(worker, cloudstorages.create, BUCKET).unwrap()
    his = call(admin, cloudstorages.create, BUCKET).unwrap()
    assert hers.owner is not None
    assert hers.owner.username == "worker"
    for refused in (
        call(worker, cloudstorages.retrieve, his.id),
        call(worker, cloudstorages.partial_update, his.id, {"description": "x"}),
        call(worker, cloudstorages.destroy, his.id),
        call(worker, cloudstorages.retrieve_content_v2, his.id),
    ):
        assert status_of(refused.failure()) == 403
    assert call(worker, cloudstorages.list).unwrap().results == (hers,)
    assert call(admin, cloudstorages.list, owner="worker").unwrap().results == (hers,)
    assert call(admin, cloudstorages.list).unwrap().count == 2


SECRETS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "t0ken", "k3y file")


def test_credentials_are_kept_and_never_shown(sandbox: Sandbox, admin: Transport) -> None:
    made = call(admin, cloudstorages.create, BUCKET).unwrap()
    call(admin, cloudstorages.partial_update, made.id, {"session_token": "t0ken"}).unwrap()
    kept = dict(sandbox.world.storages[made.id].credentials)
    assert kept == {"key": SECRETS[0], "secret_key": SECRETS[1], "session_token": "t0ken"}
    google: models.PatchedCloudStorageWriteRequestDict = {
        "provider_type": "GOOGLE_CLOUD_STORAGE",
        "credentials_type": "KEY_FILE_PATH",
        "key_file": File("key.json", b"k3y file"),
    }
    form = sending(cloudstorages.partial_update, "multipart/form-data")
    changed = call(admin, form, made.id, google).unwrap()
    assert dict(sandbox.world.storages[made.id].credentials) == {"key_file": b"k3y file"}
    told = f"{sandbox.world!r} {made!r} {changed!r}"
    assert not [secret for secret in SECRETS if secret in told]


def test_a_storage_given_by_its_files_only_is_nobodys(
    sandbox: Sandbox, admin: Transport, worker: Transport
) -> None:
    sandbox.world = evolve(sandbox.world, clouds={1: empty("a.png")})
    assert shown(at(admin, 1)) == [("a.png", "REG", "image")]
    assert call(admin, cloudstorages.retrieve, 1).unwrap().owner is None
    assert status_of(call(worker, cloudstorages.retrieve, 1).failure()) == 403
    assert call(admin, cloudstorages.create, BUCKET).unwrap().id == 2  # the number is taken


def test_a_preview_is_of_the_first_image(sandbox: Sandbox, admin: Transport) -> None:
    cat = picture("cat.png").content
    assert isinstance(cat, bytes)
    with_image = filled(sandbox, admin, {"0.txt": b"", "1.png": b"no picture", "2.png": cat})
    without = filled(sandbox, admin, {"0.txt": b""})
    assert call(admin, cloudstorages.retrieve_preview, with_image).unwrap().startswith(b"\xff\xd8")
    assert call(admin, cloudstorages.retrieve_preview, without).unwrap() == b""


def test_media_come_from_a_storage_and_exports_go_there(sandbox: Sandbox, admin: Transport) -> None:
    cat = picture("cat.png").content
    assert isinstance(cat, bytes)
    number = filled(sandbox, admin, {"in/cat.png": cat})
    made = call(admin, tasks.create, {"name": "cats", "labels": [{"name": "cat"}]}).unwrap()
    data: models.DataRequestDict = {
        "cloud_storage_id": number,
        "server_files": ["in/"],
        "image_quality": 70,
    }
    begun = call(admin, tasks.create_data, made.id, data).unwrap()
    assert begun is not None
    assert settle(admin, begun.rq_id).status is models.RequestStatus.FINISHED
    assert _exported(admin, made.id, number).status is models.RequestStatus.FINISHED
    assert walked(admin, number, None)[0] == "out.zip"


def test_an_export_into_a_storage_that_went_fails(sandbox: Sandbox, admin: Transport) -> None:
    number, task = filled(sandbox, admin, {}), make_task(admin)
    rq_id = _export(admin, task.id, number)
    call(admin, cloudstorages.destroy, number).unwrap()
    ended = settle(admin, rq_id)
    assert ended.status is models.RequestStatus.FAILED
    assert number not in sandbox.world.clouds


def _export(cvat: Transport, task: int, cloud: int) -> str:
    return (
        call(
            cvat,
            tasks.create_dataset_export,
            task,
            format="COCO 1.0",
            location="cloud_storage",
            cloud_storage_id=cloud,
            filename="out.zip",
        )
        .unwrap()
        .rq_id
    )


def _exported(cvat: Transport, task: int, cloud: int) -> models.Request:
    return settle(cvat, _export(cvat, task, cloud))
