from __future__ import annotations

import json
from collections.abc import Iterator
from os import fspath
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cvatfn import UNSET, File, Response, catalogue, dumps, prepare
from cvatfn.api import assets
from cvatfn.cli import answering
from cvatfn.cli.calling import command_of, params_of, takes
from cvatfn.cli.options import Taken
from cvatfn.codecs.building import members
from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.files import is_path
from cvatfn.codecs.params import param_codec
from cvatfn.codecs.plain import is_array
from cvatfn.endpoints import Endpoint
from cvatfn.testing.sandbox import Sandbox
from cvatfn.testing.strategies import Call, calls
from cvatfn.transfer.streaming import streamed_request
from tests.cli.kit import Echo, objects, run

ABOUT = b'{"name":"CVAT","description":"","version":"2.80.0","logo_url":"","subtitle":""}'


def _words(asked: Call[object], folder: Path) -> tuple[list[str], Call[object]]:
    """What to type for a call, and the same call with its files in a folder."""
    taken = {(each.place == "body", each.name): each for each in takes(asked.endpoint)}
    words, params = [asked.endpoint.name], dict(asked.params)
    for name, value in asked.params.items():
        if (False, name) in taken:
            words += _of_parameter(taken[False, name], value)
    body = asked.endpoint.body
    if body is not None and body.name in params:
        fields = {key: _laid(held, folder) for key, held in members(params[body.name])}
        fields = {key: held for key, held in fields.items() if held is not UNSET}
        words += [
            word for key, held in fields.items() for word in _of_field(taken[True, key], held)
        ]
        if not fields:
            words += ["--body", "{}"]
        params[body.name] = fields
    return words, Call(asked.endpoint, params)


