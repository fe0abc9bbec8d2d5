"""`cvatfn sandbox` and `cvatfn demo`: a CVAT to try, and the main job done against it.

Rule: what they do is done by `python -m cvatfn.testing.sandbox` and `cvatfn.testing.demo`, and what
they take is what those take; here is only the way there.
"""

from __future__ import annotations

from pathlib import Path

import click

from cvatfn.cli.sections import WIDE

__all__ = ["demo", "sandbox"]


@click.command(context_settings=WIDE)
@click.option("--port", default=0, help="Where to listen; 0 for any free port.")
@click.option("--username", default="admin", help="A superuser, made unless there.")
@click.option("--password", help="Its password; one is made up unless given.")
@click.option("--seed", metavar="NAME", help="How to begin: empty, as it is, or example.")
@click.option("--load", metavar="FILE", type=click.Path(), help="Begin at a world that was saved.")
@click.option("--save", metavar="FILE", type=click.Path(), help="Save the world in the end.")
@click.option("--json", is_flag=True, help="Tell of it in one line of JSON.")
def sandbox(json: bool, **typed: object) -> None:
    """Serve a CVAT to try and to test against, on this machine, until interrupted.

    The URL, a login and an access token go to standard output.
    """
    from cvatfn.testing.sandbox.__main__ import main

    said = [f"--{name}={value}" for name, value in typed.items() if value is not None]
    arguments = [*said, "--json"] if json else said
    click.get_current_context().exit(main(arguments, name="cvatfn sandbox"))


@click.command(context_settings=WIDE)
@click.argument(
    "folder", default="demo", type=click.Path(file_okay=False, path_type=Path), metavar="[FOLDER]"
)
def demo(folder: Path) -> None:
    """Do the main job against a sandbox on this machine, and show the code of each step.

    The exported dataset and a picture of an annotated frame go to FOLDER, which is `demo` unless
    said.
    """
    from cvatfn.testing.demo import main

    click.get_current_context().exit(main(folder))
