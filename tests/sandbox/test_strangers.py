"""Whatever a stranger asks, nothing of what others have is shown, and nothing of it changes.

Everything that the others have is called by one name, in their workspace and in their organization;
the stranger has as much, and is a member of another one. So the name is in no answer, whatever ids
were tried, and each row of theirs is what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Final, cast
from urllib.parse import parse_qsl, quote, urlencode

import attrs
import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import File, Request, Transport, call, models
from cvatfn.api import (
    assets,
    auth,
    cloudstorages,
    guides,
    invitations,
    issues,
    jobs,
    labels,
    organizations,
    projects,
    quality,
    tasks,
    webhooks,
)
from cvatfn.auth import Basic
from cvatfn.codecs.building import members
from cvatfn.codecs.plain import is_array
from cvatfn.codecs.unset import UNSET
from cvatfn.finding import catalogue
from cvatfn.testing.sandbox import Sandbox, World, step
from cvatfn.testing.sandbox.gates.downloads import DOWNLOADS
from cvatfn.testing.sandbox.gates.routing import AnyEndpoint
from cvatfn.testing.sandbox.state.world import put
from cvatfn.testing.strategies import Call, calls
from cvatfn.transport import authenticated, in_organization
from cvatfn.transport.contents import gathered
from tests.sandbox.kit import picture, settle

NAME: Final = "hidden"
STRANGER: Final = "stranger"
LOGIN: Final = ("Authorization", "Basic c3RyYW5nZXI6c3RyYW5nZXIteA==")
WITHIN: Final = ("", f"?org={NAME}", "?org_id=1", "?org=", "?org=strangers")
"""Where one may say to be: everywhere, with the others, in the own workspace, among strangers."""
OF_OTHERS: Final = (
    *("accounts", "organizations", "memberships", "invitations", "projects", "tasks", "labels"),
    *("jobs", "storages", "clouds", "issues", "comments", "guides", "assets", "webhooks", "keys"),
    *("quality_settings", "requirements", "reports", "tokens"),
)
"""The rows of these kinds that the others have: none of them may change."""


def _furnish(sandbox: Sandbox, name: str, slug: str) -> None:
    """Give a person one of everything, in the own workspace and in an organization."""
    person = authenticated(sandbox, Basic(name, f"{name}-x"), sandbox.world.origin)
    call(person, organizations.create, {"slug": slug, "description": name}).unwrap()
    call(person, auth.create_access_tokens, {"name": name}).unwrap()
    for cvat in (person, in_organization(person, slug)):
        _furnish_workspace(sandbox, cvat, name)
    invited: models.InvitationWriteRequestDict = {"role": "worker", "email": f"{name}@x.example"}
    call(in_organization(person, slug), invitations.create, invited).unwrap()


def _furnish_workspace(sandbox: Sandbox, cvat: Transport, name: str) -> None:
    bucket: models.CloudStorageWriteRequestDict = {
        "provider_type": "AWS_S3_BUCKET",
        "resource": f"{name}-{len(sandbox.world.clouds)}",
        "display_name": name,
        "credentials_type": "ANONYMOUS_ACCESS",
    }
    cloud = call(cvat, cloudstorages.create, bucket).unwrap().id
    clouds = put(sandbox.world.clouds, cloud, {f"{name}.png": b"not looked at"})
    sandbox.world = evolve(sandbox.world, clouds=clouds)
    labeled: models.ProjectWriteRequestDict = {"name": name, "labels": [{"name": name}]}
    project = call(cvat, projects.create, labeled).unwrap().id
    task = call(cvat, tasks.create, {"name": name, "project_id": project}).unwrap().id
    begun = call(cvat, tasks.create_data, task, {"client_files": [picture(f"{name}.png")]}).unwrap()
    assert begun is not None
    settle(cvat, begun.rq_id)
    job = call(cvat, jobs.list, task_id=task).unwrap().results[0].id
    assert call(cvat, labels.list, task_id=task).unwrap().count == 1
    raised: models.IssueWriteRequestDict = {
        "job": job,
        "frame": 0,
        "position": [1, 2],
        "message": name,
    }
    call(cvat, issues.create, raised).unwrap()
    guide = call(cvat, guides.create, {"project_id": project, "markdown": name}).unwrap()
    image = File(f"{name}.png", name.encode(), "image/png")
    call(cvat, assets.create, {"guide_id": guide.id, "file": image}).unwrap()
    watching: models.WebhookWriteRequestDict = {
        "type": "project",
        "project_id": project,
        "target_url": f"http://localhost/{name}",
        "events": ["update:task"],
        "description": name,
    }
    hook = call(cvat, webhooks.create, watching).unwrap().id
    call(cvat, webhooks.create_ping, hook).unwrap()
    call(cvat, quality.list_settings).unwrap()
    settle(cvat, call(cvat, tasks.create_backup_export, task).unwrap().rq_id)


@frozen
class Peopled:
    """A world in which two people have everything, and know nothing of each other.

    :param hidden: the rows that were there before the stranger had any, by kind and key.
    """

    world: World
    hidden: Mapping[tuple[str, object], object]


@pytest.fixture(scope="module")
def peopled() -> Peopled:
    """First the others have everything, then the stranger."""
    world = World.with_user("admin", "x")
    for name in (NAME, STRANGER):
        world = world.joined(name, f"{name}-x")
    sandbox = Sandbox(world)
    _furnish(sandbox, NAME, NAME)
    before = sandbox.world
    _furnish(sandbox, STRANGER, "strangers")
    me = next(row.id for row in before.accounts.values() if row.username == STRANGER)
    rows = {
        (kind, key): row
        for kind in OF_OTHERS
        for key, row in getattr(before, kind).items()
        if (kind, key) != ("accounts", me)
    }
    return Peopled(sandbox.world, rows)


def _targets(world: World, endpoint: AnyEndpoint) -> Iterator[str]:
    """Where an endpoint may be asked for things that are there, and from within what."""
    by_area = {
        "assets": [*map(str, world.assets)],
        "invitations": [*world.invitations],
        "lambda": [*world.backgrounds],
        "requests": [*world.backgrounds],
    }
    ids = by_area.get(endpoint.name.partition(".")[0], [*map(str, range(1, 8))])
    parts = [ids if part.startswith("{") else [part] for part in endpoint.path.split("/")]
    for path in product(*parts):
        target = "/".join(quote(part, safe="") for part in path)
        yield from (target + within for within in WITHIN)
        if endpoint in DOWNLOADS:
            works = (urlencode({"rq_id": number}) for number in world.backgrounds)
            yield from (f"{target}?{work}" for work in works)


READING: Final = [each for each in (*catalogue(), *DOWNLOADS) if each.method == "GET"]
SHOWS_ANYBODY: Final = "users.retrieve"
"""CVAT tells members of any organization who has an id."""


@pytest.mark.parametrize("endpoint", READING, ids=lambda endpoint: str(endpoint.name))
def test_nothing_of_others_is_shown(peopled: Peopled, endpoint: AnyEndpoint) -> None:
    for target in _targets(peopled.world, endpoint):
        path, _, query = target.partition("?")
        asked = Request("GET", path, tuple(parse_qsl(query, keep_blank_values=True)), (LOGIN,))
        _, response = step(peopled.world, asked)
        shown = response.status < 400 and NAME.encode() in response.body
        assert not shown or endpoint.name == SHOWS_ANYBODY, target
        assert response.status < 500 or response.status == 501


CHANGING: Final = [each for each in catalogue() if each.method != "GET" and "{" in each.path]


@pytest.mark.parametrize("endpoint", CHANGING, ids=lambda endpoint: str(endpoint.name))
def test_nothing_of_others_is_changed_by_its_id(peopled: Peopled, endpoint: AnyEndpoint) -> None:
    headers = (LOGIN, ("Content-Type", "application/json"))
    for target in _targets(peopled.world, endpoint):
        path, _, query = target.partition("?")
        asked = tuple(parse_qsl(query, keep_blank_values=True))
        world, response = step(peopled.world, Request(endpoint.method, path, asked, headers, b"{}"))
        assert response.status >= 400 or NAME.encode() not in response.body, target
        assert _changed(peopled, world) == [], target


def _changed(peopled: Peopled, world: World) -> list[tuple[str, object]]:
    return [
        (kind, key)
        for (kind, key), row in peopled.hidden.items()
        if getattr(world, kind).get(key) != row
    ]


def test_whose_it_is_sees_it(peopled: Peopled) -> None:
    login = ("Authorization", "Basic aGlkZGVuOmhpZGRlbi14")
    for path in ("projects", "tasks", "jobs", "labels", "issues", "comments", "guides", "webhooks"):
        _, response = step(peopled.world, Request("GET", f"/api/{path}/1", (), (login,)))
        assert NAME.encode() in response.body, path


def _near(value: object, name: str = "") -> object:
    """The same value, with ids of things that are there."""
    match value:
        case int() if not isinstance(value, bool) and name not in NO_IDS:
            return value % 8
        case _ if is_array(value):
            return tuple(_near(each, name) for each in value)
        case _ if attrs.has(type(value)) and not isinstance(value, File):
            make = cast("Callable[..., object]", type(value))  # a class is called with its fields
            return make(**{key: _near(held, key) for key, held in members(value)})
        case _:
            return value


NO_IDS: Final = ("page", "page_size", "points", "position")


@given(st.lists(calls(), min_size=1, max_size=6), st.sampled_from(WITHIN))
def test_nothing_of_others_changes(
    peopled: Peopled, asked: list[Call[object]], within: str
) -> None:
    world = peopled.world
    for each in asked:
        params = {name: _near(value, name) for name, value in each.params.items()}
        prepared = Call(each.endpoint, {**params, **dict.fromkeys(PLACES & params.keys(), UNSET)})
        request = gathered(prepared.request.unwrap()).unwrap()
        place = tuple(parse_qsl(within.removeprefix("?"), keep_blank_values=True))
        headers = (*request.headers.pairs, LOGIN)
        world, response = step(
            world, evolve(request, query=(*request.query, *place), headers=headers)
        )
        assert response.status >= 400 or NAME.encode() not in response.body
    assert _changed(peopled, world) == []


PLACES: Final = frozenset({"org", "org_id", "x_organization"})
