"""Texts as an attacker would give them: what ends lines, parts, names and segments elsewhere."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

NASTY: Final = (
    "",
    " ",
    ".",
    "..",
    "../..",
    "..\\..",
    "/",
    "//evil.example/",
    "a/../../users/self",
    "%2e%2e",
    "..%2f",
    "%2f%2e%2e%2f",
    "%00",
    "%0d%0aX-Evil: 1",
    "\r\nX-Evil: 1\r\n\r\nGET /api/users/self HTTP/1.1\r\n\r\n",
    "\n",
    "\r",
    "\0",
    "\t",
    "\x1b]0;evil\x07",
    "\x7f",
    "a;b=c",
    "a&page=2",
    "a=b&org=evil",
    "a#b",
    "a?b",
    "a+b c",
    "http://evil.example/",
    'a"; filename="evil',
    "a'b\\",
    "{id}",
    "caf\xe9",
    "\uff0e\uff0e\uff0f",
    "\u2024\u2024\u2215",
    "\u560a\u560dX-Evil: 1",
    "\u2028\x85",
    "\u202egnp.exe",
    "e\u0301",
    "\U0001f600",
    "\ud800",
    "x" * 5000,
)
"""Each has fooled some client or server: `\\u560a` ends a line where its low byte alone is kept."""

HOSTILE: Final = st.one_of(
    st.sampled_from(NASTY),
    st.lists(
        st.sampled_from([*"aZ0./\\:?#&=;,+ %@\"'<>{}[]\r\n\0\t\x1b\x7f\x85\xe9\u2028\ud800", ".."]),
        max_size=12,
    ).map("".join),
    st.text(max_size=12),
)
"""Any text, above all such as these."""
