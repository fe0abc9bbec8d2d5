"""What cvat-sdk 2.80 lets happen, each by a server that `tests/held_to_more` describes.

Its values are of no type that checkers know. Should a later release be held to more, the scenario
fails here, and the page `docs/held-to-more.md` has to say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, final

import pytest
from attrs import frozen

from tests.held_to_more.clients import LIMIT, PASSWORD, TOKEN, Place, came_of
from tests.held_to_more.scenarios import SCENARIOS, Scenario

MISSING = "the official client is not installed: `make official` does that"
SDK = pytest.importorskip("cvat_sdk", reason=MISSING)
pytest.importorskip("cvat_cli", reason=MISSING)  # `make bench` brings the other one alone
LOW = pytest.importorskip("cvat_sdk.api_client")
CORE = pytest.importorskip("cvat_sdk.core.client")

AT_ONCE = {"status_check_period": 0.01}


def _high(stack: ExitStack, url: str) -> Any:
    """Its high-level client, which nobody is logged in to."""
    return stack.enter_context(CORE.Client(url, check_server_version=False))


def _low(stack: ExitStack, url: str, **options: object) -> Any:
    """Its low-level client, logged in by token."""
    settings = LOW.Configuration(url, access_token=TOKEN)
    for name, value in options.items():
        setattr(settings, name, value)
    return stack.enter_context(LOW.ApiClient(settings))


def _task(stack: ExitStack, url: str) -> Any:
    client = _high(stack, url)
    client.login(CORE.AccessTokenCredentials(TOKEN))
    return client.tasks.retrieve(1)


@final
@frozen
class Official:
    """cvat-sdk, as its documentation says it is used."""

    def exports_a_dataset(self, at: Place, /) -> object:
        with ExitStack() as stack:
            return _task(stack, at.url).export_dataset("COCO 1.0", at.folder / "d.zip", **AT_ONCE)

    def imports_annotations(self, at: Place, /) -> object:
        file = at.folder / "a.zip"
        file.write_bytes(b"12345")
        with ExitStack() as stack:
            return _task(stack, at.url).import_annotations("COCO 1.0", file, **AT_ONCE)

    def creates_a_project(self, at: Place, /) -> object:
        with ExitStack() as stack:
            client = _high(stack, at.url)
            client.login(("ada", PASSWORD))
            return client.projects.create(SDK.models.ProjectWriteRequest(name="cats"))

    def fetches_a_chunk(self, at: Place, /) -> object:
        with ExitStack() as stack:
            api = _low(stack, at.url, temp_folder_path=str(at.folder)).jobs_api
            chunk, _ = api.retrieve_data(1, type="chunk", number=0, quality="original")
            with chunk:
                return chunk.name

    def withdraws_invitations(self, at: Place, /) -> object:
        with ExitStack() as stack:
            api = _low(stack, at.url).invitations_api
            return [api.destroy(key) for key in ("..", "")]

    def lists_the_work(self, at: Place, /) -> Sequence[str]:
        with ExitStack() as stack:
            page, _ = _low(stack, at.url).requests_api.list()
            return [work.id for work in page.results]

    def reads_the_version(self, at: Place, /) -> object:
        with ExitStack() as stack:
            return _low(stack, at.url).server_api.retrieve_about()[0].version

    def reads_a_delivery(self, at: Place, /) -> object:
        with ExitStack() as stack:
            return _low(stack, at.url).webhooks_api.retrieve_deliveries("1", 1)[0].response

    def reads_a_status(self, at: Place, /) -> object:
        with ExitStack() as stack:
            try:
                return _low(stack, at.url).server_api.retrieve_about()
            except LOW.exceptions.ApiException as error:
                return error.status

    def waits_for_a_while(self, at: Place, /) -> object:
        with ExitStack() as stack:
            return _low(stack, at.url).server_api.retrieve_about(_request_timeout=LIMIT)

    def writes_a_log(self, at: Place, /) -> object:
        with ExitStack() as stack:
            client = _low(stack, at.url, debug=True)
            stack.callback(setattr, client.configuration, "debug", False)
            return client.server_api.retrieve_about()[0].version

    def shows_a_login(self, _: Place, /) -> str:
        logins = CORE.AccessTokenCredentials(TOKEN), CORE.PasswordCredentials("ada", PASSWORD)
        asked = SDK.models.LoginSerializerExRequest(username="ada", password=PASSWORD)
        return f"{logins!r} {asked!r}"

    def tries_again(self, at: Place, /) -> str:
        with ExitStack() as stack:
            api = _low(stack, at.url).server_api
            try:
                return str(api.retrieve_about())
            except Exception as error:  # whatever its user is told
                return f"{error} {getattr(error, 'body', None)}"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_it_happens_to_the_official_client(scenario: Scenario, tmp_path: Path) -> None:
    came = came_of(scenario.act, scenario.home, scenario.stranger, Official(), tmp_path)
    assert scenario.harmed(came)
