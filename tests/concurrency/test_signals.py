"""A real Ctrl-C, to a process of its own, at moments drawn from a seed; and a second run."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from threading import Event
from typing import Final

import pytest

from cvatfn import Outcome, connect
from cvatfn.errors import TransportError
from cvatfn.messages import Request, Response
from cvatfn.testing.sandbox import serve
from cvatfn.transfer.downloading import download_url
from tests.concurrency.processes import PATIENCE, ROOT
from tests.transfer.test_journal import REQUESTS, WHOLE, uploaded
from tests.transfer.uploads import ADA, furnished, received
from tests.transport.wire import Peer, Server

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there is no SIGINT to send")

INTERRUPTED: Final = 7

CHILD: Final = """
import sys, threading
from pathlib import Path
from cvatfn import connect
from cvatfn.transfer.downloading import download_url
from tests.transfer.test_journal import uploaded
from tests.transfer.uploads import ADA
try:
    with connect(sys.argv[2], auth=ADA, timeout=60) as cvat:
        if sys.argv[1] == "upload":
            uploaded(cvat, Path(sys.argv[3]), parallel=int(sys.argv[4])).unwrap()
        else:
            download_url(cvat, "/cats.zip", Path(sys.argv[3])).unwrap()
except KeyboardInterrupt:
    for thread in threading.enumerate():  # one that was just begun may not be known to its pool
        while thread is not threading.main_thread():
            try:
                thread.join(30)
                break
            except RuntimeError:  # nor run yet: the interruption came while it was being begun
                threading.Event().wait(0.001)
    assert threading.active_count() == 1, threading.enumerate()
    sys.exit(7)
"""


@contextmanager
def child(*arguments: str) -> Generator[subprocess.Popen[bytes]]:
    """A process that is interrupted within the block, and ends as it should."""
    command = [sys.executable, "-c", CHILD, *arguments]
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}
    with subprocess.Popen(command, env=paths, stderr=subprocess.PIPE) as process:  # noqa: S603
        try:
            yield process
            _, said = process.communicate(timeout=PATIENCE)
            assert (process.returncode, said) == (INTERRUPTED, b"")
        finally:
            process.kill()


@pytest.mark.parametrize("parallel", [1, 2])
@pytest.mark.parametrize("seed", [1, 2])
def test_an_upload_that_is_interrupted_is_gone_on_with(
    seed: int, parallel: int, tmp_path: Path
) -> None:
    number = Random(f"{seed}/{parallel}").randrange(REQUESTS)  # noqa: S311 - the same in each run
    sandbox, _, _ = furnished()
    journal = tmp_path / "journal"
    reached, sent = Event(), Event()
    counted = count()

    def held_up(request: Request) -> Outcome[Response, TransportError]:
        if next(counted) == number:
            reached.set()
            assert sent.wait(PATIENCE)
        return sandbox(request)

    with serve(held_up) as url:
        with child("upload", url, str(journal), str(parallel)) as process:
            assert reached.wait(PATIENCE)
            process.send_signal(signal.SIGINT)
            sent.set()
        with connect(url, auth=ADA) as connection:
            begun = uploaded(connection, journal, parallel=parallel).unwrap()
    assert received(sandbox, begun.rq_id) == WHOLE
    assert not journal.exists()


CONTENT: Final = bytes(range(256)) * 4096


@pytest.mark.parametrize("seed", [1, 2])
def test_a_download_that_is_interrupted_is_gone_on_with(seed: int, tmp_path: Path) -> None:
    cut = Random(seed).randrange(1, len(CONTENT))  # noqa: S311 - the same in each run
    to = tmp_path / "cats.zip"
    reached = Event()
    froms: list[int] = []

    def behaviour(peer: Peer) -> None:
        asked = peer.request() or b""
        found = re.search(rb"Range: bytes=([0-9]+)-", asked)
        first = int(found[1]) if found else 0
        froms.append(first)
        status = "206 Partial Content" if found else "200 OK"
        span = f"bytes {first}-{len(CONTENT) - 1}/{len(CONTENT)}"
        head = (
            f'HTTP/1.1 {status}\r\nETag: "a"\r\nAccept-Ranges: bytes\r\nContent-Range: {span}\r\n'
            f"Content-Length: {len(CONTENT) - first}\r\n\r\n"
        )
        if not found:
            head = head.replace(f"Content-Range: {span}\r\n", "")
        if reached.is_set():
            peer.send(head.encode() + CONTENT[first:])
        else:
            peer.send(head.encode() + CONTENT[:cut])
            reached.set()
            peer.linger()

    with Server(behaviour) as server:
        with child("download", server.url, str(to)) as process:
            assert reached.wait(PATIENCE)
            process.send_signal(signal.SIGINT)
        assert not to.exists()
        left = sum(path.stat().st_size for path in tmp_path.iterdir() if path.suffix == ".part")
        assert left <= cut
        with connect(server.url) as connection:
            assert download_url(connection, "/cats.zip", to).unwrap().size == len(CONTENT)
    assert to.read_bytes() == CONTENT
    assert [path.name for path in tmp_path.iterdir()] == ["cats.zip"]
    assert froms == [0, left]
