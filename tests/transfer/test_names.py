"""What a server calls a file, and that no name of it can do harm here."""

from __future__ import annotations

from pathlib import Path
from unicodedata import category, is_normalized
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cvatfn.messages import Headers
from cvatfn.transfer.names import ROOM, name_sent, safe_name

DEVICES = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"] + [
    f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"
]

HARD = st.text('./\\-~_ \u3000:*"<>|?\0\n\x9f\u202e\u200b\ud800\ufeffe\u0301=\u0338äCON1.zip한')
DEVICE_LIKE = st.tuples(
    st.sampled_from(["", " ", ".", "a/", "\u202e"]),
    st.sampled_from(DEVICES).flatmap(lambda name: st.sampled_from([name, name.lower()])),
    st.sampled_from(["", " ", ".", ".txt", " .tar.gz", " " * 400 + "x.zip", "\u200b"]),
).map("".join)
LONG = st.tuples(
    st.sampled_from(["", ".", "-", "CON", "\u0301"]),
    st.sampled_from(["a", "ä", "한", "🐈", "e\u0301", ". ", " "]),
    st.integers(50, 300),
    st.sampled_from(["", ".zip", ".tar.gz", ".한국", "." + "x" * 40, " .zip"]),
).map(lambda parts: parts[0] + parts[1] * parts[2] + parts[3])
NAMES = st.one_of(HARD, DEVICE_LIKE, LONG, st.text(st.characters()), st.text(max_size=300))


def disposition(value: str) -> Headers:
    return Headers.of({"content-disposition": value})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (
            'attachment; filename="task_54_dataset_2026_11_23_10_47_22_cvat for images 1.1.zip"',
            "task_54_dataset_2026_11_23_10_47_22_cvat for images 1.1.zip",
        ),
        ('inline; filename="CVAT REST API (2.0).json"', "CVAT REST API (2.0).json"),
        ("attachment; filename=cats.zip", "cats.zip"),
        ("attachment;FILENAME = cats.zip ; size=3", "cats.zip"),
        ("filename=cats.zip", "cats.zip"),
        ("attachment; filename=two cats.zip", "two cats.zip"),
        ('attachment; filename="a;b=c.zip"; x="filename=no"', "a;b=c.zip"),
        (r'attachment; filename="a\"b\\c.zip"', r"a\c.zip".replace("a", 'a"b')),
        (r'attachment; filename="C:\cats\dogs.zip"', r"C:\cats\dogs.zip"),
        ('attachment; filename="open.zip', "open.zip"),
        ('attachment; filename="open\\"', 'open"'),
        ("attachment; filename=a.zip; filename=b.zip", "a.zip"),
        ("attachment; filename*=UTF-8''%e2%82%ac%20rates", "€ rates"),
        ("attachment; filename=EURO; filename*=utf-8'en'%e2%82%ac", "€"),
        ("attachment; filename*=UTF-8''%e2%82%ac; filename=EURO", "€"),
        ("attachment; filename*=iso-8859-1'en'%A3%20rates", "£ rates"),
        ("attachment; filename*=\"UTF-8''%e2%82%ac\"", "€"),
        ("attachment; filename*=UTF-8''%ff; filename=plain", "plain"),
        ("attachment; filename*=koi8-r''%c1; filename=plain", "plain"),
        ("attachment; filename*=nothing; filename=plain", "plain"),
        ('attachment; filename="task%20%D0%BA%D0%BE%D1%82.zip"', "task кот.zip"),
        ('attachment; filename="100% cats.zip"', "100% cats.zip"),
        ('attachment; filename="100% a%20b.zip"', "100% a%20b.zip"),
        ('attachment; filename="%FF.zip"', "%FF.zip"),
        ('attachment; filename="caf\xe9.zip"', "café.zip"),
        ('attachment; filename="=?utf-8?q?cats?="', "=?utf-8?q?cats?="),
        ("attachment", None),
        ("", None),
        ('attachment; filename=""', None),
        ("attachment; filename*=UTF-8''", None),
        ("attachment; filename*0=a; filename*1=b", None),
        ('attachment; note="; filename=cats.zip"', None),
    ],
)
def test_reads_the_name_sent(value: str, name: str | None) -> None:
    assert name_sent(disposition(value)) == name


def test_reads_no_name_where_there_is_no_header() -> None:
    assert name_sent(Headers()) is None


PLAIN = st.text(st.characters(exclude_characters="%", exclude_categories=["Cs"]), min_size=1)


@given(PLAIN, st.booleans())
def test_reads_what_was_written_in_quotes(name: str, surrogates: bool) -> None:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"').encode()
    header = escaped.decode("ascii", "surrogateescape") if surrogates else escaped.decode("latin-1")
    assert name_sent(disposition(f'attachment; filename="{header}"; x=1')) == name


