"""What an answer is taken for, whatever it says."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from cvatfn.messages import Response
from cvatfn.transfer.receiving import Fresh, Held, More, Unfit, brought, range_headers

TAG = '"a1"'
HELD = Held(5, 9, TAG)
GOOD = {"Content-Range": "bytes 5-8/9", "Content-Length": "4", "ETag": TAG}

SIZES = st.integers(0, 40)
TAGS = st.sampled_from([None, "", "a1", TAG, '"a2"', 'W/"a1"', '"a\n1"', '"' + "a" * 600 + '"'])
HELDS = st.builds(Held, SIZES, st.none() | SIZES, TAGS)
NUMBERS = st.one_of(
    SIZES.map(str), st.sampled_from(["*", "", "-1", "+5", "1e3", "٣", "5 ", "9" * 19])
)
SPANS = st.one_of(
    st.builds("bytes {}-{}/{}".format, NUMBERS, NUMBERS, NUMBERS),
    st.sampled_from(["", "bytes */9", "items 5-8/9", "bytes 5-8", "bytes=5-8/9"]),
    st.text(max_size=20),
)
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Range": SPANS,
        "Content-Length": NUMBERS,
        "ETag": TAGS.map(lambda tag: tag or ""),
        "Accept-Ranges": st.sampled_from(["bytes", "none", "NONE", ""]),
    },
)


@given(HELDS, st.sampled_from([200, 203, 206]), FIELDS)
def test_a_part_continues_exactly_what_is_here_or_is_refused(
    held: Held, status: int, fields: dict[str, str]
) -> None:
    found = brought(held, Response(status, fields))
    match found:
        case More(count, total):
            assert status == 206
            assert held.resumable
            last = held.size + count - 1
            assert fields["Content-Range"] == f"bytes {held.size}-{last}/{total}" or (
                [int(part) for part in fields["Content-Range"][6:].replace("/", "-").split("-")]
                == [held.size, last, total]
            )
            assert count > 0
            assert last < total
            assert held.total in (None, total)
            assert fields.get("ETag") in (None, held.validator)
        case Fresh(total, validator):
            assert status != 206
            assert total is None or int(fields["Content-Length"]) == total
            if validator is not None:
                assert fields["ETag"] == validator
                assert Held(1, None, validator).resumable
                assert fields.get("Accept-Ranges", "").lower() != "none"
        case Unfit():
            assert status == 206
            assert fields["ETag"] != held.validator
        case str():
            assert status == 206


@given(HELDS, st.integers(1, 40))
def test_what_was_asked_for_is_what_is_taken(held: Held, more: int) -> None:
    asked = range_headers(held)
    if not held.resumable:
        assert not asked
        return
    total = held.size + more
    assert asked["If-Range"] == held.validator
    first = asked["Range"].removeprefix("bytes=").removesuffix("-")
    honest = {"Content-Range": f"bytes {first}-{total - 1}/{total}", "Content-Length": str(more)}
    assert brought(evolve(held, total=total), Response(206, honest)) == More(more, total)
    assert brought(evolve(held, total=None), Response(206, honest)) == More(more, total)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"Content-Range": "bytes 4-8/9"}, "asked for what comes after byte 5"),
        ({"Content-Range": "bytes 6-8/9"}, "asked for what comes after byte 5"),
        ({"Content-Range": "bytes 5-9/9"}, "asked for what comes after byte 5"),
        ({"Content-Range": "bytes 5-4/9"}, "asked for what comes after byte 5"),
        ({"Content-Range": "bytes 5-8/10"}, "has 9 bytes and now that it has 10"),
        ({"Content-Range": "bytes 5-8/*"}, "not which one"),
        ({"Content-Range": "bytes */9"}, "not which one"),
        ({"Content-Range": ""}, "not which one"),
        ({"Content-Range": "x" * 9000}, "not which one"),
        ({"Content-Length": "5"}, "announced 5 bytes"),
        ({"Content-Length": "0"}, "announced 0 bytes"),
    ],
)
def test_a_lie_is_told(changed: dict[str, str], said: str) -> None:
    assert brought(HELD, Response(206, GOOD)) == More(4, 9)
    wrong = brought(HELD, Response(206, {**GOOD, **changed}))
    assert isinstance(wrong, str)
    assert said in wrong
    assert len(wrong) < 300


@pytest.mark.parametrize("tag", ['"a2"', 'W/"a1"', ""])
def test_another_file_is_asked_for_anew(tag: str) -> None:
    assert brought(HELD, Response(206, {**GOOD, "ETag": tag})) == Unfit()


def test_a_part_that_nobody_asked_for() -> None:
    assert isinstance(brought(Held(), Response(206, GOOD)), str)
    assert isinstance(brought(Held(5, 9), Response(206, GOOD)), str)


@pytest.mark.parametrize("tag", ['W/"a1"', "a1", '"a b"', '"ä"', "", '"' + "a" * 600 + '"'])
def test_only_a_strong_tag_shows_that_it_is_the_same_file(tag: str) -> None:
    assert brought(Held(), Response(200, {"ETag": tag})) == Fresh(None, None)
    assert not range_headers(Held(5, 9, tag))


def test_word_of_the_work_is_no_file() -> None:
    assert isinstance(brought(Held(), Response(202, {"Content-Length": "9"})), str)
