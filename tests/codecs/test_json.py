"""Whatever bytes come, `loads` answers; where they do not fit, it says where."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
import weakref
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvatfn import Failure, Success, dumps, loads, models, structure
from cvatfn.codecs import native

HOSTILE = [
    b"",
    b"[" * 200_000,
    b'{"a":' * 200_000,
    b'{"id": 1e999}',
    b'{"id": NaN}',
    b'{"id": Infinity}',
    b'{"id": ' + b"9" * 10_000 + b"}",
    b'{"slug": "\xff\xfe"}',
    b'{"slug": "\\ud800"}',
    b'{"slug": "a", "slug": "b", "id": 1}',
    b'{"id": 1} trailing',
    b"\xef\xbb\xbf{}",
    b"\x00",
    b"null",
    b'"text"',
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize(
    "kind", [models.BasicOrganization, models.QualityReportSummary, tuple[models.Label, ...]]
)
def test_hostile_json_never_raises(kind: Any, body: bytes) -> None:
    match loads(kind, body):
        case Success():
            assert loads(kind, body) == loads(kind, body)
        case Failure(error):
            assert error.problems
            assert error.data == body


@given(st.binary(max_size=200))
def test_arbitrary_bytes_never_raise(body: bytes) -> None:
    loads(models.OrganizationRead, body)
    loads(int | None, body)


@given(data=st.data())
def test_truncated_json_is_a_failure(data: st.DataObject) -> None:
    whole = dumps(models.BasicOrganization(id=7, slug="cats"))
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert isinstance(loads(models.BasicOrganization, whole[:cut]), Failure)


def test_every_problem_is_named_with_its_path() -> None:
    results = b'[{"id": 1}, 5, {"id": "x", "slug": 1}]'
    body = b'{"count": "3", "next": null, "previous": null, "results": %s}' % results
    error = loads(models.Page[models.BasicOrganization], body).failure()
    assert [problem.path for problem in error.problems] == [
        "$.count",
        "$.results[0].slug",
        "$.results[1]",
        "$.results[2].id",
        "$.results[2].slug",
    ]
    assert str(error.problems[1]) == "$.results[0].slug: is missing"


def test_limits_are_named_with_their_path_too() -> None:
    body = b'{"labels": [{"name": ""}], "segment_size": -1, "name": "x"}'
    error = loads(models.TaskWriteRequest, body).failure()
    assert {str(problem) for problem in error.problems} == {
        "$.labels[0].name: is shorter than 1",
        "$.segment_size: is less than 0",
    }


def test_nothing_is_coerced() -> None:
    assert isinstance(structure(int, "5"), Failure)
    assert isinstance(structure(int, True), Failure)
    assert isinstance(structure(str, 5), Failure)
    assert isinstance(structure(float, "1.5"), Failure)
    assert isinstance(structure(bool, 1), Failure)
    assert isinstance(structure(tuple[str, ...], "abc"), Failure)


def test_unknown_fields_and_enum_values_pass() -> None:
    body = b'{"id": 3, "location": "moon", "cloud_storage_id": null, "since": "tomorrow"}'
    storage = loads(models.Storage, body).unwrap()
    assert str(storage.location) == "moon"
    assert not models.LocationEnum("moon").is_known
    assert b'"moon"' in dumps(storage)


def test_either_user_of_a_union_is_read() -> None:
    basic = b'{"url": "u", "id": 1, "username": "a", "first_name": "", "last_name": ""}'
    assert isinstance(loads(models.MetaUser, basic).unwrap(), models.BasicUser)


def test_the_answer_to_an_upload_may_be_a_file_or_an_id() -> None:
    assert loads(models.DataResponse, b'{"rq_id": "r"}') == Success(models.RqId(rq_id="r"))
    assert loads(models.DataResponse, dumps(b"abc")) == Success(b"abc")


class TestPausedCollector:
    def test_is_awake_again_after_an_exception(self) -> None:
        def fail() -> None:
            with native.paused_collector(native.LARGE):
                assert not gc.isenabled()
                raise KeyError

        with pytest.raises(KeyError):
            fail()
        assert gc.isenabled()

    def test_stays_off_where_the_program_turned_it_off(self) -> None:
        gc.disable()
        try:
            with native.paused_collector(native.LARGE):
                pass
            assert not gc.isenabled()
        finally:
            gc.enable()

    def test_the_last_of_many_threads_wakes_it(self) -> None:
        barrier = threading.Barrier(8)

        def work() -> None:
            with native.paused_collector(native.LARGE):
                barrier.wait()

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert gc.isenabled()

    def test_what_the_program_froze_stays_frozen(self) -> None:
        gc.freeze()
        try:
            frozen = gc.get_freeze_count()
            sweeps = gc.get_stats()[-1]["collections"]
            with native.paused_collector(native.UNSWEPT):
                pass
            # What is frozen may still be dropped, but thawing leaves nothing frozen.
            assert 0 < gc.get_freeze_count() <= frozen
            assert gc.get_stats()[-1]["collections"] == sweeps
        finally:
            gc.unfreeze()

    def test_what_python_freezes_itself_is_not_taken_for_what_a_program_froze(self) -> None:
        code = "import gc; print(gc.get_freeze_count()); gc.freeze(); print(gc.get_freeze_count())"
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)  # noqa: S603 - our own
        own, whole = map(int, said.stdout.split())
        assert own < native.FROZEN_AT_START < whole

    def test_one_large_body_is_no_reason_to_collect(self) -> None:
        gc.collect()
        for _ in range(3):
            sweeps = gc.get_stats()[-1]["collections"]
            with native.paused_collector(native.LARGE):
                pass
            assert gc.get_stats()[-1]["collections"] == sweeps

    def test_the_programs_own_garbage_is_collected_in_the_end(self) -> None:
        class Cycle:
            def __init__(self) -> None:
                self.me = self

        witness = weakref.ref(Cycle())
        for _ in range(3):
            with native.paused_collector(native.UNSWEPT):
                pass
        assert witness() is None

    def test_small_bodies_do_not_pause_it(self) -> None:
        with native.paused_collector(10):
            assert gc.isenabled()


@pytest.mark.parametrize("state", ["Queued", "Paused"])
def test_a_dict_becomes_the_members_that_json_becomes(state: str) -> None:
    data = {"state": state, "message": "", "progress": 0.5}
    read = structure(models.RqStatus, data).unwrap()
    assert isinstance(read.state, models.RqStatusStateEnum)
    assert read == loads(models.RqStatus, json.dumps(data).encode()).unwrap()
