"""The pictures of the pages are those that the code draws."""

from __future__ import annotations

import re
from importlib import import_module
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from PIL import Image, ImageChops, ImageStat

from benchmarks.charts import FOLDER as CHARTS
from benchmarks.charts import PAGE, charts, draw, drawn
from benchmarks.measuring import Timing
from benchmarks.table import Row, Target, markdown
from handbook.floors import FLOORS, floors
from handbook.pictures import FOLDER, annotated_frame
from handbook.svg import BETWEEN

ROOT = Path(__file__).parent.parent.parent
PICTURES = sorted((ROOT / FOLDER).rglob("*.svg"))


def test_the_floors_are_those_that_the_code_draws() -> None:
    assert (ROOT / FOLDER / "floors.svg").read_text(encoding="utf-8") == floors()


def test_what_stands_on_the_floors_is_there() -> None:
    for floor in FLOORS:
        assert hasattr(import_module(floor.home), floor.name)
    named = re.findall(r"[a-z_]+", " ".join(floor.does[0] for floor in FLOORS[-2:]))
    transport = import_module("cvatfn.transport")
    assert len(named) == 8
    assert [each for each in named if not hasattr(transport, each) and each != "andbox"] == []


def test_the_annotated_frame_is_the_one_that_the_sandbox_exports() -> None:
    kept = Image.open(ROOT / FOLDER / "annotated.png").convert("RGB")
    new = Image.open(BytesIO(annotated_frame())).convert("RGB")
    assert new.size == kept.size
    # Of letters, other versions of Pillow draw the edges otherwise.
    assert max(ImageStat.Stat(ImageChops.difference(new, kept)).mean) < 1


def test_the_charts_are_those_of_the_page() -> None:
    pictures = drawn(PAGE.read_text(encoding="utf-8"))
    assert len(pictures) >= 18
    assert {
        path.name: path.read_text(encoding="utf-8") for path in CHARTS.glob("*.svg")
    } == pictures


def test_a_chart_stands_above_its_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for chart in charts(page):
        assert page.count(f"](pictures/benchmarks/{chart.file})\n\n| contender |") == 1


def test_what_the_benchmark_writes_can_be_drawn(tmp_path: Path) -> None:
    ours, theirs = Timing("cvatfn: loads", 1.19e3, 1e3), Timing("cvat-sdk: load, all", 1.24e5, 1e5)
    target = Target("cvat-sdk: load, all", "at least", 60)
    rows = [
        Row(
            "Decode: annotations, 3.3 MB", "us a shape", 1e3, ours, (theirs,), target, ("A note.",)
        ),
        Row("Peak memory: all", "MB", 1, ours, (theirs,)),
    ]
    page = markdown(rows)
    first, second = charts(page)
    assert (first.title, first.unit) == ("Decode: annotations, 3.3 MB", "us a shape")
    assert first.bars == (("cvatfn: loads", 1.19), ("cvat-sdk: load, all", 124))
    assert (second.title, second.unit) == ("Peak memory: all", "MB")
    (tmp_path / "old.svg").write_text("", encoding="utf-8")
    draw(page, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([first.file, second.file])
    assert all(f"](pictures/benchmarks/{each.file})" in page for each in (first, second))


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    for text in drawn(PAGE.read_text(encoding="utf-8")).values():
        shown = fromstring(text)  # noqa: S314 - our own
        space = "{http://www.w3.org/2000/svg}"
        wide = [float(bar.get("width", 0)) for bar in shown.iter(f"{space}rect")]
        values = [
            float(str(line.text).partition(" ")[0])
            for line in shown.iter(f"{space}text")
            if re.match(r"[\d.e+]+ \D", str(line.text)) and line.get("x") != "0"
        ]
        assert len(wide) == len(values) > 1
        most = max(range(len(values)), key=values.__getitem__)
        for length, value in zip(wide, values, strict=True):
            expected = max(wide[most] * value / values[most], 2)
            assert length == pytest.approx(expected, abs=0.11)


def _luminance(color: str) -> float:
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    """How well one color is told from another, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("ground", ["#ffffff", "#131416"])
def test_what_stands_on_the_ground_is_read_on_light_and_on_dark(ground: str) -> None:
    assert _contrast(BETWEEN, ground) >= 3.8


@pytest.mark.parametrize("picture", PICTURES, ids=[path.name for path in PICTURES])
def test_a_picture_is_read_on_either_ground_and_needs_nothing_else(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    shown = fromstring(text)  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    assert shown.findtext(f"{space}title")
    assert not re.search(r"href|url\(|@import|<script", text)
    boxes = [str(box.get("fill")) for box in shown.iter(f"{space}rect")]
    for line in shown.iter(f"{space}text"):
        color = str(line.get("fill"))
        if color == "#ffffff":  # it stands in a box
            assert min(_contrast(color, fill) for fill in boxes) >= 4.5
        else:
            assert color == BETWEEN
