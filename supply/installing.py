"""Installs what was built where nothing else is, and asks it for what it promises.

Each place is a virtual environment outside of the tree, with the wheel, one extra at most, and what
those need in the versions that are locked. Rule: an extra alone does what it is for, and without
any the core works, and says of the rest which extra brings it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

from cvatfn import call, connect
from cvatfn.api import auth, tasks
from cvatfn.auth import Basic
from cvatfn.testing.sandbox import Sandbox, World, serve
from supply.wanted import LOCKS, ROOT, pins

__all__ = [
    "PROGRAMS",
    "Place",
    "core_works",
    "extra_works",
    "installed",
    "sources_pass",
    "types_are_known",
]

PROGRAMS: Mapping[str, str] = {
    "async": """
import asyncio
from cvatfn import Response
from cvatfn.aio import call, connect_async, in_memory
from cvatfn.api import tasks
connect_async("https://cvat.example")
asyncio.run(call(in_memory(lambda request: Response(404)), tasks.retrieve, 1)).failure()
""",
    "cli": """
import sys
from cvatfn.cli.app import main
sys.exit(main(["describe", "tasks.retrieve"]))
""",
    "images": """
from cvatfn.transfer.pictures import image
image(b"GIF89a").failure()
""",
    "progress": """
from cvatfn.transfer import rich_progress, tqdm_progress
rich_progress(), tqdm_progress()
""",
    "sandbox": """
from cvatfn import call, connect
from cvatfn.api import tasks
from cvatfn.testing.sandbox import example_world, first_login, serving
world = example_world()
with serving(world) as server, connect(server.url, auth=first_login(world)) as transport:
    call(transport, tasks.list).unwrap().results[0]
""",
    "testing": """
from cvatfn.testing.strategies import calls
from cvatfn.testing.conformance import run
from cvatfn.api import tasks
from hypothesis import find
find(calls([tasks.retrieve]), lambda call: True).request.unwrap()
""",
}
"""What each extra is for, as a program that needs it and nothing that it does not bring."""


@frozen
class Place:
    """Where something is installed.

    :param folder: the virtual environment
    """

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run its interpreter, away from the tree and from what the caller's environment says."""
        return _run([str(self.python), *arguments], self.folder)


