"""The server's own OpenAPI document.

Written by `python -m generator` from CVAT 2.80.0's OpenAPI document; edit `schema/` instead.
"""

# The functions are declarations: their bodies never run.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Literal

from cvatfn.codecs.jsonvalue import JSONObject
from cvatfn.codecs.unset import UNSET, Unset
from cvatfn.endpoints import get

__all__ = ["retrieve"]


@get(
    "/api/schema/",
    produces=(
        "application/vnd.oai.openapi+json",
        "application/json",
        "application/vnd.oai.openapi",
        "application/yaml",
    ),
    logins=("basic", "token", "access_token", "session", "anonymous"),
)
def retrieve(
    *,
    lang: Literal[
        "af",
        "ar",
        "ar-dz",
        "ast",
        "az",
        "be",
        "bg",
        "bn",
        "br",
        "bs",
        "ca",
        "ckb",
        "cs",
        "cy",
        "da",
        "de",
        "dsb",
        "el",
        "en",
        "en-au",
        "en-gb",
        "eo",
        "es",
        "es-ar",
        "es-co",
        "es-mx",
        "es-ni",
        "es-ve",
        "et",
        "eu",
        "fa",
        "fi",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "he",
        "hi",
        "hr",
        "hsb",
        "hu",
        "hy",
        "ia",
        "id",
        "ig",
        "io",
        "is",
        "it",
        "ja",
        "ka",
        "kab",
        "kk",
        "km",
        "kn",
        "ko",
        "ky",
        "lb",
        "lt",
        "lv",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "my",
        "nb",
        "ne",
        "nl",
        "nn",
        "os",
        "pa",
        "pl",
        "pt",
        "pt-br",
        "ro",
        "ru",
        "sk",
        "sl",
        "sq",
        "sr",
        "sr-latn",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "tk",
        "tr",
        "tt",
        "udm",
        "ug",
        "uk",
        "ur",
        "uz",
        "vi",
        "zh-hans",
        "zh-hant",
    ]
    | Unset = UNSET,
    scheme: Literal["json", "yaml"] | Unset = UNSET,
) -> JSONObject:
    """Download the OpenAPI document of this server, as JSON or YAML.

    :param lang: language of the descriptions in the document.
    :param scheme: file format of the document, json or yaml.
    :returns: JSON, with status 200.
    """
    ...
