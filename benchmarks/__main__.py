"""`python -m benchmarks`: measure everything in one run and print one table.

Rule: nothing is asserted about speed; the table says whether a target was met. `--write` puts it
into `docs/benchmarks.md` too, and draws the charts there.
"""

from __future__ import annotations

import argparse
import os
import platform
from importlib.metadata import version
from typing import Final

from benchmarks import asking, decoding, encoding, importing, in_flight, listing, transfers
from benchmarks.charts import FOLDER, PAGE, draw
from benchmarks.table import Row, markdown, text, written_into

MEASURED: Final = ("cvat-sdk", "attrs", "msgspec", "returns", "urllib3", "httpx2")
QUICK: Final = transfers.Sizes(large=1 << 27, pictures=200)


def main() -> None:
    """Measure, print, and write if told to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"also write docs/{PAGE.name}")
    parser.add_argument("--quick", action="store_true", help="a third of the rounds, smaller files")
    options = parser.parse_args()
    before = _surroundings()
    print(before, flush=True)
    rows = _measured(3, QUICK, 20) if options.quick else _measured(1, transfers.Sizes(), 200)
    print(f"\n{text(rows)}\n\n{_load('after')}")
    if options.write:
        told = f"{before}\n\n{markdown(rows)}"
        page = written_into(PAGE.read_text("utf-8"), told)
        PAGE.write_text(page, "utf-8")
        draw(page, FOLDER)


def _measured(part: int, sizes: transfers.Sizes, pages: int) -> tuple[Row, ...]:
    return (
        importing.imports(21 // part),
        decoding.shapes(9 // part),
        decoding.task_page(21 // part),
        encoding.shapes(9 // part),
        asking.retrieve(150 // part),
        in_flight.in_flight(5 // part),
        *listing.listings(9 // part, pages),
        *transfers.transfers(9 // part, sizes),
    )


def _surroundings() -> str:
    from cvatfn import __version__

    versions = ", ".join(f"{name} {version(name)}" for name in MEASURED)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"cvatfn {__version__}; {versions}; {python}; {machine}; {_load('before')}."


def _load(when: str) -> str:
    if not hasattr(os, "getloadavg"):
        return f"load {when}: unknown"
    return f"load {when}: {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    main()
