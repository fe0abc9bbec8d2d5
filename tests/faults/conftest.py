"""A sandbox on loopback for all cells: each begins in the same world."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from attrs import frozen

from cvatfn import call, connect, follow
from cvatfn.api import tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World, serve
from tests.faults.kinds import Place, Seen, asked_of
from tests.sandbox.kit import make_task, settle
from tests.transfer.uploads import Watched

ADA = Basic("ada", "s3cret")


@frozen
class Stage:
    """Where all cells are tried.

    :param sandbox: the server's mind.
    :param watched: what it was asked, and answered.
    :param url: where it is served.
    :param place: what is in it.
    :param ca_bundle: the authority that clients know.
    :param contexts: TLS by what is wrong with its certificate; `right` is fine.
    """

    sandbox: Sandbox
    watched: Watched
    url: str
    place: Place
    ca_bundle: str
    contexts: Mapping[str, ssl.SSLContext]

    def begin(self) -> None:
        """Go back to where all cells begin."""
        self.sandbox.rewind(self.place.world)
        del self.watched.seen[:]

    def seen(self) -> Seen:
        """What was done since."""
        granted = [
            asked_of(request)
            for request, reply in tuple(self.watched.seen)
            if 200 <= reply.unwrap().status < 300
        ]
        return Seen(self.sandbox.world, tuple(granted))


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    sandbox = Sandbox(World.with_user("ada", "s3cret"))
    authority, stranger = trustme.CA(), trustme.CA()
    bundle: Path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    watched = Watched(sandbox)
    with serve(watched) as url:
        with connect(url, auth=ADA) as ada:
            full = make_task(ada).id
            rest = [call(ada, tasks.create, {"name": f"{n}"}).unwrap().id for n in range(24)]
            begun = call(ada, tasks.create_dataset_export, full, format="COCO 1.0").unwrap()
            made = settle(ada, begun.rq_id).result_url or ""
            path = made.removeprefix(url)
            content = follow(ada, path).unwrap().body
        place = Place(sandbox.world, full, rest[0], (full, *rest), path, content)
        yield Stage(sandbox, watched, url, place, str(bundle), _contexts(authority, stranger))


def _contexts(authority: trustme.CA, stranger: trustme.CA) -> dict[str, ssl.SSLContext]:
    now, day = datetime.now(UTC), timedelta(days=1)
    leaves = {
        "right": authority.issue_cert("127.0.0.1"),
        "wrong name": authority.issue_cert("other.example"),
        "expired": authority.issue_cert("127.0.0.1", not_before=now - 9 * day, not_after=now - day),
        "not yet valid": authority.issue_cert(
            "127.0.0.1", not_before=now + day, not_after=now + 9 * day
        ),
        "untrusted": stranger.issue_cert("127.0.0.1"),
    }
    contexts: dict[str, ssl.SSLContext] = {}
    for flaw, leaf in leaves.items():
        context = contexts[flaw] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with leaf.private_key_and_cert_chain_pem.tempfile() as chain:
            context.load_cert_chain(chain)
    return contexts
