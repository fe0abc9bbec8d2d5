"""The page `docs/coming-from-cvat-sdk.md`: nothing is left out of it, and what it names is there.

That its programs run and are typed is held with those of the other pages, in `tests/docs`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from cvatfn import catalogue
from tests.coming_from.names import missing_of
from tests.coming_from.page import PAIRS, TEXT, Pair, anchor, code, headings, table
from tests.docs.pages import ROOT
from tests.official.operations import PAGE, row_of

EXAMPLES: Final = {
    "Example": ["a task from local files, from the login to its size"],
    "ApiClient and configuration": ["a client and its configuration"],
    "Authentication": [
        "a name and a password",
        "a session's cookies",
        "an API key",
        "a personal access token",
        "a session by `create_login`",
        "an API key by `create_login`",
    ],
    "API wrappers": [
        "APIs as members of the client",
        "APIs made by hand",
        "`<operation>_endpoint`",
        "create, read, update, delete",
    ],
    "Models": [
        "a model",
        "models in models",
        "the same as a dict, and mixed",
        "interfaces, `I<model>`",
        "`to_dict()` and `to_json()`",
    ],
    "Sending requests": [
        "a value and its response",
        "`_parse_response`",
        "`_check_status`",
        "`_validate_inputs`",
        "`_validate_outputs`",
        "`_request_timeout`",
        "`_content_type`",
    ],
    "Organizations": ["`org_id`"],
    "Paginated responses": ["`get_paginated_collection`"],
    "Sending data": ["files in a form", "start, multiple, finish"],
    "Receiving data": ["an export, waited for and fetched"],
    "The cloudstorages/id/content REST API endpoint": ["a bucket's content"],
    "Sending custom requests": [
        "`api_client.call_api()`",
        "`api_client.request()`",
        "a custom backend",
    ],
}
"""By heading, the examples of cvat-sdk's documentation of its low-level API, in its order."""

TABLES: Final = (
    "Of the configuration",
    "Of the client",
    "Of a call",
    "Of a response, and of an exception",
    "Of an endpoint",
    "Of modules, models and helpers",
    "Of the objects of the high level",
    "Exceptions, and what answers them",
)
"""The headings under which tables say what is here in the place of something."""


def test_each_example_of_the_official_page_has_its_pair() -> None:
    listed: dict[str, list[str]] = {}
    paired = {pair.name for pair in PAIRS}
    for heading, link in table("Find your example"):
        found = re.fullmatch(r"\[(.+)\]\(#(.+)\)", link)
        assert found is not None, link
        assert found[2] in paired, link
        listed.setdefault(heading, []).append(found[1])
    assert listed == EXAMPLES


def test_every_link_within_the_page_leads_somewhere() -> None:
    anchors = [anchor(heading) for heading in headings(TEXT)]
    assert len({*anchors}) == len(anchors)
    assert {*re.findall(r"\(#([^)]+)\)", TEXT)} <= {*anchors}


def test_every_link_to_another_page_leads_to_a_file() -> None:
    links = {*re.findall(r"\]\((?!https?:|#)([^)#]+)", TEXT)}
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []


def test_every_program_stands_in_a_pair() -> None:
    assert TEXT.count("```py\n") == TEXT.count("```python\n") == len(PAIRS)
    assert len({pair.name for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_each_half_keeps_to_its_client_and_ours_says_what_is_printed(pair: Pair) -> None:
    assert "cvat_sdk" not in pair.ours
    assert "cvatfn" not in pair.official
    assert re.search(r"print\(.*\)(  |\n *)# ", pair.ours)


def _named() -> Iterator[str]:
    for heading in TABLES:
        for *_, ours in table(heading):
            yield from code(ours)


@pytest.mark.parametrize("name", sorted({*_named()}))
def test_what_the_tables_name_is_there(name: str) -> None:
    assert list(missing_of(name)) == []


def test_a_name_that_is_not_there_is_found_out() -> None:
    wrong = "upload_date(transport, tasks.creat, verfy=1)", "endpoint.pth", "cvatfn.transfer.exprt"
    assert [[*missing_of(each)] for each in wrong] == [
        ["upload_date", "tasks.creat", "verfy="],
        ["endpoint.pth"],
        ["cvatfn.transfer.exprt"],
    ]


def test_the_page_of_operations_has_each_endpoint_as_it_is() -> None:
    rows = PAGE.read_text("utf-8").splitlines()
    for endpoint in catalogue():
        assert sum(row_of(endpoint) in row for row in rows) == 1, endpoint.name
