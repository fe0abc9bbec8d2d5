"""The HTTP server around a transport, the command that starts it, and the demo."""

from __future__ import annotations

import re
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from zipfile import ZipFile

import pytest
from attrs import evolve
from PIL import Image

from cvatfn import Request, Response, Transport, call, connect, in_memory, login, models, request
from cvatfn.api import tasks, users
from cvatfn.auth import AccessToken
from cvatfn.errors import CallFailed
from cvatfn.testing import demo
from cvatfn.testing.sandbox import World, serve, serving
from cvatfn.testing.sandbox.__main__ import main
from tests.sandbox.kit import make_task, picture


def _echo(asked: Request) -> Response:
    said = repr((asked.method, asked.path, asked.query, asked.body)).encode()
    return Response(
        200, {"Content-Type": "text/plain", "X-Got": asked.headers.get("x-a") or ""}, said
    )


def test_requests_arrive_as_they_were_sent() -> None:
    asked = Request(
        "PUT", "/a%2Fb/%C3%A4", (("q", "1 2"), ("q", ""), ("ü", "&")), {"X-A": "z"}, b"\0x"
    )
    with serve(in_memory(_echo)) as url, connect(url) as transport:
        got = request(transport, asked).unwrap()
    assert got.body.decode() == repr(("PUT", asked.path, asked.query, asked.body))
    assert got.headers.get("x-got") == "z"


def test_connections_are_kept_open() -> None:
    with serve(in_memory(_echo)) as url:
        client = HTTPConnection(url.removeprefix("http://"))
        client.connect()
        first = client.sock
        for method in ("GET", "HEAD", "POST", "DELETE"):
            client.request(method, "/", b"x" if method == "POST" else None)
            assert client.getresponse().read() is not None
            assert client.sock is first
        client.close()


@pytest.mark.parametrize(
    ("length", "status"),
    [("9" * 5000, 413), (str(1 << 40), 413), ("-1", 400), ("1_0", 400), ("\xb2", 400), ("x", 400)],
)
def test_a_length_that_is_claimed_is_not_trusted_with_memory(length: str, status: int) -> None:
    with serve(in_memory(_echo)) as url:
        client = HTTPConnection(url.removeprefix("http://"))
        client.putrequest("POST", "/")
        client.putheader("Content-Length", length)
        client.endheaders()
        assert client.getresponse().status == status
        client.close()


def test_chunked_requests_are_read_whole() -> None:
    with serve(in_memory(_echo)) as url:
        client = HTTPConnection(url.removeprefix("http://"))
        client.request("POST", "/", iter([b"ab", b"cd"]), encode_chunked=True)
        assert b"b'abcd'" in client.getresponse().read()
        client.close()


def test_long_answers_are_compressed_where_accepted(url: str) -> None:
    client = HTTPConnection(url.removeprefix("http://"))
    client.request("GET", "/api/server/about", headers={"Accept-Encoding": "gzip"})
    answer = client.getresponse()
    assert (answer.getheader("Content-Encoding"), answer.read()[:2]) == ("gzip", b"\x1f\x8b")
    client.close()


def test_a_port_that_is_taken_or_that_is_none_is_said(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = int(url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"), serve(in_memory(_echo), port=taken):
        pass
    for port in (-1, 65536, 99999):
        with pytest.raises(ValueError, match="no port"), serve(in_memory(_echo), port=port):
            pass
        assert main([f"--port={port}"]) == 1
        assert f"cannot serve: {port} is no port" in capsys.readouterr().err
    assert main(["--port", str(taken)]) == 1
    assert "cannot serve: " in capsys.readouterr().err


def test_the_command_serves_and_prints_a_login_and_a_token() -> None:
    command = [sys.executable, "-m", "cvatfn.testing.sandbox", "--password", "let-me-in"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        assert process.stdout is not None
        url, _, said = process.stdout.readline().strip().partition("  ")
        what, _, token = process.stdout.readline().strip().partition(": ")
        try:
            assert said == "username: admin  password: let-me-in"
            assert what == "access token"
            with connect(url) as transport:
                session = login(transport, username="admin", password="let-me-in").unwrap()
            with connect(url, auth=session) as transport:
                me = call(transport, users.retrieve_self).unwrap()
            assert isinstance(me, models.User)
            assert me.is_superuser
            with connect(url, auth=AccessToken(token)) as transport:
                assert call(transport, users.retrieve_self).unwrap() == me
        finally:
            process.terminate()


def test_the_demo_leaves_a_dataset_and_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo.main(tmp_path / "new") == 0
    told = capsys.readouterr().out
    assert "call(cvat, tasks.create," in told
    assert "404: No Task matches the given query." in told
    assert len(re.findall("━+ [0-9.]+/[0-9.]+ kB", told)) == 2
    with Image.open(tmp_path / "new" / "annotated.png") as shown:
        assert shown.size == (1280, 800)
    with ZipFile(tmp_path / "new" / "shapes.zip") as archive:
        assert len(archive.namelist()) == 4


def test_the_demo_says_what_went_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert demo.main(tmp_path / "file") == 1
    assert "cannot run here" in capsys.readouterr().err
    with pytest.raises(CallFailed):
        demo.main_job("http://127.0.0.1:1", tmp_path / "shapes.zip")

    def nobody_there(_url: str, _zipped: Path) -> None:
        demo.Teller()(demo.log_in, "http://127.0.0.1:1")
        raise AssertionError("somebody answered")

    monkeypatch.setattr(demo, "main_job", nobody_there)
    assert demo.main(tmp_path) == 1
    assert "stopped here" in capsys.readouterr().err


def test_who_may_not_log_in_is_not_who_a_server_is_served_for() -> None:
    world = World.with_user("locked", "x").joined("ann", "y")
    locked = evolve(world.accounts[1], is_active=False)
    world = evolve(world, accounts={**world.accounts, 1: locked})
    with serving(world) as server:
        assert server.username == "ann"


def test_names_of_files_stay_inside_and_are_there_once(admin: Transport) -> None:
    files = [picture("../../x.png"), picture("a.png"), picture("a.png", (7, 8))]
    task = make_task(admin, files)
    meta = call(admin, tasks.retrieve_data_meta, task.id).unwrap()
    assert [(frame.name, frame.width) for frame in meta.frames or ()] == [
        ("a.png", 7),
        ("x.png", 40),
    ]
