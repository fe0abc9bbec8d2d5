"""What an import loads is promised, since it is what an import costs.

Each test asks a fresh interpreter, as the modules of this one are loaded already.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

SLOW = ("cattr", "cattrs", "urllib3")


def _loaded_by(code: str) -> list[str]:
    # The working directory is on the path, so that a checkout that is not installed is tested too.
    command = [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    return done.stdout.split()


def _slow(loaded: list[str]) -> list[str]:
    return [name for name in loaded if name.partition(".")[0] in SLOW]


def _areas(loaded: list[str]) -> list[str]:
    return [name for name in loaded if name.startswith("cvatfn.models.")]


@pytest.mark.parametrize(
    "code",
    [
        "import cvatfn; from cvatfn.api import tasks",
        "from cvatfn.api import jobs; jobs.retrieve",
        "import cvatfn.models",
    ],
)
def test_loads_no_slow_library_and_no_models(code: str) -> None:
    loaded = _loaded_by(code)
    assert "cvatfn" in loaded
    assert _slow(loaded) == []
    assert _areas(loaded) == []


def test_endpoints_are_declared_without_their_models() -> None:
    loaded = _loaded_by("from cvatfn.api import tasks; tasks.retrieve.name, tasks.retrieve.path")
    assert "cvatfn.api.tasks" in loaded
    assert _areas(loaded) == []


def test_calling_loads_no_slow_library() -> None:
    loaded = _loaded_by("from cvatfn import call")
    assert "cvatfn.calling" in loaded
    assert _slow(loaded) == []


def test_a_model_loads_its_own_area_and_what_that_needs() -> None:
    loaded = _loaded_by("from cvatfn.models import About")
    assert _areas(loaded) == ["cvatfn.models.server"]
    assert _slow(loaded) == []


def test_filters_are_imported_by_those_who_take_some() -> None:
    calling = (
        "from cvatfn import call, prepare; from cvatfn.api import tasks; import cvatfn.filters"
    )
    for code in (calling, f"{calling}; prepare(tasks.retrieve, 1)"):
        assert [name for name in _loaded_by(code) if name.startswith("cvatfn.filters.")] == []
    loaded = _loaded_by(f"{calling}; prepare(tasks.list, filter=cvatfn.filters.Tasks.id == 1)")
    assert "cvatfn.filters.listings" in loaded
    assert _slow(loaded) == []


def test_a_whole_call_needs_no_cattrs() -> None:
    loaded = _loaded_by(
        "from cvatfn import Response, call, in_memory; from cvatfn.api import tasks; "
        "call(in_memory(lambda request: Response(404)), tasks.retrieve, 1).failure()"
    )
    assert _slow(loaded) == []


LOOPS = ("anyio", "asyncio", "httpcore2", "httpx2", "trio")


@pytest.mark.parametrize(
    "code",
    [
        "import cvatfn, cvatfn.aio",
        "from cvatfn import call, connect, paginate, prefetching, upload_data, wait_all",
        "from cvatfn.transport import *; from cvatfn.transfer import download, export",
    ],
)
def test_event_loops_are_for_those_who_have_one(code: str) -> None:
    loaded = _loaded_by(code)
    assert [name for name in loaded if name in LOOPS] == []


EXTRAS = ("av", "hypothesis", "PIL", "pypdfium2", "pytest", "rich", "werkzeug")


def test_the_testing_kit_loads_what_its_extras_bring_when_that_is_used() -> None:
    loaded = _loaded_by(
        "import cvatfn.testing.strategies, cvatfn.testing.conformance, cvatfn.testing.sandbox as s;"
        "[getattr(s, name) for name in s.__all__];"
        "[getattr(cvatfn.testing.conformance, name) for name in cvatfn.testing.conformance.__all__]"
    )
    assert "cvatfn.testing.sandbox.stepping" in loaded
    assert [name for name in loaded if name in EXTRAS] == []


@pytest.mark.parametrize(
    ("missing", "extra", "code"),
    [
        ("anyio", "async", "from cvatfn.aio import call"),
        ("httpcore2", "async", "from cvatfn.aio import connect_async"),
        ("hypothesis", "testing", "from cvatfn.testing.strategies import models"),
        ("PIL", "sandbox", "from cvatfn.testing.sandbox import example_world; example_world()"),
        ("PIL", "sandbox", "from cvatfn.testing.pictures import painted"),
        (
            "werkzeug",
            "sandbox",
            "from cvatfn.testing.sandbox import *; serving(World.with_user('a', 'b')).__enter__()",
        ),
    ],
)
def test_who_lacks_an_extra_is_told_its_name(missing: str, extra: str, code: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; {code}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)  # noqa: S603
    *_, said = done.stderr.splitlines()
    assert said.startswith("ImportError: ")
    assert said.endswith(f"install `cvatfn[{extra}]`")


TYPED = ("click", "keyring", "rich")


@pytest.mark.parametrize(
    "code",
    [
        "import cvatfn; from cvatfn.api import tasks",
        "from cvatfn import call, connect, paginate, upload_data, wait_all",
    ],
)
def test_what_commands_need_is_for_those_who_type_them(code: str) -> None:
    loaded = _loaded_by(code)
    assert [name for name in loaded if name in TYPED or name.startswith("cvatfn.cli")] == []


def test_a_help_loads_no_endpoint_no_model_and_no_slow_library() -> None:
    loaded = _loaded_by("from cvatfn.cli.app import main; main(['--help'])")
    assert "cvatfn.cli.commands" in loaded
    heavy = ("attr", "keyring", "msgspec", "returns", "rich", *SLOW)
    assert [name for name in loaded if name.partition(".")[0] in heavy] == []
    assert [name for name in loaded if name.startswith(("cvatfn.api", "cvatfn.models"))] == []
