from __future__ import annotations

import subprocess
from collections.abc import Sequence
from shutil import which

import pytest
from click.shell_completion import BashComplete
from click.testing import CliRunner

from cvatfn import catalogue
from cvatfn.cli.commands import COMMANDS, COMPLETING, cvatfn
from cvatfn.cli.listing import listings
from tests.cli.kit import Echo, run


def _completed(words: Sequence[str], begun: str) -> list[str]:
    """How a command line may go on."""
    complete = BashComplete(cvatfn, {}, "cvatfn", COMPLETING)
    return [item.value for item in complete.get_completions([*words], begun)]


def test_names_of_commands_endpoints_and_listings_are_completed() -> None:
    assert _completed([], "") == [*COMMANDS]
    assert _completed(["call"], "tasks.retrieve_d") == [
        "tasks.retrieve_data",
        "tasks.retrieve_data_meta",
    ]
    assert _completed(["call"], "") == [endpoint.name for endpoint in catalogue()]
    assert _completed(["list"], "") == [*listings()]
    assert _completed(["describe"], "StorageR") == ["StorageRequest"]


def test_options_of_an_endpoint_are_completed() -> None:
    assert _completed(["call", "tasks.create"], "--se") == ["--segment-size"]
    assert _completed(["call", "tasks.create", "--name", "a"], "--assi") == ["--assignee-id"]
    assert "--filter" in _completed(["list", "tasks"], "--")


def test_values_of_lists_are_completed() -> None:
    stages = ["annotation", "validation", "acceptance"]
    assert _completed(["call", "jobs.list", "--stage"], "") == stages
    assert _completed(["call", "jobs.list", "--stage"], "v") == ["validation"]
    assert _completed(["call", "jobs.partial_update", "--null"], "ass") == ["assignee"]
    assert _completed(["list", "tasks", "--sort"], "upd") == ["updated_date"]


def test_who_is_still_typing_is_not_corrected() -> None:
    for words in (
        ["call", "nosuch"],
        ["nosuch"],
        ["call", "tasks.create", "--nosuch"],
        ["list", "x"],
    ):
        assert _completed(words, "--") is not None


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_printed(shell: str) -> None:
    result = run(Echo(), "completion", shell)
    assert result.exit_code == 0
    assert f"{COMPLETING}={shell}_complete" in result.stdout


def test_no_other_shell_is_known() -> None:
    assert run(Echo(), "completion", "tcsh").exit_code == 2


def test_a_shell_is_answered_in_place_of_a_command() -> None:
    asked = {
        COMPLETING: "bash_complete",
        "COMP_WORDS": "cvatfn call server.retrieve_a",
        "COMP_CWORD": "2",
    }
    result = CliRunner(env=asked).invoke(cvatfn, ["call"])
    assert (result.exit_code, result.stdout.split()) == (
        0,
        ["plain,server.retrieve_about", "plain,server.retrieve_annotation_formats"],
    )


@pytest.mark.skipif(which("bash") is None, reason="there is no bash")
def test_bash_reads_the_script() -> None:
    script = run(Echo(), "completion", "bash").stdout
    done = subprocess.run(["bash", "-n"], input=script, text=True, check=False)  # noqa: S607 - any bash
    assert done.returncode == 0
