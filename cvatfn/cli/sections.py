"""Commands whose options stand in the help under headings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import click
from typing_extensions import override

__all__ = ["WIDE", "Sectioned", "spellings"]

WIDE: Final[dict[str, object]] = {"help_option_names": ["-h", "--help"], "max_content_width": 120}
"""Settings of every command: help as wide as it reads well."""


class Sectioned(click.Command):
    """A command made of data, with its options under headings.

    :param name: what it is called.
    :param callback: what it does.
    :param sections: the options, by heading; a heading without options is left out.
    :param help: what it does, in words.
    :param deprecated: whether it is better not used.
    """

    def __init__(
        self,
        name: str,
        callback: Callable[..., object],
        sections: Mapping[str, Sequence[click.Parameter]],
        *,
        help: str,
        deprecated: bool = False,
    ) -> None:
        parameters = [each for section in sections.values() for each in section]
        super().__init__(
            name,
            callback=callback,
            params=parameters,
            help=help,
            deprecated=deprecated,
            context_settings=dict(WIDE),
        )
        self.sections: Final = sections

    @override
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = self.get_help_option(ctx)
        for heading, parameters in self.sections.items():
            last = heading == [*self.sections][-1]
            shown = [*parameters, own] if last and own is not None else parameters
            records = [record for each in shown if (record := each.get_help_record(ctx))]
            if records:
                with formatter.section(heading):
                    formatter.write_dl(records)


def spellings(parameters: Iterable[click.Parameter]) -> frozenset[str]:
    """The names of options, without dashes, and that of the help.

    :param parameters: the options.
    """
    names = [name for each in parameters for name in (*each.opts, *each.secondary_opts)]
    return frozenset(name.lstrip("-") for name in (*names, "--help"))
