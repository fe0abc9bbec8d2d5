"""Which digests count for what, and that a damaged file is told from a whole one."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from zlib import crc32

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cvatfn.messages import Headers
from cvatfn.transfer.digests import Checker, Expected, checking, digests_of, digests_of_part

CONTENT = b"cats and dogs"
SHA_256 = hashlib.sha256(CONTENT).digest()
SHA_512 = hashlib.sha512(CONTENT).digest()
SHA = hashlib.sha1(CONTENT, usedforsecurity=False).digest()
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).digest()
CRC = crc32(CONTENT).to_bytes(4, "big")


def base64(value: bytes) -> str:
    return b64encode(value).decode()


def field(**digests: bytes) -> str:
    return ", ".join(
        f"{name.replace('_', '-')}=:{base64(value)}:" for name, value in digests.items()
    )


EVERY = Headers.of(
    {
        "Repr-Digest": field(sha_256=SHA_256, sha_512=SHA_512),
        "Content-Digest": field(sha_256=SHA_256),
        "Digest": f"SHA-256={base64(SHA_256)},MD5={base64(MD5)}",
        "Content-MD5": base64(MD5),
        "X-Checksum": str(crc32(CONTENT)),
    }
)
REPR = (
    Expected("sha-256", SHA_256, "Repr-Digest"),
    Expected("sha-512", SHA_512, "Repr-Digest"),
)
LEGACY = (Expected("sha-256", SHA_256, "Digest"), Expected("md5", MD5, "Digest"))
OF_CONTENT = Expected("sha-256", SHA_256, "Content-Digest")
CHECKSUM = Expected("crc-32", CRC, "X-Checksum")


def fed(expected: tuple[Expected, ...], *pieces: bytes | memoryview) -> Checker:
    checker = checking(expected)
    for piece in pieces:
        checker.feed(piece)
    return checker


def test_reads_every_digest_of_a_whole_file() -> None:
    whole = digests_of(EVERY)
    assert set(whole) == {*REPR, *LEGACY, OF_CONTENT, CHECKSUM, Expected("md5", MD5, "Content-MD5")}
    assert len(whole) == 7


def test_a_range_speaks_of_the_whole_file_in_some_headers_only() -> None:
    assert set(digests_of(EVERY, partial=True)) == {*REPR, *LEGACY, CHECKSUM}
    assert digests_of_part(EVERY) == (OF_CONTENT,)


@pytest.mark.parametrize("coding", ["gzip", "identity, br", "BR"])
def test_only_a_checksum_holds_once_a_coding_is_undone(coding: str) -> None:
    coded = EVERY.replaced({"Content-Encoding": coding})
    assert digests_of(coded) == (CHECKSUM,)
    assert digests_of(coded, partial=True) == (CHECKSUM,)
    assert digests_of_part(coded) == ()


def test_identity_is_no_coding() -> None:
    assert digests_of(EVERY.replaced({"Content-Encoding": "Identity"})) == digests_of(EVERY)


@pytest.mark.parametrize("header", ["Repr-Digest", "Content-Digest"])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (field(sha_256=SHA_256), {"sha-256": SHA_256}),
        (field(sha=SHA, md5=MD5), {"sha": SHA, "md5": MD5}),
        (f"sha-256=:{base64(SHA_256).rstrip('=')}:", {"sha-256": SHA_256}),
        (f" sha-256=:{base64(SHA_256)}: ;note=1 ", {"sha-256": SHA_256}),
        (field(unixsum=b"\1\2") + "," + field(md5=MD5), {"md5": MD5}),
        (field(md5=b"0" * 16) + "," + field(md5=MD5), {"md5": MD5}),
        (field(sha_256=SHA_256[1:]), {}),
        (field(sha_256=SHA_512), {}),
        (f"sha-256={base64(SHA_256)}", {}),
        (f"SHA-256=:{base64(SHA_256)}:", {}),
        (field(md5=MD5) + ", sha-256=nonsense", {}),
        ("sha-256=:a:", {}),
        ("sha-256=::", {}),
        ("", {}),
    ],
)
def test_reads_dictionaries(header: str, value: str, expected: dict[str, bytes]) -> None:
    read = digests_of(Headers.of({header: value}))
    assert {each.name: each.value for each in read} == expected
    assert {each.header for each in read} <= {header}


def test_a_dictionary_may_be_spread_over_lines() -> None:
    lines = Headers((("Repr-Digest", field(md5=MD5)), ("repr-digest", field(sha=SHA))))
    assert [each.name for each in digests_of(lines)] == ["md5", "sha"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"sha-256={base64(SHA_256)}", {"sha-256": SHA_256}),
        (f"SHA={base64(SHA)}, UNIXsum=30637, MD5={base64(MD5)}", {"sha": SHA, "md5": MD5}),
        (f"nonsense, , =, MD5={base64(MD5)}", {"md5": MD5}),
        (f"MD5={MD5.hex()}", {}),
        ("MD5=ümlaut", {}),
        (f"MD5=!!!!{base64(MD5)}", {}),
    ],
)
def test_reads_the_older_header(value: str, expected: dict[str, bytes]) -> None:
    read = digests_of(Headers.of({"Digest": value}))
    assert {each.name: each.value for each in read} == expected


@pytest.mark.parametrize("value", [MD5.hex(), base64(SHA), "?", ""])
def test_passes_over_other_content_md5(value: str) -> None:
    assert digests_of(Headers.of({"Content-MD5": value})) == ()


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("4101315892", "f4751d34"),
        ("0", "00000000"),
        ("4294967295", "ffffffff"),
        ("4294967296", None),
        ("99999999999", None),
        ("-1", None),
        ("1.0", None),
        ("f4746354", None),
        ("١٢", None),
        ("", None),
    ],
)
def test_reads_checksums_in_decimal(value: str, read: str | None) -> None:
    found = [each.value.hex() for each in digests_of(Headers.of({"X-Checksum": value}))]
    assert found == ([] if read is None else [read])


ANY = st.one_of(
    st.text(st.characters()),
    st.lists(
        st.sampled_from(["sha-256", "md5", "=", ":", ",", ";", "\0", base64(MD5), " ", "\ud800"])
    ).map("".join),
)
NAMES = ["Repr-Digest", "Content-Digest", "Digest", "Content-MD5", "X-Checksum", "Content-Encoding"]


@given(st.lists(st.tuples(st.sampled_from(NAMES), ANY)))
def test_reads_anything(pairs: list[tuple[str, str]]) -> None:
    headers = Headers(tuple(pairs))
    for expected in (digests_of(headers), digests_of_part(headers)):
        fed(expected, b"any").wrong()


PIECES = st.lists(st.binary())


@given(PIECES, st.booleans())
def test_what_fits_is_not_wrong_however_it_is_cut(pieces: list[bytes], views: bool) -> None:
    whole = b"".join(pieces)
    headers = Headers.of(
        {
            "Repr-Digest": field(
                sha_256=hashlib.sha256(whole).digest(), sha_512=hashlib.sha512(whole).digest()
            ),
            "X-Checksum": str(crc32(whole)),
        }
    )
    expected = digests_of(headers)
    assert len(expected) == 3
    cut = [memoryview(piece) if views else piece for piece in pieces]
    assert fed(expected, *cut).wrong() is None


@given(st.binary(), st.sampled_from(digests_of(EVERY)))
def test_what_does_not_fit_is_wrong(other: bytes, expected: Expected) -> None:
    assume(other != CONTENT)
    checker = fed((expected,), other)
    wrong = checker.wrong() or ""
    assert f"but {expected.header} says {expected.value.hex()}" in wrong
    assert wrong.startswith(f"the {expected.name} of what arrived is ")
    assert checker.wrong() == wrong


@pytest.mark.parametrize("damaged", range(7))
def test_one_that_does_not_fit_is_enough(damaged: int) -> None:
    expected = list(digests_of(EVERY))
    good = expected[damaged]
    expected[damaged] = Expected(good.name, bytes(len(good.value)), good.header)
    assert good.header in (fed(tuple(expected), CONTENT).wrong() or "")


def test_may_be_asked_before_the_end() -> None:
    checker = fed(digests_of(EVERY), CONTENT[:4])
    assert checker.wrong() is not None
    checker.feed(CONTENT[4:])
    assert checker.wrong() is None


def test_nothing_is_wrong_where_nothing_was_expected() -> None:
    assert fed((), CONTENT).wrong() is None


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(ValueError, match="no such algorithm: adler"):
        checking([Expected("adler", b"", "Repr-Digest")])
