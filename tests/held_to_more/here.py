"""This library, as a user of it would write these things."""

from __future__ import annotations

from collections.abc import Sequence
from http.client import HTTPConnection
from typing import final

from attrs import frozen

from cvatfn import Outcome, Transport, call, connect, download, export, login, models
from cvatfn.api import invitations, jobs, projects, requests, server, tasks, webhooks
from cvatfn.auth import AccessToken, Basic
from cvatfn.errors import CallError
from cvatfn.outcome import Failure, Success
from cvatfn.schedule import exponential
from cvatfn.transfer import import_annotations
from cvatfn.transport import logged
from tests.held_to_more.clients import LIMIT, PASSWORD, TOKEN, Place


def _version(transport: Transport) -> Outcome[models.About, CallError]:
    return call(transport, server.retrieve_about)


@final
@frozen
class Here:
    """The client that is held to more."""

    def exports_a_dataset(self, at: Place, /) -> object:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            to = at.folder / "dataset.zip"
            return export(cvat, tasks.create_dataset_export, to, 1, format="COCO 1.0")

    def imports_annotations(self, at: Place, /) -> object:
        file = at.folder / "a.zip"
        file.write_bytes(b"12345")
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            return import_annotations(cvat, tasks.create_annotations, file, 1, format="COCO 1.0")

    def creates_a_project(self, at: Place, /) -> object:
        with connect(at.url) as anonymous:
            ada = login(anonymous, username="ada", password=PASSWORD).unwrap()
        with connect(at.url, auth=ada) as cvat:
            return call(cvat, projects.create, {"name": "cats"})

    def fetches_a_chunk(self, at: Place, /) -> object:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            chunk = jobs.retrieve_data
            return download(cvat, chunk, at.folder, 1, type="chunk", number=0, quality="original")

    def withdraws_invitations(self, at: Place, /) -> object:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            return [call(cvat, invitations.destroy, key) for key in ("..", "")]

    def lists_the_work(self, at: Place, /) -> Sequence[str]:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            return [work.id for work in call(cvat, requests.list).unwrap().results]

    def reads_the_version(self, at: Place, /) -> object:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            match _version(cvat):
                case Success(about):
                    return about.version
                case Failure(error):
                    return error

    def reads_a_delivery(self, at: Place, /) -> object:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            return call(cvat, webhooks.retrieve_deliveries, 1, "1").unwrap().response

    def reads_a_status(self, at: Place, /) -> object:
        with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
            error = _version(cvat).failure()
            return getattr(error, "status", None)

    def waits_for_a_while(self, at: Place, /) -> object:
        retry = exponential(LIMIT, attempts=4)
        with connect(at.url, auth=AccessToken(TOKEN), timeout=LIMIT, retry=retry) as cvat:
            return _version(cvat)

    def writes_a_log(self, at: Place, /) -> object:
        HTTPConnection.debuglevel = 1  # as whoever looks for a fault does; so does cvat-sdk
        try:
            with connect(at.url, auth=AccessToken(TOKEN)) as cvat:
                return _version(logged(cvat))
        finally:
            HTTPConnection.debuglevel = 0

    def shows_a_login(self, _: Place, /) -> str:
        asked = models.LoginSerializerExRequest(username="ada", password=PASSWORD)
        return f"{AccessToken(TOKEN)!r} {Basic('ada', PASSWORD)!r} {asked!r}"

    def tries_again(self, at: Place, /) -> str:
        retry = exponential(0.01, attempts=3)
        with connect(at.url, auth=AccessToken(TOKEN), retry=retry) as cvat:
            return str(_version(cvat).failure())
