"""The pytest plugin: what its fixtures give, what they cost, and that others come first."""

from __future__ import annotations

import importlib.util
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = "pytester"

ROOT = Path(__file__).parent.parent.parent
MODULE = "cvatfn.testing.pytest_plugin"
USES = """
    from __future__ import annotations

    from cvatfn import call, connect
    from cvatfn.api import tasks, users
    from cvatfn.auth import AccessToken, Basic
    from cvatfn.testing.sandbox import Sandbox, SandboxServer, World

    def test_in_memory(sandbox: Sandbox) -> None:
        made = call(sandbox, tasks.create, {"name": "cats"}).unwrap()
        assert sandbox.world.tasks[made.id].name == "cats"

    def test_each_has_a_world_of_its_own(sandbox: Sandbox, sandbox_world: World) -> None:
        assert not sandbox.world.tasks
        assert sandbox.world is sandbox_world

    def test_over_http(sandbox_server: SandboxServer) -> None:
        for login in (
            AccessToken(sandbox_server.token),
            Basic(sandbox_server.username, sandbox_server.password),
        ):
            with connect(sandbox_server.url, auth=login) as cvat:
                assert call(cvat, users.retrieve_self).unwrap().username == "admin"
        with connect(sandbox_server.url) as nobody:
            assert "401" in str(call(nobody, tasks.list).failure())
        assert sandbox_server.password not in repr(sandbox_server)
        assert sandbox_server.token not in repr(sandbox_server)
        assert sandbox_server.sandbox.world.accounts
"""


def _arguments() -> list[str]:
    """How to load the plugin: by itself where cvatfn was installed since it has one."""
    found = entry_points(group="pytest11", name="cvatfn")
    return ["-p", "no:randomly", *([] if found else ["-p", MODULE])]


def test_the_plugin_is_found_by_itself() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"cvatfn": MODULE}
    for point in entry_points(group="pytest11", name="cvatfn"):
        assert point.value == MODULE


def test_its_fixtures_give_sandboxes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(USES)
    pytester.runpytest_inprocess("-W", "error", *_arguments()).assert_outcomes(passed=3)


@pytest.mark.skipif(
    importlib.util.find_spec("xdist") is None, reason="pytest-xdist is not installed"
)
def test_its_fixtures_work_in_processes_side_by_side(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(USES)
    pytester.runpytest_subprocess("-n", "2", *_arguments()).assert_outcomes(passed=3)


def test_a_test_says_where_its_world_begins(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from cvatfn import call
        from cvatfn.api import tasks, users
        from cvatfn.testing.sandbox import World, example_world

        @pytest.fixture
        def sandbox_world():
            return World.empty().joined("ann", "x").joined("zoe", "y", is_superuser=True)

        def test_the_first_superuser_is_logged_in(sandbox):
            assert call(sandbox, users.retrieve_self).unwrap().username == "zoe"

        class TestExample:
            @pytest.fixture
            def sandbox_world(self):
                return example_world()

            def test_tasks_are_there(self, sandbox, sandbox_server):
                assert call(sandbox, tasks.list).unwrap().count == 2
                assert sandbox_server.username == "admin"
        """
    )
    pytester.runpytest_inprocess(*_arguments()).assert_outcomes(passed=2)


def test_fixtures_of_the_same_names_come_first(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        """
        import pytest

        @pytest.fixture
        def sandbox():
            return "mine"
        """
    )
    pytester.makepyfile("def test_it(sandbox): assert sandbox == 'mine'")
    pytester.runpytest_inprocess(*_arguments()).assert_outcomes(passed=1)


def test_it_costs_nothing_where_it_is_not_used(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_of_it_is_imported():
            loaded = [name for name in sys.modules if name.split(".")[0] == "cvatfn"]
            assert sorted(loaded) == [
                "cvatfn", "cvatfn.forking", "cvatfn.lazily",
                "cvatfn.testing", "cvatfn.testing.pytest_plugin"
            ]
            assert not {"werkzeug", "PIL", "attrs", "msgspec"} & sys.modules.keys()
        """
    )
    others = ["-p", "no:hypothesispytest", "-p", "no:anyio"]  # what they import is not ours
    plain = [*others, "-p", "no:cacheprovider"]
    ended = pytester.runpytest_subprocess(*plain, *_arguments())
    ended.assert_outcomes(passed=1)


def test_what_is_not_installed_is_said_plainly(pytester: pytest.Pytester) -> None:
    pytester.makeconftest("import sys; sys.modules['werkzeug.serving'] = None")
    pytester.makepyfile("def test_it(sandbox_server): pass")
    ended = pytester.runpytest_subprocess(*_arguments())
    ended.assert_outcomes(errors=1)
    ended.stdout.fnmatch_lines(["*the sandbox speaks HTTP through werkzeug: install*"])
    ended.stdout.no_fnmatch_line("*another exception*")
