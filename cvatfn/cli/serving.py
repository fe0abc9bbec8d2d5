"""`cvatfn sandbox` and `cvatfn demo`: a CVAT to try, and the main job done against it.

Rule: what they take is what `python -m cvatfn.testing.sandbox` and `cvatfn.testing.demo` take; here
is only the way there.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

__all__ = ["demo", "sandbox"]

_AS_IT_IS: Final[dict[str, object]] = {"ignore_unknown_options": True, "help_option_names": []}
"""The program behind reads its own options."""


@click.command(context_settings=_AS_IT_IS, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sandbox(arguments: tuple[str, ...]) -> None:
    """Serve a CVAT to try and to test against, on this machine, until interrupted."""
    from cvatfn.testing.sandbox.__main__ import main

    click.get_current_context().exit(main(arguments, name="cvatfn sandbox"))


@click.command
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
