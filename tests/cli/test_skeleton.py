from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from click.testing import CliRunner

from cvatfn.cli.commands import cvatfn
from cvatfn.cli.sessions import Session
from cvatfn.testing.sandbox import Sandbox
from cvatfn.transport import Transport


def test_an_endpoint_is_asked(sandbox: Sandbox) -> None:
    @contextmanager
    def opened(session: Session) -> Generator[Transport]:
        del session
        yield sandbox

    result = CliRunner().invoke(cvatfn, ["call", "server.retrieve_about"], obj=opened)
    assert result.exit_code == 0
    assert '"version":"2.80.0"' in result.stdout
