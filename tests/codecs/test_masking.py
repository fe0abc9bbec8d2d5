"""Secrets inside of bodies: at any depth, and what is no secret stays as it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cvatfn.codecs.clearing import cleared_text, is_common
from cvatfn.codecs.masking import (
    names_any,
    says_json,
    sent_secrets,
    without_fields,
    without_query,
    without_values,
)

NAMES = frozenset({"password"})
DEEP = b'[{"a":[[{"password":"s3cret"}]],"b":"s3cret"},{"password":{"x":["hid","",1]}},3]'


def test_a_secret_is_masked_in_lists_of_lists() -> None:
    masked = b'[{"a":[[{"password":"***"}]],"b":"s3cret"},{"password":"***"},3]'
    assert without_fields(DEEP, "application/json", NAMES) == masked


def test_the_texts_under_a_secret_name_are_secret_and_no_others() -> None:
    assert sent_secrets(DEEP, "application/json", NAMES) == {"s3cret", "hid", "1"}
    assert sent_secrets(b'["password", "x", {"p": ["y"]}]', None, NAMES) == set()


@pytest.mark.parametrize(
    "body",
    [
        b' {"password":"s3cret"}',
        b'{"p\\u0061ssword":"s3cret"}',
        '{"password":"s3cret"}'.encode("utf-16"),
        '{"password":"s3cret"}'.encode("utf-16-le"),
        b'{"password":"s3cret"',
    ],
    ids=["a blank before", "an escaped name", "another coding", "without a mark", "half of it"],
)
def test_a_body_is_looked_at_however_it_is_written(body: bytes) -> None:
    assert b"s3cret" not in without_fields(body, None, NAMES).replace(b"\0", b"")


@pytest.mark.parametrize("body", [b'{"a": 1}', b'[1,  "x"]'])
def test_a_body_that_names_no_secret_is_left_to_the_byte(body: bytes) -> None:
    assert without_fields(body, None, NAMES) is body
    assert without_fields(body, None, frozenset()) is body


@pytest.mark.parametrize(
    ("content_type", "is_json"),
    [
        (None, True),
        ("application/json", True),
        ("application/vnd.cvat+JSON; charset=utf-8", True),
        ("text/plain", False),
        ("multipart/form-data", False),
    ],
)
def test_what_is_read_as_json(content_type: str | None, is_json: bool) -> None:
    assert says_json(content_type) is is_json
    masked = without_fields(b'{"password":"x","a":1}', content_type, NAMES)
    assert masked == (b'{"password":"***","a":1}' if is_json else b"***")


FORM = (
    b'--b\r\nContent-Disposition: form-data; name="user"\r\n\r\nada\r\n'
    b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\ns3\r\ncret\r\n'
    b'--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n\r\n--b--\r\n'
)


@pytest.mark.parametrize(
    ("content", "secret"),
    [(b"s3\r\ncret", "s3\r\ncret"), (b"a\r\n\r\nb", "a\r\n\r\nb"), (b"\xff", "\ufffd")],
)
def test_the_secret_parts_of_a_form_are_found(content: bytes, secret: str) -> None:
    form = FORM.replace(b"s3\r\ncret", content)
    assert sent_secrets(form, "multipart/form-data; boundary=b", NAMES) == {secret}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (r"in a line: ab\nc", "in a line: ***"),
        (r"in a line: ab\rc", r"in a line: ab\rc"),
        (r"ab\u000ac", "***"),
        (r"ab\\nc", "***"),
        ("ab%0Ac, d", "***, d"),
        ("ab&#10;c", "***"),
        ("ab%250Ac", "***"),
        ("ab c", "ab c"),
    ],
)
def test_a_value_with_a_line_end(said: str, shown: str) -> None:
    assert cleared_text(said, {"ab\nc"}) == shown


@pytest.mark.parametrize(
    ("value", "escape"), [("ab\tc", r"ab\tc"), ("ab\rc", r"ab\rc"), ('abc"', r"abc\"")]
)
def test_a_value_with_another_escape(value: str, escape: str) -> None:
    assert cleared_text(escape, {value}) == "***"
    assert cleared_text(escape.replace("\\", "\\\\"), {value}) == "***"


def test_half_characters_are_found_where_they_are_escaped() -> None:
    assert cleared_text(r"abc\uD83D\uDE00 &amp;", {"abc\U0001f600"}) == "***"
    assert cleared_text(r"abc\ud83d &amp;", {"abc\U0001f600"}) == r"abc\ud83d &amp;"


@given(st.text(min_size=4).filter(str.strip), st.text(max_size=3), st.text(max_size=3))
def test_no_value_is_left_in_what_repeats_it(value: str, before: str, after: str) -> None:
    assume(not is_common(value))
    text = f"{before}{value}{after}"
    assert value not in cleared_text(text, {value}).replace("***", "\0" * 3) or "\0" in value


@given(st.binary(max_size=40), st.text(st.characters(codec="utf-8"), min_size=4, max_size=6))
def test_bytes_that_hold_no_value_stay(body: bytes, value: str) -> None:
    held = json.dumps({"said": value}, ensure_ascii=False).encode()
    assert value.encode() not in without_values(held, {value}, frozenset()).replace(b"***", b"")
    if not set(body) & set(b'\\%&=?;"{['):
        assert without_values(body, {"a value that is not there"}, frozenset()) == body


def test_an_answer_that_holds_no_value_is_left_to_the_byte() -> None:
    for body in (b'{"a":  "b" }', b'[1,  "\xc3\xa9"]'):
        assert without_values(body, {"s3cret"}, NAMES) is body


def test_a_value_is_found_in_every_coding_that_can_write_it() -> None:
    for coding in ("utf-8", "utf-16-le", "utf-16-be"):
        body = b"\xff" + "\u043a\u043b\u044e\u0447".encode(coding)
        cleared = without_values(body, {"\u043a\u043b\u044e\u0447"}, frozenset())
        assert cleared == b"\xff" + "***".encode(coding)
    escaped = b"\xff" + r"ab\u0026c".encode("utf-16-le")
    assert without_values(escaped, {"ab&c"}, frozenset()) == b"***"


@pytest.mark.parametrize(
    ("body", "cleared"),
    [
        (b'{"s3cret":{"a":["s3cret",1]}}', b'{"***":{"a":["***",1]}}'),
        (
            b'{"password":"other","a":[{"password":"x"}]}',
            b'{"password":"***","a":[{"password":"***"}]}',
        ),
        (b'{"password":["This is wrong."],"n":null}', b'{"password":["This is wrong."],"n":null}'),
        (b"see /x?token=abc&a=1", b"see /x?token=***&a=1"),
        (b"\xff s3cret", b"\xff ***"),
        (b'{"a":{"password":"other"},"b":[{"b":1}]}', b'{"a":{"password":"***"},"b":[{"b":1}]}'),
    ],
)
def test_an_answer_is_cleared_in_its_place(body: bytes, cleared: bytes) -> None:
    assert without_values(body, {"s3cret"}, NAMES) == cleared


def test_a_target_without_secrets_is_left_as_it_is() -> None:
    for target in ("/x", "/x?a=%20&b", "/x?a=1+2"):
        assert without_query(target, NAMES) is target
    assert without_query("/x?a=%ff&password=1&b=", NAMES) == "/x?a=%FF&password=***&b="


def test_names_are_looked_for_anywhere() -> None:
    assert names_any(b"x password y", NAMES)
    assert not names_any(b"x pass word y", NAMES)
