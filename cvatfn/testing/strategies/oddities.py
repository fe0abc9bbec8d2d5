"""What stands in a hostile answer: texts, statuses and fields that no server should send.

Rule: the simplest comes first, since examples shrink to it; none is larger than a test bears.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

__all__ = [
    "BYTES",
    "CONTENT_TYPES",
    "COUNTS",
    "FIELDS",
    "KEYS",
    "ODD",
    "STATUSES",
    "TOKENS",
    "URLS",
]

_HUGE: Final = 100_000
"""How long a text of a hostile answer is at most: long, and no burden."""

TOKENS: Final = (
    *("null", "true", "false", "0", "-1", "1", "1.5", '""', '"x"', "[]", "{}"),
    *("[null]", '[""]', '{"":null}', '{"id":null}', '"null"', '"-1"', '"new value"'),
    *("-0", "1e2", "1E400", "-1E400", "1e-400", "2147483648", "9223372036854775808"),
    *("NaN", "Infinity", "-Infinity", "0x10", "01", "+1", ".5", "1.", "1e", "--1"),
    *("9" * 400, "-" + "9" * 5000, "0." + "1" * 5000),
    *("", "nul", "undefined", "None", "'x'", '"', '"\\', '"\\x"', '"\\u12"', "[", "{", "]", "[1,]"),
    *('"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\x1b[2J"', '"\t"', '"\ud800"'),
    *('"2026-13-45T99:99:99Z"', '"0001-01-01T00:00:00+23:59"', '"9999-12-31T23:59:60Z"'),
    *('"../../etc/passwd"', '"<script>alert(1)</script>"', '"\\u202e\\u2066"', '"\U0001f408"'),
    *(
        f'"{"x" * _HUGE}"',
        f"[{'0,' * 999}0]",
        "[" * 500 + "]" * 500,
        '{"a":' * 500 + "0" + "}" * 500,
    ),
)
"""What stands where a value belongs: JSON and what is none, the simplest first."""
COUNTS: Final = ("0", "-1", "1e3", "1.5", "999999999999999999999", '"1"', "null", "[]", "NaN", "")
KEYS: Final = (
    *("new", "", "id", "__class__", "__proto__", "self", "a b", "\0", "\ud800", "x" * 5000),
    *("detail", "results", "rq_id", "\u202e"),
)
URLS: Final = (
    *("", "/", "?page=0", "?page=-1", "?page=x", "//evil.example/api/tasks", "api/tasks?page=2"),
    *("http://evil.example/api/tasks?page=2", "https://localhost:8080@evil.example/"),
    *("http://localhost:8080/api/tasks?page=1", "http://[::1", "http://localhost:99999/"),
    *("javascript:alert(1)", "file:///etc/passwd", "http://", "http:///x", "\\\\evil.example\\x"),
    *("/a b", "/\r\nX: y", "/\x1b[2J", "/%zz", "/\u00e9", "/" + "x" * 9000, "http://\ud800/"),
)
BYTES: Final = (
    *(b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\0", b"\x1b[2J", b"\r\n"),
    *(b"{", b"}", b"]", b'"', b",", b"\\", b"\xef\xbb\xbf", b" ", b"null", b"//", b"<!--"),
)
CONTENT_TYPES: Final = (
    *("", "text/html", "text/plain", "application/json", "application/octet-stream", "image/png"),
    *("application/vnd.cvat+json; charset=utf-7", "application/json; charset=nonsense"),
    *("json", "/", ";", ";;;charset", "*/*", "multipart/mixed; boundary=", "APPLICATION/JSON"),
    *("application/vnd.cvat+json, text/html", "text/html; charset=\x00", "x" * 9000),
)
STATUSES: Final = (
    *(200, 204, 202, 206, 404, 400, 401, 429, 500, 503, 100, 101, 102, 103, 199, 299, 300, 304),
    *(399, 499, 599, 600, 999, 1000, 99, 1, 0, -1, -200, 2**31, 10**400),
)
ODD: Final = ("", " ", "\0", "a\r\nX-Other: b", "\x1b[2J", "\u202e", "\ud800", "\u00e9", "x" * 9000)
FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "Retry-After": (
        *("0", "-1", "1.5", "1e9", "NaN", "inf", "9" * 400, "0x10", "\u0663", "soon"),
        *("Mon, 23 Nov 2026 10:00:30 GMT", "Mon, 99 Foo 9999 99:99:99 GMT", "Mon,", ",,,"),
        *("Thu, 01 Jan 0001 00:00:00 +9999", "Fri, 31 Dec 9999 23:59:59 -2359"),
    ),
    "Date": ("now", "Mon, 23 Nov 2026 10:00:00 GMT", "Thu, 01 Jan 1970 00:00:00 -0000"),
    "Content-Type": CONTENT_TYPES,
    "Content-Length": ("-1", "0", "9" * 30, "1, 2", "x"),
    "Content-Encoding": ("gzip", "br", "identity", "gzip, gzip"),
    "Content-Disposition": (
        *("attachment", 'attachment; filename="../../etc/passwd"', 'filename="'),
        *("attachment; filename*=UTF-8''%ff%fe", "attachment; filename*=x", "; ; ;"),
    ),
    "Content-Range": ("bytes 0-0/1", "bytes 5-1/0", "bytes */*", "lines 1-2/3"),
    "Location": URLS,
    "Link": ("<>; rel=next", "</x>; rel", "<http://evil.example>; rel=next"),
    "ETag": ('"', "W/", '""', "*"),
    "WWW-Authenticate": ("Basic", 'Digest realm="', ","),
    "Set-Cookie": ("sessionid=; Max-Age=-1", "=;=", "csrftoken=x; Domain=evil.example"),
    "X-Request-Id": ("7", "not a uuid"),
    "Deprecation": ("true", "@1", "version=1"),
    "Upload-Offset": ("-1", "x", "9" * 400),
    "X-Checksum": ("x",),
    "Transfer-Encoding": ("chunked", "gzip, chunked"),
    "": ("",),
}
"""By the name of a field, what it should not hold."""
