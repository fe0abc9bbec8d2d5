"""The commands there are, by name: each is imported when it is run.

Rule: the table says all that `--help` shows, so that nobody waits for what is not used. Whatever
ends a command ends it here, with a code of `cvatfn.cli.exits`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Final, NamedTuple, NoReturn

import click
from click.shell_completion import shell_complete

from cvatfn import __version__
from cvatfn.cli.directories import Directory
from cvatfn.cli.exits import MEANINGS, Exit, Stopped, told
from cvatfn.cli.sections import WIDE

__all__ = ["COMMANDS", "COMPLETING", "Lazy", "cvatfn", "run"]


COMPLETING: Final = "_CVATFN_COMPLETE"
"""Where a shell says that it wants to know how a command line may go on."""


class Lazy(NamedTuple):
    """A command that is not imported yet; as light as it can be, for everybody pays for it.

    :param home: module and attribute, such as `cvatfn.cli.calling:call`.
    :param help: what it does, in a line.
    """

    home: str
    help: str

    def found(self) -> click.Command:
        """The command itself."""
        module, _, name = self.home.partition(":")
        command: object = getattr(import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.home} is no command")
        return command


COMMANDS: Final[Mapping[str, Lazy]] = {
    "call": Lazy("cvatfn.cli.calling:call", "Ask any endpoint."),
    "list": Lazy("cvatfn.cli.listing:list_", "List tasks, jobs, and all there are many of."),
    "describe": Lazy("cvatfn.cli.describing:describe", "Say what endpoints take and answer."),
    "login": Lazy("cvatfn.cli.accounts:login", "Log in to a server, and keep the login."),
    "logout": Lazy("cvatfn.cli.accounts:logout", "Revoke and forget a login."),
    "whoami": Lazy("cvatfn.cli.accounts:whoami", "Ask the server who this is."),
    "hosts": Lazy("cvatfn.cli.accounts:hosts", "List the servers that a login is kept to."),
    "upload": Lazy("cvatfn.cli.uploads:upload", "Make a task of images, videos or archives."),
    "download": Lazy("cvatfn.cli.downloads:download", "Fetch frames, chunks, backups, results."),
    "export": Lazy("cvatfn.cli.exports:export", "Have a dataset made, and fetch it."),
    "import": Lazy("cvatfn.cli.imports:import_", "Bring in annotations, datasets, backups."),
    "wait": Lazy("cvatfn.cli.waits:wait", "Wait until the server's work is over."),
    "sandbox": Lazy("cvatfn.cli.serving:sandbox", "Serve a CVAT to try, on this machine."),
    "demo": Lazy("cvatfn.cli.serving:demo", "See the main job done against a sandbox."),
    "completion": Lazy("cvatfn.cli.completing:completion", "Have a shell complete all this."),
}


class Commands(Directory):
    """The outermost group: it ends the process with the code that tells what it came to."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The table of exit codes."""
        del ctx
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code.value), said) for code, said in MEANINGS.items()])

    def main(  # type: ignore[override]  # click's own overloads say when it returns; this never does
        self,
        args: Sequence[str] | None = None,
        **extra: object,
    ) -> NoReturn:
        """Run, and leave with the code that tells what it came to."""
        sys.exit(self.ended(sys.argv[1:] if args is None else args, extra.get("obj")))

    def ended(self, args: Sequence[str], obj: object = None) -> int:
        """Run, and say what it came to.

        :param args: what was typed.
        :param obj: what stands in for the world, in tests.
        """
        try:
            if asked := os.environ.get(COMPLETING):
                return shell_complete(self, {"obj": obj}, "cvatfn", COMPLETING, asked)
            with self.make_context("cvatfn", [*args], obj=obj) as context:
                self.invoke(context)
                sys.stdout.flush()
        except click.exceptions.Exit as left:
            return left.exit_code
        except (KeyboardInterrupt, click.Abort):
            return Exit.INTERRUPTED
        except BrokenPipeError:
            _silence()
            return Exit.READER_GONE
        except (click.ClickException, Stopped) as error:
            return told(error, as_json=not _FOR_PROGRAMS.isdisjoint(args))
        return Exit.DONE


def _made(name: str) -> click.Command | None:
    lazy = COMMANDS.get(name)
    return None if lazy is None else lazy.found()


def _entries() -> Mapping[str, str]:
    return {name: lazy.help for name, lazy in COMMANDS.items()}


@click.group(cls=Commands, entries=_entries, make=_made, context_settings=dict(WIDE))
@click.version_option(__version__, message="%(prog)s %(version)s")
def cvatfn() -> None:
    """Work with CVAT from a shell."""


def run(arguments: Sequence[str]) -> int:
    """Run the command line.

    :param arguments: what was typed behind `cvatfn`.
    :returns: the exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may know few letters
            stream.reconfigure(errors="backslashreplace")
    return cvatfn.ended(arguments)


_FOR_PROGRAMS: Final = frozenset({"--json", "--jsonl"})
"""Looked for in what was typed, as a command line that is wrong is not read to its end."""


def _silence() -> None:
    """Have what is still to be written go nowhere: Python would tell of the broken pipe at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
