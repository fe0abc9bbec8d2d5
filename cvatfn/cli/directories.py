"""Groups of commands that are made, or imported, when one of them is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import click
from click.shell_completion import CompletionItem

__all__ = ["Directory"]


class Directory(click.Group):
    """A group that knows of its commands by name, and makes them one at a time.

    :param name: what it is called.
    :param of: what it has many of, in one word.
    :param entries: what each one does, by its name.
    :param make: makes one of them; `None` where there is none of that name.
    :param settings: what any group takes.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        of: str = "command",
        entries: Callable[[], Mapping[str, str]] = dict,
        make: Callable[[str], click.Command | None] = lambda _: None,
        callback: Callable[..., object] | None = None,
        params: list[click.Parameter] | None = None,
        help: str | None = None,
        context_settings: dict[str, object] | None = None,
    ) -> None:
        super().__init__(
            name, callback=callback, params=params, help=help, context_settings=context_settings
        )
        self.of: Final = of
        self.entries: Final = entries
        self.make: Final = make
        self.subcommand_metavar: str = f"{of.upper()} [OPTIONS]"

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all."""
        del ctx
        return [*self.entries()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them."""
        del ctx
        return self.make(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The one that is meant, with what is left for it; a name that is none says what may be."""
        name, *rest = args
        command = self.get_command(ctx, name)
        if command is not None:
            return name, command, rest
        if ctx.resilient_parsing:  # somebody is still typing
            return None, None, rest
        if name.startswith("-"):
            raise click.NoSuchOption(name, ctx=ctx)
        from cvatfn.codecs.hints import did_you_mean

        hint = did_you_mean(name, self.entries())
        raise click.UsageError(f"there is no {self.of} {name!r}{hint}", ctx)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """All of them, for the help."""
        del ctx
        with formatter.section(f"{self.of.capitalize()}s"):
            formatter.write_dl([*self.entries().items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """How a name may go on."""
        found = [
            CompletionItem(name, help=about)
            for name, about in self.entries().items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]
