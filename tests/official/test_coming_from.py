"""Both halves of each pair in `docs/coming-from-cvat-sdk.md`, against two servers that began alike.

They come to the same if they print the same, and leave the same world behind. The clock is no part
of it, since they ask at different times, and nor is what the page says is different.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from attrs import frozen

from cvatfn import call, models
from cvatfn.api import requests
from cvatfn.testing.sandbox import Sandbox, SandboxServer, compare, dangling, first_login, serving
from cvatfn.testing.sandbox.keeping.comparing import Change
from cvatfn.transport import authenticated
from tests.coming_from.page import PAIRS, Pair
from tests.coming_from.world import pets
from tests.docs.files import furnish
from tests.docs.given import Beginning, began
from tests.docs.running import URLS

MISSING = "the official client is not installed: `make official` does that"
LOW = pytest.importorskip("cvat_sdk.api_client", reason=MISSING)

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")  # it leaves files open

TOLD_APART: Final = {
    "content_type": "cvat-sdk guesses a file's type from its name, and CVAT looks at neither",
    "delivery.origin": "where the server was asked",
}
"""By the end of a field's name, what may be different, and why."""


@frozen
class Side:
    """A server for one of the two clients.

    :param server: the server.
    :param beginning: what each program finds there.
    """

    server: SandboxServer
    beginning: Beginning

    @property
    def sandbox(self) -> Sandbox:
        """What the server serves."""
        return self.server.sandbox

    def printed(self, program: str, folder: Path, names: Mapping[str, object]) -> str:
        """What a program prints.

        :param program: its text.
        :param folder: where it runs.
        :param names: what it has by name, beside the logins.
        """
        folder.mkdir()
        furnish(folder, ())
        for url in URLS:
            program = program.replace(url, self.server.url)
        written = io.StringIO()
        with contextlib.redirect_stdout(written), contextlib.chdir(folder):
            code = compile(program, "docs/coming-from-cvat-sdk.md", "exec")
            exec(code, {"__name__": "__main__", **names})  # noqa: S102 - our own
        self._settle()
        return written.getvalue()

    def _settle(self) -> None:
        """Look at what the server works on until it is done; each look moves its clock on."""
        world = self.sandbox.world
        somebody = authenticated(self.sandbox, first_login(world), world.origin)
        under_way = {models.RequestStatus.QUEUED, models.RequestStatus.STARTED}
        while any(
            work.status in under_way for work in call(somebody, requests.list).unwrap().results
        ):
            continue


@pytest.fixture(scope="module")
def sides() -> Iterator[tuple[Side, Side]]:
    """A server for cvat-sdk and one for cvatfn."""
    with serving(pets()) as theirs, serving(pets()) as ours:
        yield Side(theirs, began(theirs)), Side(ours, began(ours))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_both_clients_come_to_the_same(
    pair: Pair, sides: tuple[Side, Side], tmp_path: Path
) -> None:
    theirs, ours = sides
    with ExitStack() as stack:
        given = stack.enter_context(ours.beginning.again(ours.server))
        printed = ours.printed(pair.ours, tmp_path / "ours", given)
        stack.enter_context(theirs.beginning.again(theirs.server))
        login = first_login(theirs.beginning.world)
        configuration = LOW.Configuration(
            theirs.server.url, username=login.username, password=login.password
        )
        client = stack.enter_context(LOW.ApiClient(configuration))
        names = {**given, "api_client": client, "configuration": configuration}
        assert theirs.printed(pair.official, tmp_path / "theirs", names) == printed
    assert printed
    different = compare(theirs.sandbox.world, ours.sandbox.world)
    assert (different.added, different.removed) == ((), ())
    assert [change for change in different.changed if not _may_differ(change)] == []
    assert list(dangling(ours.sandbox.world)) == []


def _may_differ(change: Change) -> bool:
    return isinstance(change.before, datetime) or change.field.endswith((*TOLD_APART,))
