"""Looking over a site finds what would fail a reader without a network, or lead one nowhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.__main__ import put
from handbook.built import faults

GOOD = '<h1 id="top">Cats</h1><a href="b/c.html#here">c</a><a href="#top">up</a>'


def site(folder: Path, page: str) -> Path:
    put(
        folder,
        {"a.html": page, "b/c.html": '<p id="here"></p><a href="../a.html">a</a>', "s.css": ""},
    )
    return folder


@pytest.mark.parametrize(
    "page",
    [
        GOOD,
        '<link rel="stylesheet" href="s.css?v=1">',
        '<img src="data:image/png;base64,AA==">',
        '<a href="https://www.cvat.ai/">CVAT</a>',
        '<link rel="search" href="https://example.com/">',
    ],
)
def test_a_good_site_has_no_faults(page: str, tmp_path: Path) -> None:
    assert list(faults(site(tmp_path, page))) == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ('<script src="https://cdn.example/x.js"></script>', "needs https://cdn.example/x.js"),
        ('<link rel="stylesheet" href="//fonts.example/f.css">', "which is not here"),
        ('<img src="https://example.com/cat.png">', "which is not here"),
        ('<img src="gone.svg">', "needs gone.svg, which is nowhere"),
        ('<a href="gone.html">x</a>', "leads to gone.html, which is nowhere"),
        ('<a href="b/c.html#gone">x</a>', "there is no such place on the page"),
        ('<a href="#gone">x</a>', "there is no such place on the page"),
    ],
)
def test_a_fault_is_told_with_its_page(page: str, said: str, tmp_path: Path) -> None:
    (fault,) = faults(site(tmp_path, page))
    assert fault.page == "a.html"
    assert said in str(fault)


def test_a_style_that_asks_another_host_is_a_fault(tmp_path: Path) -> None:
    folder = site(tmp_path, GOOD)
    (folder / "s.css").write_text("@font-face { src: url(https://fonts.example/f.woff) }", "utf-8")
    (fault,) = faults(folder)
    assert fault.page == "s.css"


def test_a_site_without_pages_is_a_fault(tmp_path: Path) -> None:
    assert len(list(faults(tmp_path))) == 1


def test_a_folder_holds_what_it_is_to_hold_and_no_more(tmp_path: Path) -> None:
    put(tmp_path, {"a/b.md": "one", "c.png": b"\x89"})
    before = (tmp_path / "a" / "b.md").stat().st_mtime_ns
    put(tmp_path, {"a/b.md": "one", "d.md": "two"})
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["b.md", "d.md"]
    assert (tmp_path / "a" / "b.md").stat().st_mtime_ns == before
