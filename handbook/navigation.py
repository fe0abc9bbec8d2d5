"""How the site is walked: its parts, in order, and what each holds.

Rule: a part whose pages are not there is left out, and a page of no part comes last, so that pages
may come and go.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from attrs import frozen

__all__ = ["PARTS", "Part", "index_of", "led_on", "toctree"]


@frozen
class Part:
    """A part of the site.

    :param title: what it is called.
    :param page: its page, or the one that leads to its pages.
    :param about: what stands on a page that only leads to others.
    """

    title: str
    page: str
    about: str = ""


PARTS: Final = (
    Part("Start", "index"),
    Part("Tutorial", "tutorial"),
    Part("How-to", "how-to/index", "One page for each thing to do, each with a program that runs."),
    Part("Coming from cvat-sdk", "coming-from-cvat-sdk"),
    Part("Operations of cvat-sdk", "operations-of-cvat-sdk"),
    Part("Command line", "command-line"),
    Part("Reference", "reference/index"),
    Part(
        "Explanations",
        "explanations/index",
        "Why it is as it is, and how its parts work together.",
    ),
    Part(
        "Decisions",
        "decisions/index",
        "A page for each choice that somebody will question: the question, what was decided, what "
        "else was looked at, and the price.",
    ),
    Part("Promises", "promises"),
    Part("Faults", "faults"),
    Part("Held to more", "held-to-more"),
    Part("Benchmarks", "benchmarks"),
    Part("Changelog", "changelog"),
    Part("Security", "security"),
    Part("Contributing", "contributing"),
    Part("Mutants", "mutants"),
)


def toctree(pages: Collection[str]) -> str:
    """The table of contents of the whole site, in Markdown.

    :param pages: the pages that there are, without their endings.

    >>> print(toctree({"index", "tutorial"}))
    ```{toctree}
    :hidden:
    Start <self>
    Tutorial <tutorial>
    ```
    """
    there = [part for part in PARTS if part.page in pages]
    lines = [f"{part.title} <{'self' if part.page == 'index' else part.page}>" for part in there]
    return "\n".join(["```{toctree}", ":hidden:", *lines, *sorted(_rest(pages)), "```"])


def index_of(part: Part, pages: Collection[str]) -> str:
    """A page that leads to the other pages of its folder, in Markdown.

    :param part: whose page it is.
    :param pages: the pages that there are.

    >>> part = Part("How-to", "how-to/index", "One page for each.")
    >>> print(index_of(part, {"how-to/log-in"}))
    # How-to
    <BLANKLINE>
    One page for each.
    <BLANKLINE>
    ```{toctree}
    :maxdepth: 1
    log-in
    ```
    """
    names = sorted(_within(part.page.removesuffix("index"), pages))
    head = [f"# {part.title}", "", part.about, "", "```{toctree}", ":maxdepth: 1"]
    return "\n".join([*head, *names, "```"])


def led_on(part: Part, text: str, pages: Collection[str]) -> str:
    """A page that somebody wrote to lead to the other pages of its folder, with their contents.

    :param part: whose page it is.
    :param text: what it says; what has contents of its own stays as it is.
    :param pages: the pages that there are.
    """
    if "{toctree}" in text:
        return text
    within = sorted(_within(part.page.removesuffix("index"), pages))
    order = {name: text.find(f"({name}.md") for name in within}  # -1 where it is not spoken of
    names = sorted(within, key=lambda name: (order[name] < 0, order[name]))
    return "\n".join([text.rstrip(), "", "```{toctree}", ":hidden:", *names, "```", ""])


def _rest(pages: Collection[str]) -> Iterator[str]:
    """The pages that belong to no part."""
    folders = tuple(part.page.removesuffix("index") for part in PARTS if part.page != "index")
    whole = {part.page for part in PARTS}
    led = tuple(folder for folder in folders if folder.endswith("/"))
    for page in pages:
        if page not in whole and not page.startswith(led):
            yield page


def _within(folder: str, pages: Collection[str]) -> Iterator[str]:
    for page in pages:
        name = page.removeprefix(folder)
        if page.startswith(folder) and "/" not in name and name != "index":
            yield name
