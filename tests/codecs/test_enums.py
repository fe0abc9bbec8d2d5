"""Enums that stay open: what they remember, and what they do not."""

from __future__ import annotations

from cvatfn.codecs.enums import OpenEnum
from cvatfn.codecs.json import loads
from cvatfn.outcome import Success


def test_a_text_that_is_in_no_utf_8_leaves_a_class_readable() -> None:
    class Light(OpenEnum):
        RED = "red"

    half = Light("\ud800")
    assert (half.value, half.is_known, half == Light("\ud800")) == ("\ud800", False, True)
    # a decoder is built of all that the class remembers, when it is first asked for
    assert loads(Light, b'"red"') == Success(Light.RED)
