"""Each row about exceptions in `docs/coming-from-cvat-sdk.md`: cvat-sdk raises what it says.

That the value is the one that the row names, `tests/coming_from/test_situations.py` holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from inspect import signature
from pathlib import Path
from typing import Any, Final

import pytest

from cvatfn.testing.conformance.behaviours import always, ok
from cvatfn.testing.conformance.peers import Server
from tests.coming_from.page import code, table
from tests.coming_from.situations import LIMIT, SITUATIONS
from tests.coming_from.test_situations import where

MISSING = "the official client is not installed: `make official` does that"
LOW = pytest.importorskip("cvat_sdk.api_client", reason=MISSING)
CORE = pytest.importorskip("cvat_sdk.core.client")
DOWN = pytest.importorskip("cvat_sdk.core.downloading")

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # it leaves sockets open

ROWS = {when: raised for raised, when, _ in table("Exceptions, and what answers them")}


def _about(api: Any, _: str) -> object:
    return api.server_api.retrieve_about()


def _create(**body: object) -> Callable[[Any, str], object]:
    return lambda api, _: api.tasks_api.create(body)


def _list(**params: object) -> Callable[[Any, str], object]:
    return lambda api, _: api.tasks_api.list(**params)


def _wait(_: Any, url: str) -> object:
    return CORE.Client(url, check_server_version=False).wait_for_completion("work")


def _fetch(_: Any, url: str) -> object:
    client = CORE.Client(url, check_server_version=False)
    client.login(CORE.AccessTokenCredentials("t0ken"))
    with Server(always(ok(b"theirs"))) as stranger:
        DOWN.Downloader(client).download_file(f"{stranger.url}/result", Path("result.zip"))
        return b"t0ken" in stranger.requests[0]


def _endless(_: Any, url: str) -> object:
    """What could end its waiting; to wait and see would take for ever."""
    waits = CORE.Client(url, check_server_version=False).wait_for_completion
    assert {*signature(waits).parameters} == {"rq_id", "status_check_period", "log_prefix"}
    return waits


ASKED: Final[Mapping[str, Callable[[Any, str], object]]] = {
    "no answer in time": lambda api, _: api.server_api.retrieve_about(_request_timeout=LIMIT),
    "the connection breaks": _create(name="cats"),
    "a parameter of a wrong type": _list(page="two"),
    "a parameter that there is not": _list(pag=2),
    "a limit is not kept": _create(name="c" * 300),
    "an enum does not have the value": _list(status="complete"),
    "a body lacks a required field": _create(subset="Train"),
    "the answer has an enum value of a newer release": lambda api, _: api.requests_api.retrieve(
        "work"
    ),
    "a field that the model does not have": lambda api, _: api.server_api.retrieve_about()[0].nme,
    "the server's work came to nothing": _wait,
    "the server's work does not end": _endless,
    "`result_url` leads to another host": _fetch,
}
"""What is asked, where it is not the server's version."""


@pytest.mark.parametrize("when", SITUATIONS)
def test_it_raises_what_the_page_says(
    when: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        host = where(SITUATIONS[when], stack)
        configuration = LOW.Configuration(host)
        configuration.retries = configuration.retries.new(backoff_factor=0)  # as often, at once
        api = stack.enter_context(LOW.ApiClient(configuration))
        asked = ASKED.get(when, _about)
        if ROWS[when].startswith("nothing"):
            assert asked(api, host)
            return
        with pytest.raises(Exception) as raised:  # noqa: PT011 - its class is looked at below
            asked(api, host)
    assert type(raised.value).__name__ == code(ROWS[when])[0]
