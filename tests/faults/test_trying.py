"""What looks for leftovers finds them."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.faults import trying
from tests.faults.trying import left_nothing


def test_a_socket_that_is_left_is_found() -> None:
    left = None
    with pytest.raises(AssertionError), left_nothing():
        left = socket.socket()
    assert left is not None
    left.close()


def test_a_thread_that_is_left_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "PATIENT", 0.05)
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    with pytest.raises(AssertionError, match=r"Thread-\d+"), left_nothing():
        thread.start()
    over.set()
    thread.join()


def test_what_ends_is_not_left() -> None:
    with left_nothing():
        threading.Thread(target=socket.socket().close).start()