def _of_parameter(taken: Taken, value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield f"--{taken.flag}" if value else f"--no-{taken.flag}"
        return
    for text in param_codec(taken.type).encode(value).unwrap():
        yield f"--{taken.flag}={text}"


def _of_field(taken: Taken, value: object) -> Iterator[str]:
    if value is None:
        yield f"--null={taken.flag}"
    elif isinstance(value, bool) and taken.sort == "flag":
        yield f"--{taken.flag}" if value else f"--no-{taken.flag}"
    elif taken.sort == "scalar":
        yield from _of_parameter(taken, value)
    elif taken.sort in ("file", "files"):
        for file in value if is_array(value) else (value,):
            assert isinstance(file, File)
            assert is_path(file.content)
            yield f"--{taken.flag}={fspath(file.content)}"
        if value == ():
            yield f'--body={{"{taken.name}": []}}'
    else:
        yield f"--{taken.flag}={dumps(value).decode()}"


def _laid(value: object, folder: Path) -> object:
    """The files of a value laid into a folder; a command line has no other files."""
    if is_array(value):
        return tuple(_laid(each, folder) for each in value)
    if not isinstance(value, File):
        return value
    path = folder / f"{len([*folder.iterdir()])}.bin"
    path.write_bytes(value.content if isinstance(value.content, bytes) else b"somewhere else")
    return File(path.name, path)


def _unlisted(value: object) -> bool:
    """Whether a newer server's text is in a value: it is typed with `--unvalidated` only."""
    if isinstance(value, OpenEnum):
        return not value.is_known
    below = value if is_array(value) else [held for _, held in members(value)]
    return any(map(_unlisted, below))


@given(calls())
def test_a_call_is_the_same_request_by_command_line(asked: Call[object]) -> None:
    assume(not _unlisted(asked.params))
    with TemporaryDirectory() as folder:
        words, laid = _words(asked, Path(folder))
        echo = Echo()
        run(echo, "call", *words, "--raw")
        expected = laid.request.unwrap()
        is_file = asked.endpoint.declaration.signature.returns is bytes
        assert echo.sent == [streamed_request(expected) if is_file else expected]


@pytest.mark.parametrize("endpoint", tuple(catalogue()), ids=lambda each: each.name)
@settings(max_examples=max(1, settings().max_examples // 20))
@given(data=st.data())
def test_so_it_is_for_each_of_the_catalogue(
    endpoint: Endpoint[..., object], data: st.DataObject
) -> None:
    asked = data.draw(calls([endpoint]).filter(lambda drawn: not _unlisted(drawn.params)))
    with TemporaryDirectory() as folder:
        (name, *words), laid = _words(asked, Path(folder))
        context = command_of(endpoint).make_context(name, words)
        params = params_of(endpoint, takes(endpoint), context.params).unwrap()
        assert prepare(endpoint, **params) == laid.request


def test_what_comes_is_written_as_json(sandbox: Sandbox) -> None:
    made = run(sandbox, "call", "tasks.create", "--name", "cats", "--labels", '[{"name": "cat"}]')
    assert made.exit_code == 0
    (task,) = objects(made)
    assert task["name"] == "cats"
    found = run(sandbox, "call", "tasks.retrieve", "--id", str(task["id"]))
    assert [*objects(found)] == [task]


def test_where_nothing_is_answered_nothing_is_written(sandbox: Sandbox) -> None:
    (task,) = objects(run(sandbox, "call", "tasks.create", "--name", "cats"))
    gone = run(sandbox, "call", "tasks.destroy", "--id", str(task["id"]))
    assert (gone.exit_code, gone.output) == (0, "")
    assert task["id"] not in sandbox.world.tasks


def _body_of(*words: str, typed: bytes | None = None) -> object:
    echo = Echo()
    run(echo, "call", *words, "--raw", typed=typed)
    (sent,) = echo.sent
    assert isinstance(sent.body, bytes)
    return json.loads(sent.body)


def test_objects_come_one_by_one_or_in_a_list() -> None:
    at_once = _body_of("tasks.create", "--name=a", '--labels=[{"name":"x"},{"name":"y"}]')
    one_by_one = _body_of(
        "tasks.create", "--name=a", '--labels={"name":"x"}', '--labels={"name":"y"}'
    )
    assert at_once == one_by_one == {"name": "a", "labels": [{"name": "x"}, {"name": "y"}]}


def test_json_comes_from_a_file_or_from_stdin(tmp_path: Path) -> None:
    kept = tmp_path / "labels.json"
    kept.write_text('[{"name": "x"}]')
    expected = {"name": "a", "labels": [{"name": "x"}]}
    assert _body_of("tasks.create", "--name=a", "--labels", f"@{kept}") == expected
    assert _body_of("tasks.create", "--name=a", "--labels=-", typed=b'[{"name":"x"}]') == expected
    assert _body_of("tasks.create", "--body=-", typed=json.dumps(expected).encode()) == expected


def test_fields_come_before_what_the_whole_body_says() -> None:
    body = '{"name": "a", "subset": "Train", "overlap": 3}'
    assert _body_of("tasks.create", "--body", body, "--name=b", "--null=overlap") == {
        "name": "b",
        "subset": "Train",
        "overlap": None,
    }


def test_absent_is_not_null() -> None:
    assert _body_of("jobs.partial_update", "--id=1", "--state=new") == {"state": "new"}
    null = _body_of("jobs.partial_update", "--id=1", "--state=new", "--null=assignee")
    assert null == {"state": "new", "assignee": None}


def test_a_text_is_sent_as_it_is_typed() -> None:
    for name in ("@cats", "[1]", "-", "null", "5", " "):
        assert _body_of("tasks.create", f"--name={name}") == {"name": name}


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_sent() -> None:
    echo = Echo()
    said = run(
        echo,
        *("call", "tasks.create", "--segment-size=-1", "--overlap=x", "--labels={", "--null=name"),
        *("--labels", '[{"name": ""}]', "--null=overlpa"),
    )
    assert (said.exit_code, echo.sent, said.stdout) == (2, [], "")
    assert said.stderr.splitlines()[0] == (
        "cvatfn: tasks.create: nothing was sent, these parameters need correction:"
    )
    assert {line.split(": ")[0].strip() for line in said.stderr.splitlines()[1:]} == {
        "--labels",
        "--name",
        "--null",
        "--overlap",
        "--segment-size",
    }
    assert "did you mean 'overlap'?" in said.stderr


def test_a_problem_deep_in_a_body_has_the_name_of_its_option() -> None:
    said = run(Echo(), "call", "tasks.create", "--name=a", '--labels=[{"name":"x"},{"nmae":"y"}]')
    assert "\n  --labels[1].nmae: is no field that can be sent; did you mean 'name'?" in said.stderr


def test_what_the_whole_body_has_too_many_is_named() -> None:
    said = run(Echo(), "call", "tasks.create", "--body", '{"name": "a", "nmae": 1}')
    assert "\n  --body: $.nmae: is no field" in said.stderr


def test_a_value_is_one_of_the_list_unless_nobody_is_to_look() -> None:
    words = ("call", "jobs.list", "--stage=anotation")
    refused = run(Echo(), *words)
    assert (refused.exit_code, "did you mean 'annotation'?" in refused.stderr) == (2, True)
    echo = Echo()
    run(echo, *words, "--raw", "--unvalidated")
    assert echo.sent[0].query == (("stage", "anotation"),)


def test_a_time_without_its_zone_is_refused() -> None:
    said = run(Echo(), "call", "events.list", "--from=2026-01-01")
    assert (said.exit_code, "needs its zone" in said.stderr) == (2, True)


def test_a_single_value_is_given_once() -> None:
    said = run(Echo(), "call", "tasks.retrieve", "--id=1", "--id=2")
    assert (said.exit_code, "--id: is given more than once" in said.stderr) == (2, True)


def test_files_are_sent_as_files(tmp_path: Path) -> None:
    image = tmp_path / "cat.png"
    image.write_bytes(b"a picture")
    echo = Echo()
    words = ("call", "assets.create", "--guide-id=1", f"--file=@{image}", "--raw")
    assert run(echo, *words).exit_code == 0
    expected = prepare(assets.create, {"file": File("cat.png", image), "guide_id": 1})
    assert echo.sent == [expected.unwrap()]


@pytest.mark.parametrize("words", [("--file", "{}"), ("--guide-id=1", "--body=@{}")])
def test_a_file_that_is_not_there_ends_it(words: tuple[str, ...], tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    said = run(Echo(), "call", "assets.create", *(word.format(missing) for word in words))
    assert (said.exit_code, missing in said.stderr) == (14, True)


def test_an_unknown_endpoint_says_which_was_meant() -> None:
    said = run(Echo(), "call", "tasks.retreive", "--id=1")
    assert (said.exit_code, "did you mean 'tasks.retrieve'?" in said.stderr) == (2, True)


PICTURE = bytes(range(256))


def test_bytes_go_into_a_pipe_as_they_are() -> None:
    answered = run(Echo(Response(200, body=PICTURE)), "call", "tasks.retrieve_preview", "--id=1")
    assert answered.stdout_bytes == PICTURE


def test_bytes_never_go_to_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "on_terminal", lambda: True)
    echo = Echo(Response(200, body=PICTURE))
    said = run(echo, "call", "tasks.retrieve_preview", "--id=1")
    assert (said.exit_code, echo.sent, "--output FILE" in said.stderr) == (2, [], True)


def test_an_answer_goes_to_a_file_that_is_whole_or_not_there(tmp_path: Path) -> None:
    to = tmp_path / "cat.jpg"
    words = ("call", "tasks.retrieve_preview", "--id=1", "--output", str(to))
    refused = run(Echo(Response(404, body=b"no")), *words)
    assert (refused.exit_code, [*tmp_path.iterdir()]) == (5, [])
    assert run(Echo(Response(200, body=PICTURE)), *words).exit_code == 0
    assert to.read_bytes() == PICTURE
    again = run(Echo(Response(200, body=b"new")), *words)
    assert (again.exit_code, to.read_bytes()) == (14, PICTURE)
    assert run(Echo(Response(200, body=b"new")), *words, "--overwrite").exit_code == 0
    assert to.read_bytes() == b"new"


def test_raw_is_what_the_server_sent() -> None:
    newer = ABOUT[:-1] + b', "mood": "good"}'
    echo = Echo(Response(200, body=newer))
    assert run(echo, "call", "server.retrieve_about", "--raw").stdout_bytes == newer + b"\n"
    (read,) = objects(run(echo, "call", "server.retrieve_about"))
    assert (read["version"], "mood" in read) == ("2.80.0", False)


def test_each_request_is_told_where_somebody_wants_to_know() -> None:
    told = run(Echo(Response(200, body=ABOUT)), "call", "server.retrieve_about", "-v")
    assert told.stderr.startswith("GET /api/server/about: 200 in ")
    assert run(Echo(Response(200, body=ABOUT)), "call", "server.retrieve_about").stderr == ""


def test_what_is_told_of_a_request_has_no_secrets() -> None:
    body = '{"username": "ada", "password": "s3cret"}'
    for words in (("-v",), ("--json",)):
        refused = Echo(Response(400, body=b'{"detail": "s3cret is wrong"}'))
        said = run(refused, "call", "auth.create_login", "--body", body, *words)
        assert said.exit_code == 7
        assert "s3cret" not in said.output
