"""The harness itself: a page that lies, hides something, or is badly typed, is found out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.pages import parsed
from tests.docs.running import run
from tests.docs.typed import complaints_of_mypy, written

HONEST = """
Text.

```python
kept = 6 * 7
print(kept)  # 42
for each in "ab":
    print(each)
    # a
    # b
```

- an item

  ```python
  print(kept, "https://cvat.example")
  ```

  ```text
  42 https://cvat.example
  ```

```python
def test_one() -> None:
    assert True
```

```console
$ echo "one two"
one ...
```

<!-- test: not run, because nobody has it here -->

```console
frobnicate
```
"""

LYING = {
    "a comment beside": "```python\nprint(1)  # 2\n```",
    "a comment below": "```python\nprint(1)\n# 2\n```",
    "a comment on what is not reached": "```python\nif not print:\n    print(1)  # 1\n```",
    "more than is shown": "```python\nfor _ in 'ab':\n    print(1)  # 1\n```",
    "a text": "```python\nprint(1)\n```\n\n```text\n2\n```",
    "a text that says nothing": "```python\nprint(1)\n```\n\n```text\n...\n```",
    "an exception": "```python\nraise ValueError\n```",
    "a failing test": "```python\ndef test_one() -> None:\n    assert not 1\n```",
    "a skipped test": (
        "```python\nimport pytest\n\n\n@pytest.mark.skip\ndef test_one() -> None:\n    pass\n```"
    ),
    "a command": "```console\n$ echo one\ntwo\n```",
    "a failing command": "```console\npython -c 'raise SystemExit(1)'\n```",
    "an unknown command": "```console\nfrobnicate\n```",
    "a script": "```sh\necho one\n```\n\n```text\ntwo\n```",
    "a failing script": "```sh\nfalse\n```",
    "no target": "```console\nmake tea\n```",
    "no extra": "```console\npip install 'cvatfn[tea]'\n```",
    "a sandbox": "```console\n$ python -m cvatfn.testing.sandbox --port 8080\nhttp://[::1]:8080\n```",
    "another client's program": "```py\nimport\n```",
    "json": "```json\n{\n```",
    "toml": "```toml\na =\n```",
    "yaml": "```yaml\na: [\n```",
    "no language": "```\nprint(1)\n```",
    "another language": "```fortran\nprint(1)\n```",
    "no fence": "Text\n\n    print(1)\n",
    "a text of nobody": "```text\nprint(1)\n```",
}


def test_an_honest_page_runs(tmp_path: Path) -> None:
    assert run(parsed("docs/honest.md", HONEST), tmp_path) == []


def test_each_block_finds_the_world_as_it_began(tmp_path: Path) -> None:
    block = (
        "```python\nfrom cvatfn import call\nfrom cvatfn.api import tasks\n\n"
        'print(call(transport, tasks.create, {"name": "cats"}).unwrap().id)  # 1\n```\n\n'
    )
    marks = "<!-- test: each anew -->\n<!-- test: world empty -->\n\n"
    page = parsed("docs/anew.md", marks + 2 * block)
    assert run(page, tmp_path) == []
    (typed := tmp_path / "typed").mkdir()
    assert complaints_of_mypy(typed, written([page], typed)) == ""


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    needy = "<!-- test: needs no_such_module -->\n\n```python\nimport no_such_module\n```"
    assert run(parsed("docs/needy.md", needy), tmp_path) == ["no_such_module"]


@pytest.mark.parametrize("text", LYING.values(), ids=LYING)
def test_a_page_that_lies_is_found_out(text: str, tmp_path: Path) -> None:
    with pytest.raises((AssertionError, ValueError)):
        run(parsed("docs/lying.md", text), tmp_path)


@pytest.mark.parametrize(
    "comment", ["not run", "not run, because", "skip", "world", "run", "not run, because no"]
)
def test_a_comment_gives_its_reason(comment: str) -> None:
    with pytest.raises(AssertionError, match="nobody knows"):
        parsed("docs/hiding.md", f"<!-- test: {comment} -->\n\n```python\nprint(1)\n```")


@pytest.mark.parametrize("text", ["{}\n\nText.", "Text {}\n\n```python\nprint(1)\n```"])
def test_a_comment_without_a_block_is_found_out(text: str) -> None:
    with pytest.raises(AssertionError, match="a comment"):
        parsed("docs/hiding.md", text.format("<!-- test: not run, because it is too late -->"))


def test_a_comment_that_is_shown_is_none() -> None:
    assert parsed("docs/telling.md", "Say `<!-- test: alone -->` before it.").blocks == ()


def test_type_checkers_complain_at_the_lines_of_a_page(tmp_path: Path) -> None:
    wrong = "```python\na = 1\n```\n\n```python\na.lower()\n```"
    assert "docs/wrong.md:6: error:" in complaints({"docs/wrong.md": wrong}, tmp_path)


def test_what_is_to_fail_has_to_fail_for_its_reason(tmp_path: Path) -> None:
    right = "<!-- test: types -->\n\n```python\nlen(1)  # error: arg-type\n```"
    pages = {
        "docs/right.md": right,
        "docs/wrong.md": right.replace("arg-type", "call-arg"),
        "docs/never.md": right.replace("len(1)", "len('')"),
    }
    said = complaints(pages, tmp_path)
    assert 'docs/wrong.md:4: error: Unused "type: ignore' in said
    assert 'docs/never.md:4: error: Unused "type: ignore' in said
    assert "docs/right.md" not in said


def complaints(pages: Mapping[str, str], folder: Path) -> str:
    origins = written([parsed(path, text) for path, text in pages.items()], folder)
    return complaints_of_mypy(folder, origins)
