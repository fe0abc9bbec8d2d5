"""Versions are read and ordered; a refusal by another release says so, and no answer costs more."""

from __future__ import annotations

import json
import pickle
import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version as Oracle

from cvatfn import (
    UNSET,
    CallError,
    Endpoint,
    Failure,
    Outcome,
    Request,
    Response,
    Success,
    Transport,
    Unset,
    Version,
    call,
    catalogue,
    download,
    dumps,
    export,
    lenient,
    models,
    raw,
    server_version,
    stream,
    supports,
    unchecked,
    unvalidated,
    wait_for,
    with_response,
)
from cvatfn.api import auth, quality, tasks, users
from cvatfn.endpoints import Query, get
from cvatfn.errors import ConnectFailed, Outdated, Rejected, TransportError, Undecodable
from cvatfn.outdated import Edge, Needs, needs, outdated
from cvatfn.schedule import constant
from cvatfn.transfer import import_annotations
from cvatfn.versions import BASELINE

SCHEMA = Path(__file__).parent.parent / "schema"
LEDGER = json.loads((SCHEMA / "ledger.json").read_text(encoding="utf-8"))
RELEASES: list[str] = LEDGER["versions"]
ENDPOINTS = list(catalogue())
LATER = [each for each in ENDPOINTS if each.since and Version(each.since) > BASELINE]

NUMBERS = st.lists(st.integers(0, 99), min_size=1, max_size=4).map(lambda n: ".".join(map(str, n)))
STAGES = st.sampled_from([".dev", "a", "b", "rc", "-alpha.", "-beta.", "_rc-", ".c", "-preview"])
NUMBERED = st.tuples(STAGES, st.integers(0, 99)).map(lambda each: f"{each[0]}{each[1]}")
TEXTS = st.tuples(NUMBERS, st.just("") | NUMBERED, st.sampled_from(["", "+g12ab"])).map("".join)


def about(version: str) -> Response:
    said = models.About(name="", description="", version=version, logo_url="", subtitle="")
    return Response(200, body=dumps(said))


@frozen
class Refusing:
    """A server of some release that refuses whatever it is asked, and keeps count."""

    says: Callable[[Request], Outcome[Response, TransportError]]
    status: int = 404
    asked: list[str] = field(factory=list[str])

    @staticmethod
    def of(version: str, status: int = 404) -> Refusing:
        return Refusing(lambda _: Success(about(version)), status)

    def __call__(self, request: Request) -> Outcome[Response, TransportError]:
        self.asked.append(request.path)
        if request.path == "/api/server/about":
            return self.says(request)
        return Success(Response(self.status, {"X-Request-Id": "7f"}, b'{"detail":"No."}'))


def refused(outcome: Outcome[object, object]) -> Rejected:
    error = outcome.failure()
    assert isinstance(error, Rejected), error
    return error


# Versions


@given(TEXTS, TEXTS)
def test_versions_come_in_the_order_of_python_packages(one: str, other: str) -> None:
    ours, theirs = (Version(one), Version(other)), (_public(one), _public(other))
    assert (ours[0] < ours[1], ours[0] == ours[1]) == (
        theirs[0] < theirs[1],
        theirs[0] == theirs[1],
    )


def _public(text: str) -> Oracle:
    """Without the build, which counts for the oracle."""
    return Oracle(text.partition("+")[0])


@given(st.text() | TEXTS | st.from_regex(r"v?[0-9.]+[-._]?[a-z0-9._+-]*"))
def test_no_text_of_a_server_raises(text: str) -> None:
    version = Version.read(text)
    assert version is None or (str(version) == text and version == Version(text))


@given(TEXTS, st.sampled_from(["v{}", "{}+build.7", "V{}+0"]))
def test_the_same_version_in_other_words_is_equal(text: str, words: str) -> None:
    same = words.format(text.partition("+")[0])
    assert Version(same) == Version(text)
    assert hash(Version(same)) == hash(Version(text))


@given(TEXTS)
def test_versions_pickle(text: str) -> None:
    copy = pickle.loads(pickle.dumps(Version(text)))  # noqa: S301 - made in this line
    assert (copy, str(copy)) == (Version(text), text)


@pytest.mark.parametrize(
    "stage", ["-alpha.1", ".dev3", ".dev20250101123456", "a1", "rc2", "-beta", "-enterprise.x1"]
)
def test_what_is_on_the_way_to_a_release_comes_before_it(stage: str) -> None:
    assert Version("2.74.99") < Version(f"2.75.0{stage}") < Version("2.75.0") == Version("2.75")


def test_stages_and_their_numbers_come_in_order() -> None:
    stages = [".dev2", ".dev10", "a9", "a10", "-beta.1", "rc1", "-enterprise.2", ""]
    versions = [Version(f"2.75.0{stage}") for stage in stages]
    assert all(one < other for one, other in pairwise(versions))


def test_a_version_is_as_long_as_it_may_be_and_a_longer_one_is_told_shortly() -> None:
    assert str(Version("9" * 64)) == "9" * 64
    with pytest.raises(ValueError, match=rf"^'{'9' * 61}\.\.\.' is no version"):
        Version("9" * 65)


