"""The finder finds: a walk that finds nothing would prove nothing otherwise."""

from __future__ import annotations

import pickle
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.secrets.finding import SPELLINGS, Secrets, found_in


@pytest.mark.parametrize("plain", [True, False], ids=["plain", "with what is escaped"])
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_secret_is_found_in_each_spelling(spelling: str, plain: bool) -> None:
    secrets = Secrets()
    secret = secrets.plant("here", plain=plain)
    secrets.plant("elsewhere")
    spelled = SPELLINGS[spelling](secret)
    assert secrets.found(spelled) == ["here"]
    assert secrets.found(b"before " + spelled + b" after") == ["here"]
    assert secrets.found(spelled.decode("latin-1")) == ["here"]


@given(st.binary(max_size=4), st.sampled_from([*SPELLINGS]), st.binary(max_size=4))
def test_a_secret_is_found_wherever_it_stands(before: bytes, spelling: str, after: bytes) -> None:
    secrets = Secrets()
    spelled = SPELLINGS[spelling](secrets.plant("here"))
    if not (before + after).replace(b"\0", b"").isalnum() and b"\0" not in before + after:
        assert secrets.found(b" " + before + b" " + spelled + b" " + after) == ["here"]


@pytest.mark.parametrize("user", ["", "a", "ad", "ada", "adam"])
def test_a_secret_is_found_in_a_basic_login(user: str) -> None:
    secrets = Secrets()
    login = b64encode(f"{user}:{secrets.plant('here')}".encode()).decode()
    assert secrets.found(f"Authorization: Basic {login}") == ["here"]
    assert secrets.found(repr({"Authorization": f"Basic {login}"}).encode()) == ["here"]


def test_a_secret_is_found_in_a_pickle() -> None:
    secrets = Secrets()
    held = {"a": [secrets.plant("a text")], "b": secrets.plant("bytes").encode("utf-16")}
    assert secrets.found(pickle.dumps(held)) == ["a text", "bytes"]


@given(st.binary(max_size=60) | st.text(max_size=40))
def test_what_was_not_planted_is_not_found(held: bytes | str) -> None:
    secrets = Secrets()
    secrets.plant("here")
    assert secrets.found(held) == []
    assert found_in("zQ999Xk", secrets.planted) == []
