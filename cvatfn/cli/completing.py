"""`cvatfn completion`: the script by which a shell asks how a command line may go on.

Rule: what is completed comes of the commands themselves, so nothing has to be kept in step: names
of commands, endpoints and listings, their options, and the values of lists.
"""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

from cvatfn.cli.commands import COMPLETING, cvatfn
from cvatfn.cli.sections import WIDE

__all__ = ["completion"]


@click.command(context_settings=WIDE)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    r"""Print the script that has a shell complete the commands of cvatfn.

    \b
    bash: cvatfn completion bash >> ~/.bashrc
    zsh:  cvatfn completion zsh >> ~/.zshrc
    fish: cvatfn completion fish > ~/.config/fish/completions/cvatfn.fish
    """
    scripts = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
    click.echo(scripts[shell](cvatfn, {}, "cvatfn", COMPLETING).source())
