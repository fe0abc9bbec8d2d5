"""Addresses as a hostile server would give them: of strangers, or such as only look like home."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

__all__ = ["FOREIGN", "addressed", "addresses"]

FOREIGN: Final = (
    "http://{stranger}/x",
    "HTTP://{stranger}/x",
    "http://{stranger}",
    "http://{stranger}/x?a={home}",
    "http://{stranger}/x#@{home}/",
    "http://{stranger}/%2e%2e/{home}",
    "http://localhost:{home_port}/x",
    "http://127.0.0.1.:{home_port}/x",
    "http://127.1:{home_port}/x",
    "http://2130706433:{home_port}/x",
    "http://0x7f.1:{home_port}/x",
    "http://[::1]:{stranger_port}/x",
    "http://[::ffff:127.0.0.1]:{stranger_port}/x",
    "{other}://{home}/x",
    "{scheme}://127.0.0.1/x",
    "{scheme}://127.0.0.1:{stranger_port}/x",
)
"""Each is an address, and leads to another origin than home, whoever reads it."""

ODD: Final = (
    "//{stranger}/x",
    "///{stranger}/x",
    "////{stranger}/x",
    "/\\{stranger}/x",
    "\\\\{stranger}/x",
    "/\t/{stranger}/x",
    "http:{stranger}/x",
    "http:/{stranger}/x",
    "http:///{stranger}/x",
    "http:\\\\{stranger}/x",
    "http:/\\{stranger}/x",
    "ht\ttp://{stranger}/x",
    "http://\t{stranger}/x",
    " http://{stranger}/x",
    "\x01http://{stranger}/x",
    "http://{home}@{stranger}/x",
    "http://{home}:pw@{stranger}/x",
    "http://{stranger}\\@{home}/x",
    "http://{home}\\@{stranger}/x",
    "http://{stranger}@{home}/x",
    "http://{stranger}#@{home}/x",
    "http://{stranger}?@{home}/x",
    "http://{stranger};@{home}/x",
    "http://{home}.evil.example/x",
    "http://{home}%2eevil.example/x",
    "http://127.0.0.1%00.evil.example:{home_port}/x",
    "http://127\u30020\u30020\u30021:{stranger_port}/x",
    "http://\uff11\uff12\uff17.0.0.1:{stranger_port}/x",
    "http://127.0.0.1\uff0fx:{stranger_port}/",
    "http://%31%32%37.0.0.1:{stranger_port}/x",
    "http://{home}:{stranger_port}/x",
    "http://[::1/x",
    "http://[{stranger}]/x",
    "http://127.0.0.1:{stranger_port}0000/x",
    "http://127.0.0.1:+{stranger_port}/x",
    "http://127.0.0.1:{stranger_port} /x",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://{stranger}/x",
    "",
    " ",
    "#x",
    "?x",
    "x",
    "../../../x",
    "/x\r\nHost: {stranger}",
    "/x HTTP/1.1",
)
HOMELY: Final = ("/x", "{scheme}://{home}/x", "{scheme}://{home}/x?page=2")
PIECES: Final = (
    *("http:", "HTTPS:", "//", "/", "\\", "{home}", "{stranger}", "{scheme}://", "127.0.0.1", ":"),
    *("{home_port}", "{stranger_port}", "localhost", "@", "#", "?", ".", "..", "%2f", "%40", "\t"),
    *(" ", "\xe9", "\u3002", "\uff20", "[", "]", "x", "\0", ";"),
)


def addressed(template: str, home: str, stranger: str) -> str:
    """An address.

    :param template: names them in braces.
    :param home: the URL of the server that is trusted.
    :param stranger: the URL of another one.
    """
    scheme, _, authority = home.partition("://")
    other = stranger.partition("://")[2]
    names = {
        "scheme": scheme,
        "other": "http" if scheme == "https" else "https",
        "home": authority,
        "home_port": authority.partition(":")[2],
        "stranger": other,
        "stranger_port": other.partition(":")[2],
    }
    for name, value in names.items():
        template = template.replace(f"{{{name}}}", value)
    return template


def addresses() -> st.SearchStrategy[str]:
    """Templates of addresses: such as are known to fool some client, and any other."""
    return st.one_of(
        st.sampled_from(FOREIGN),
        st.sampled_from(ODD),
        st.sampled_from(HOMELY),
        st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
        st.integers(1, 9_000).map(lambda length: "http://{stranger}/" + "x" * length),
    )