def _run(command: list[str], where: Path, **more: str) -> subprocess.CompletedProcess[str]:
    told = ("MAKE", "MFLAGS", "PYTHON", "VIRTUAL_ENV")  # of the caller's own environment
    environment = {name: said for name, said in os.environ.items() if not name.startswith(told)}
    return subprocess.run(  # noqa: S603 - our own
        command,
        cwd=where,
        env={**environment, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def _uv(*arguments: str) -> None:
    done = _run([sys.executable, "-m", "uv", "--quiet", *arguments], ROOT)
    if done.returncode:
        raise SystemExit(done.stderr)


def installed(wheel: Path, folder: Path, *extras: str) -> Place:
    """Install a wheel where nothing else is.

    :param wheel: what was built
    :param folder: where; it is made
    :param extras: with which extras
    """
    place = Place(folder / "+".join(("core", *extras)))
    bound = folder / "constraints.txt"
    bound.parent.mkdir(parents=True, exist_ok=True)
    locked = pins((LOCKS / "dev.txt").read_text(encoding="utf-8"))
    bound.write_text("\n".join(str(pin.requirement) for pin in locked), encoding="utf-8")
    _uv("venv", "--python", sys.executable, str(place.folder))
    named = f"cvatfn[{','.join(extras)}] @ {wheel.resolve().as_uri()}"
    to = ("--python", str(place.python))
    _uv("pip", "install", *to, "--constraints", str(bound), named)
    _uv("pip", "check", *to)
    return place


def core_works(place: Place, version: str) -> Iterator[str]:
    """What does not work of what needs no extra: the README's first program, above all.

    :param version: the one that it should have
    """
    asked = "from importlib.metadata import version; print(version('cvatfn'))"
    for said in (asked, "import cvatfn; print(cvatfn.__version__)"):
        told = place.run("-c", said).stdout.strip()
        if told != version:
            yield f"the version that is installed says {told}, not {version}"
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (program, *_) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    with serve(Sandbox(World.with_user("ada", "s3cret"))) as url:
        with connect(url, auth=Basic("ada", "s3cret")) as ada:
            task = call(ada, tasks.create, {"name": "cats"}).unwrap()
            made = call(ada, auth.create_access_tokens, {"name": "first", "read_only": True})
        asked = program.replace("42", "1").replace("https://cvat.example", url)
        done = place.run("-c", asked.replace('"..."', repr(str(made.unwrap().value))))
    if (done.returncode, done.stdout) != (0, f"{task.name} {task.size}\n"):
        yield f"the README's first program says {done.stdout or done.stderr}"


def extra_works(place: Place, bare: Place, extra: str) -> Iterator[str]:
    """What an extra promises and does not hold, where it is installed alone.

    :param place: where it is installed
    :param bare: where no extra is
    """
    program = PROGRAMS.get(extra)
    if program is None:
        yield f"{extra}: nobody has written down in `PROGRAMS` what it is for"
        return
    done = place.run("-c", program)
    if done.returncode:
        yield f"{extra}: {_last(done.stderr)}"
    without = bare.run("-c", program)
    lacking = _last(without.stderr)
    if not without.returncode or f"install `cvatfn[{extra}]`" not in lacking:
        yield f"{extra}: whoever lacks it is not told its name: {lacking or 'nothing fails'}"


def _last(text: str) -> str:
    return text.strip().rpartition("\n")[2]


def types_are_known(place: Place) -> Iterator[str]:
    """What of the installed package's own has a type that checkers have to guess.

    A type that a dependency leaves open is not ours to close: `returns` does not type itself whole.
    """
    tools = Path(sys.executable).parent
    done = _run(
        [str(tools / "pyright"), "--verifytypes", "cvatfn", "--ignoreexternal"],
        place.folder,
        PATH=os.pathsep.join((str(place.folder / "bin"), os.environ["PATH"])),
        VIRTUAL_ENV=str(place.folder),
    )
    score = re.search(r"^Type completeness score: (.*)$", done.stdout, re.MULTILINE)
    counted = re.search(r"^Symbols exported by .*: (\d+)$", done.stdout, re.MULTILINE)
    print(f"verified types: {score and score[1]} of {counted and counted[1]} symbols")
    if done.returncode or score is None or score[1] != "100%" or counted is None:
        yield done.stdout.strip() or done.stderr.strip()


def sources_pass(archive: Path, folder: Path, tests: Iterable[str], profile: str) -> Iterator[str]:
    """What fails where nothing but the source archive is: its tests, in an environment of its own.

    :param archive: what was built
    :param folder: where to unpack it; outside of any repository
    :param tests: which tests; all of them, where none is named
    :param profile: Hypothesis' profile
    """
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (tree,) = (each for each in folder.iterdir() if (each / "PKG-INFO").exists())
    place = Place(tree / ".venv")
    to = ("--python", str(place.python))
    _uv("venv", "--python", sys.executable, str(place.folder))
    lock = str(tree / "requirements" / "dev.txt")
    _uv("pip", "install", *to, "--no-deps", "--require-hashes", "--requirement", lock)
    _uv("pip", "install", *to, "--no-deps", "--no-build-isolation", "--editable", str(tree))
    for stamp in (".dev", ".sandbox"):
        (place.folder / stamp).touch()
    done = _run(["make", "test", f"PROFILE={profile}", f"TESTS={' '.join(tests)}"], tree)
    print(*done.stdout.strip().splitlines()[-1:])
    if done.returncode:
        yield f"{archive.name}: its tests fail: {done.stdout[-4000:]}{done.stderr[-1000:]}"