@given(PLAIN)
def test_reads_what_was_percent_encoded(name: str) -> None:
    encoded = quote(name, safe="")
    assert name_sent(disposition(f"attachment; filename*=UTF-8''{encoded}")) == name
    assert name_sent(disposition(f'attachment; filename="{encoded}"')) == name


@given(
    st.one_of(
        st.text(st.characters()),
        st.binary().map(lambda sent: sent.decode("latin-1")),
        st.lists(
            st.sampled_from(
                ["filename", "*", "=", "'", '"', ";", "\\", "%", "utf-8", "\0", "a", "\ud800"]
            )
        ).map("".join),
    )
)
def test_reads_anything(value: str) -> None:
    for header in (value, f"attachment; filename={value}", f"attachment; filename*={value}"):
        sent = name_sent(disposition(header))
        assert sent is None or sent


@pytest.mark.parametrize(
    "name",
    [
        "task_54_dataset_2026_11_23_10_47_22_cvat for images 1.1.zip",
        "CVAT REST API (2.0).json",
        "кот.tar.gz",
        "한국어 데이터.zip",
        "می‌خواهم.txt",
        "👩‍👩‍👧.png",
        "a.b..c",
        "icon.png",
        "console.log",
        "COM10.txt",
        "x.con",
        "#100%, 'cats' & [dogs]; ~$.csv",
    ],
)
def test_leaves_ordinary_names(name: str) -> None:
    assert safe_name(name) == name


@given(st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_ ()]{4,60}[0-9a-z]\.(zip|tar|json)", fullmatch=True))
def test_leaves_plain_names(name: str) -> None:
    if name.split(".")[0].upper() not in DEVICES:
        assert safe_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\cats.zip", "cats.zip"),
        ("C:\\cats\\dogs.zip", "dogs.zip"),
        ("folder/", "folder"),
        ("cats.zip:hidden", "cats.zip_hidden"),
        ("  cats.zip. . ", "cats.zip"),
        (".profile", "_.profile"),
        ("-rf", "_-rf"),
        ("~", "_~"),
        ("nul", "_nul"),
        ("Com¹.tar.gz", "_Com¹.tar.gz"),
        ("conout$ .txt", "_conout$ .txt"),
        ("C\u202eON", "_CON"),
        ("cats\u202egnp.exe", "catsgnp.exe"),
        ("a\0b\nc\ud800", "a_b_c_"),
        ("e\u0301.zip", "é.zip"),
        ("a" * ROOM, "a" * ROOM),
        ("a" * (ROOM + 1), "a" * ROOM),
        ("é" * 300 + ".zip", "é" * 105 + ".zip"),
        ("a" * 300 + ". A sentence after a dot is no extension", "a" * ROOM),
        ("CON" + " " * 300 + "x.zip", "_CON" + ".zip"),
    ],
)
def test_makes_names_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize("text", ["", ".", "..", "/", "\\", "a/..", " . ", "\u202e", "..\u3000"])
def test_calls_what_has_no_name_otherwise(text: str) -> None:
    assert safe_name(text) == "download"
    assert safe_name(text, otherwise="../task.zip") == "task.zip"
    assert safe_name(text, otherwise="..") == "download"


@given(NAMES)
@example("<\u0338")
@example("." + "a" * ROOM)
@example("CON" + " " * ROOM + ".zip")
def test_a_safe_name_is_safe_already(text: str) -> None:
    assert safe_name(safe_name(text)) == safe_name(text)


@given(NAMES, NAMES)
def test_a_safe_name_is_a_plain_file_anywhere(text: str, otherwise: str) -> None:
    name = safe_name(text, otherwise=otherwise)
    assert 0 < len(name.encode()) <= ROOM  # also: there is no half of a character in it
    assert not set(name) & set('/\\<>:"|?*')
    assert not any(category(letter) in {"Cc", "Zl", "Zp"} for letter in name)
    assert not set(name) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e")
    assert not set(name) & set("\u2066\u2067\u2068\u2069")
    assert name == name.strip()
    assert not name.startswith((".", "-", "~"))
    assert not name.endswith(".")
    assert is_normalized("NFC", name)
    assert name.partition(".")[0].rstrip().upper() not in DEVICES


FOLDER = Path("here").resolve()


@given(NAMES)
def test_a_safe_name_never_leaves_its_folder(text: str) -> None:
    joined = FOLDER / safe_name(text)
    assert joined.resolve().parent == FOLDER
    assert joined.name == safe_name(text)


@given(st.sampled_from(["zip", "json", "gz"]), st.text("abä ü한", min_size=150, max_size=400))
def test_keeps_the_extension_of_a_long_name(extension: str, stem: str) -> None:
    assert safe_name(f"x{stem}.{extension}").endswith(f".{extension}")