@pytest.mark.parametrize(
    "text", ["", "latest", "2.", "2..1", "2.7 ", "2.7\n", "\u0662.\u0667", "2.7+", "9" * 65, "2-1"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    assert Version.read(text) is None
    with pytest.raises(ValueError, match="is no version"):
        Version(text)
    with pytest.raises(ValueError, match="is no version"):
        supports(tasks.list, text)


def test_the_baseline_is_that_of_the_models() -> None:
    overrides = tomllib.loads((SCHEMA / "overrides.toml").read_text(encoding="utf-8"))
    assert str(BASELINE) == overrides["baseline"]


# What lives in a release


def lived(row: str, table: str, release: str) -> bool:
    """Whether something was in a release, by the ledger's own order of releases."""
    lives = LEDGER[table].get(row, {})
    first = RELEASES.index(lives.get("since", RELEASES[0]))
    last = RELEASES.index(lives.get("until", RELEASES[-1]))
    return first <= RELEASES.index(release) <= last


@pytest.mark.parametrize("release", RELEASES)
def test_releases_support_what_the_ledger_says(release: str) -> None:
    for endpoint in ENDPOINTS:
        row = f"{endpoint.method} {endpoint.path}"
        assert supports(endpoint, release) == lived(row, "operations", release), row
        for parameter in endpoint.parameters:
            whole = f"{row} {parameter.place}:{parameter.wire_name}"
            both = supports(endpoint, Version(release)) and supports(parameter, Version(release))
            assert both == (
                lived(row, "operations", release) and lived(whole, "parameters", release)
            ), whole


@get("/api/cats", since="2.50", until="2.60.1")
def cats(
    *,
    tail: Annotated[int | Unset, Query(since="2.55")] = UNSET,
    fur: Annotated[str | Unset, Query("coat", until="2.52")] = UNSET,
) -> models.Label: ...


@pytest.mark.parametrize(
    ("version", "there"),
    [("2.49.9", False), ("2.50.0-rc.1", False), ("2.50", True), ("2.60.1", True), ("2.61", False)],
)
def test_both_ends_belong_to_a_life(version: str, there: bool) -> None:
    assert supports(cats, version) is there


# Asking


def test_a_server_tells_its_version() -> None:
    asked = Refusing.of("2.75.0-alpha.1")
    assert server_version(asked) == Success(Version("2.75.0-alpha.1"))
    assert asked.asked == ["/api/server/about"]


@pytest.mark.parametrize("said", ["", "latest", "2.75.0 (dev)", "x" * 1000])
def test_a_version_that_is_none_is_undecodable(said: str) -> None:
    error = server_version(Refusing.of(said)).failure()
    assert isinstance(error, Undecodable)
    assert [problem.path for problem in error.problems] == ["$.version"]
    assert error.endpoint == "server.retrieve_about"
    assert len(str(error)) < 400


def test_a_server_that_does_not_answer_has_no_version() -> None:
    nobody = Refusing(lambda request: Failure(ConnectFailed(request, "nobody listens")))
    assert isinstance(server_version(nobody).failure(), ConnectFailed)


# Refusals


@given(
    endpoint=st.sampled_from(LATER),
    release=st.sampled_from(RELEASES),
    status=st.sampled_from([400, 404, 405]),
)
def test_a_refusal_by_an_older_server_says_so(
    endpoint: Endpoint[..., object], release: str, status: int
) -> None:
    server = Refusing.of(release, status)
    arguments: dict[str, Any] = {
        each.name: 1 if each.type is int else "json"
        for each in endpoint.parameters
        if each.required
    }
    if endpoint.body is not None:
        arguments[endpoint.body.name] = {}
    error = refused(call(server, unvalidated(endpoint), **arguments))
    older = not supports(endpoint, release)
    assert (error.outdated is not None) is older
    told = f": needs CVAT {endpoint.since}, the server is {release}"
    assert str(error).endswith(told) is older
    assert server.asked[1:] == ["/api/server/about"]
    assert pickle.loads(pickle.dumps(error)) == error  # noqa: S301 - made in this line


def test_a_parameter_that_the_server_does_not_know_is_named() -> None:
    endpoint = tasks.create_annotations
    old = Refusing.of("2.40.1", 400)
    error = refused(call(old, endpoint, 1, format="COCO 1.0", import_mode="append"))
    assert error.outdated == Outdated("2.65.0", "2.40.1", "import_mode")
    assert str(error) == (
        "tasks.create_annotations (POST /api/tasks/1/annotations/): 400: No. "
        "[request id 7f]: `import_mode` needs CVAT 2.65.0, the server is 2.40.1"
    )


def test_a_parameter_that_travels_as_a_header_is_named() -> None:
    error = refused(call(Refusing.of("2.41.0"), tasks.retrieve_preview, 1, prefer="x"))
    assert error.outdated == Outdated("2.67.0", "2.41.0", "prefer")


def test_the_newest_need_counts() -> None:
    tokens = call(Refusing.of("2.48.1"), auth.list_access_tokens, read_only=True)
    assert refused(tokens).outdated == Outdated("2.65.0", "2.48.1", "read_only")
    label = call(Refusing.of("2.40.1"), cats, tail=1, fur="long")
    assert refused(label).outdated == Outdated("2.55", "2.40.1", "tail")


def test_what_is_gone_is_told_too() -> None:
    assert refused(call(Refusing.of("2.80.0"), cats)).outdated == Outdated(
        "2.60.1", "2.80.0", gone=True
    )
    error = refused(call(Refusing.of("2.80.0"), cats, fur="long"))
    assert str(error).endswith(": `fur` needs CVAT 2.52 or older, the server is 2.80.0")


QUICK = constant(1, attempts=5)
IDLE: list[Callable[[Transport], object]] = [
    lambda server: call(server, tasks.retrieve, 1),  # as old as the baseline
    lambda server: call(server, quality.list_reports, project_id=1),  # since 2.37
    lambda server: call(server, tasks.create_annotations, 1, format="COCO 1.0"),  # not given
    lambda server: call(server, users.retrieve, 1, org=UNSET),  # nor this
    lambda server: call(server, unchecked(auth.list_access_tokens)),
    lambda server: wait_for(server, "r", schedule=QUICK, sleep=lambda _: None),
]


@pytest.mark.parametrize("ask", IDLE)
def test_no_version_is_asked_for_where_it_cannot_matter(
    ask: Callable[[Transport], object],
) -> None:
    server = Refusing.of("2.40.1")
    ask(server)
    assert "/api/server/about" not in server.asked


@pytest.mark.parametrize("status", [401, 403, 406, 409, 429, 500, 503, 302])
def test_no_other_refusal_asks_for_a_version(status: int) -> None:
    server = Refusing.of("2.40.1", status)
    assert isinstance(call(server, auth.list_access_tokens), Failure)
    assert server.asked == ["/api/auth/access_tokens"]


UNTOLD: list[Callable[[Request], Outcome[Response, TransportError]]] = [
    lambda request: Failure(ConnectFailed(request, "nobody listens")),
    lambda _: Success(Response(404)),
    lambda _: Success(about("latest")),
    lambda _: Success(about("2.80.0")),
    lambda _: Success(Response(200, body=b"<html>")),
]


@pytest.mark.parametrize("says", UNTOLD)
def test_an_error_stays_as_it_was_unless_the_version_explains_it(
    says: Callable[[Request], Outcome[Response, TransportError]],
) -> None:
    error = refused(call(Refusing(says), auth.list_access_tokens))
    assert error.outdated is None
    assert str(error).endswith("404: No. [request id 7f]")


@pytest.mark.parametrize("form", [raw, lenient, with_response])
def test_every_way_of_reading_an_answer_explains_its_refusal(
    form: Callable[[Endpoint[..., object]], Endpoint[..., object]],
) -> None:
    outcome: Outcome[object, CallError] = call(Refusing.of("2.40.1"), form(auth.list_access_tokens))
    assert refused(outcome).outdated == Outdated("2.48.1", "2.40.1")


def test_transfers_explain_their_refusals(tmp_path: Path) -> None:
    server = Refusing.of("2.40.1")
    to = tmp_path / "file"
    to_come = tmp_path / "annotations.xml"
    to_come.write_bytes(b"<annotations/>")
    outcomes: list[Outcome[object, object]] = [
        download(server, tasks.retrieve_preview, to, 1, prefer="handling=empty"),
        stream(server, tasks.retrieve_preview, 1, prefer="handling=empty"),
        export(server, tasks.create_backup_export, to, 1, lightweight=True),
        import_annotations(
            server, tasks.create_annotations, to_come, 1, format="CVAT 1.1", import_mode="append"
        ),
    ]
    told = [refused(outcome).outdated for outcome in outcomes]
    assert [each and each.parameter for each in told] == [
        "prefer",
        "prefer",
        "lightweight",
        "import_mode",
    ]
    assert server.asked.count("/api/server/about") == len(outcomes)


# The decision, pure


EDGES = st.none() | st.builds(Edge, st.sampled_from(RELEASES).map(Version), st.none() | st.text())


@given(since=EDGES, until=EDGES, release=st.sampled_from(RELEASES))
def test_a_server_is_outdated_only_outside_of_what_is_needed(
    since: Edge | None, until: Edge | None, release: str
) -> None:
    server = Version(release)
    early = since is not None and server < since.release
    late = until is not None and until.release < server
    found = outdated(Needs(since, until), server)
    assert (found is not None) == (early or late)
    if found is not None:
        assert (found.gone, found.server) == (not early, release)
        assert f"the server is {release}" in str(found)


@given(endpoint=st.sampled_from(ENDPOINTS), data=st.data())
def test_more_parameters_never_need_less(
    endpoint: Endpoint[..., object], data: st.DataObject
) -> None:
    names = [each.name for each in endpoint.parameters]
    some = data.draw(st.lists(st.sampled_from(names))) if names else []
    few, all_ = needs(endpoint, some), needs(endpoint, names)
    for release in RELEASES:
        if outdated(few, Version(release)) is not None:
            assert outdated(all_, Version(release)) is not None
