"""What is in no OpenAPI document is read, too: uploads in pieces, downloads, other refusals."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Sequence

from cvatfn.errors import Rejected
from cvatfn.interpreting import not_answered
from cvatfn.outcome import Success
from cvatfn.transfer.names import name_sent
from cvatfn.transfer.receiving import Fresh, Held, brought
from cvatfn.transfer.tus import Arrived, Asking, Creating, Sending, Spot, Terms, step
from tests.fidelity.recorded import Recorded


def test_a_created_upload_goes_on_where_the_server_says(recordings: Sequence[Recorded]) -> None:
    created = 0
    for recorded in recordings:
        length = recorded.request.headers.get("upload-length")
        if recorded.request.method == "POST" and length is not None:
            terms = Terms(announced(recorded), int(length))
            after, _ = step(terms, Creating(), Success(recorded.response))
            assert isinstance(after, Sending)
            assert after.spot.location == recorded.response.headers.get("location")
            assert after.spot.filename == recorded.response.headers.get("upload-filename")
            created += 1
    assert created == 12


def test_a_piece_arrives_or_the_server_is_asked(recordings: Sequence[Recorded]) -> None:
    for recorded in pieces(recordings, "PATCH"):
        size = recorded.left_out[0] or 0
        offset = int(recorded.request.headers.get("upload-offset") or 0)
        terms = Terms("a.zip", offset + size, least=1)
        sending = Sending(Spot(recorded.request.path, "a.zip", offset), size)
        after, _ = step(terms, sending, Success(recorded.response))
        kind = {204: Arrived, 409: Asking, 413: Asking}[recorded.status]
        assert isinstance(after, kind), recorded.name


def test_a_look_tells_how_much_has_come_or_that_it_is_gone(recordings: Sequence[Recorded]) -> None:
    for recorded in pieces(recordings, "HEAD"):
        told = recorded.response.headers
        length = int(told.get("upload-length") or 823)
        asking = Asking(Spot(recorded.request.path, "a.zip", 0, length), length)
        after, _ = step(Terms("a.zip", length), asking, Success(recorded.response))
        if recorded.status == 404:
            assert after == Arrived("a.zip", sure=False)
        else:
            assert isinstance(after, Sending)
            assert str(after.spot.offset) == told.get("upload-offset")


def test_downloads_say_what_they_are_called_and_how_long_they_are(
    recordings: Sequence[Recorded],
) -> None:
    found = 0
    for recorded in recordings:
        if recorded.request.path.endswith("/download") and recorded.status == 200:
            headers = recorded.response.headers
            assert f'"{name_sent(headers)}"' in (headers.get("content-disposition") or "")
            size = int(headers.get("content-length") or 0)
            assert brought(Held(), recorded.response) == Fresh(size, headers.get("etag"))
            found += 1
    assert found == 7


def test_other_refusals_are_read_without_an_endpoint(recordings: Sequence[Recorded]) -> None:
    (refused,) = (each for each in recordings if each.status == 405)
    error = not_answered("", refused.request, refused.response)
    assert isinstance(error, Rejected)
    assert error.detail == 'Method "PUT" not allowed.'


def pieces(recordings: Sequence[Recorded], method: str) -> Iterator[Recorded]:
    found = [
        recorded
        for recorded in recordings
        if recorded.endpoint is None and recorded.request.method == method
    ]
    assert found
    yield from found


def announced(recorded: Recorded) -> str:
    """The file's name in the `Upload-Metadata` of a request."""
    pairs = (recorded.request.headers.get("upload-metadata") or "").split(",")
    held = dict(pair.split(" ") for pair in pairs)
    return b64decode(held["filename"]).decode()
