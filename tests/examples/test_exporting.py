"""The example: every completed job is exported, and a failure of one does not end the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from cvatfn import Outcome, Request, Response, call
from cvatfn.api import jobs
from cvatfn.errors import Rejected, TransportError
from cvatfn.outcome import Failure, Success
from examples.exporting import NoFile, export_completed, main
from tests.examples.conftest import Server
from tests.sandbox.kit import make_task, picture

FORMAT = "COCO 1.0"


def _completed(server: Server) -> list[int]:
    """Two tasks of two jobs each; the first job of each is not completed."""
    done: list[int] = []
    for _ in range(2):
        task = make_task(server.cvat, [picture("1.png"), picture("2.png")], segment_size=1)
        listed = call(server.cvat, jobs.list, task_id=task.id, sort="id").unwrap().results
        call(server.cvat, jobs.partial_update, listed[1].id, {"state": "completed"}).unwrap()
        done.append(listed[1].id)
    return done


def test_every_completed_job_is_exported(server: Server, tmp_path: Path) -> None:
    done = _completed(server)
    shown: list[str] = []
    made = export_completed(
        server.cvat, FORMAT, tmp_path, lambda request: shown.append(request.status.value)
    ).unwrap()
    assert sorted(made) == sorted(done)
    assert all(outcome.unwrap().is_file() for outcome in made.values())
    assert len(list(tmp_path.iterdir())) == 2
    assert shown.count("finished") == 2


def test_a_failure_of_one_does_not_end_the_others(server: Server, tmp_path: Path) -> None:
    first, second = _completed(server)

    def send(request: Request) -> Outcome[Response, TransportError]:
        if request.path == f"/api/jobs/{first}/dataset/export":
            return Success(Response(403, body=b'{"detail":"Not yours."}'))
        return server.cvat(request)

    made = export_completed(send, FORMAT, tmp_path).unwrap()
    error = made[first].failure()
    assert isinstance(error, Rejected)
    assert error.detail == "Not yours."
    assert made[second].unwrap().is_file()


def test_an_export_that_goes_elsewhere_is_told(server: Server, tmp_path: Path) -> None:
    done = _completed(server)

    def send(request: Request) -> Outcome[Response, TransportError]:
        match server.cvat(request):
            case Success(response) if request.path.startswith("/api/requests"):
                body = response.body.replace(b'"result_url":"', b'"result_url":null,"was":"')
                return Success(evolve(response, body=body))
            case outcome:
                return outcome

    made = export_completed(send, FORMAT, tmp_path).unwrap()
    assert made == {job: Failure(NoFile(job)) for job in done}


def test_the_program(server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(server.url, server.token, FORMAT, str(tmp_path / "none")) == 0
    done = _completed(server)
    assert main(server.url, server.token, FORMAT, str(tmp_path / "datasets")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.partition(":")[0] for line in lines) == [f"job {job}" for job in done]
    assert main(server.url, server.token, "Nonsense", str(tmp_path / "datasets")) == 1
    assert "Nonsense" in capsys.readouterr().err
    assert main(server.url, "wrong", FORMAT, str(tmp_path / "datasets")) == 1
