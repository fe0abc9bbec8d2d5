"""Reads an OpenAPI 3.0 document, from a file or an address, in JSON or YAML."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import yaml
from openapi_pydantic.v3.v3_0 import OpenAPI

from generator.errors import Unusable
from generator.plain import Plain

__all__ = ["load", "parse"]

ACCEPT = "application/vnd.oai.openapi+json, application/json;q=0.9, application/yaml;q=0.8"


def load(source: str | Path) -> OpenAPI:
    """Read a document.

    :param source: a path, or an http or https address such as `<server>/api/schema/`.
    :raises Unusable: it cannot be read, or is no OpenAPI 3.0.
    """
    try:
        return parse(_text(str(source)))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Unusable(f"{source}: {error}") from error


def parse(text: str) -> OpenAPI:
    """Read a document that is at hand.

    :param text: JSON, or YAML with or without quotes around its status codes.
    """
    loaded: Plain = json.loads(text) if text.startswith("{") else yaml.safe_load(text)
    return OpenAPI.model_validate(_with_text_keys(loaded))


def _text(source: str) -> str:
    if urlsplit(source).scheme not in {"http", "https"}:
        return Path(source).read_text(encoding="utf-8")
    request = Request(source, headers={"Accept": ACCEPT})  # noqa: S310 - http(s), checked above
    with urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        content: bytes = answer.read()
    return content.decode()


def _with_text_keys(value: Plain) -> Plain:
    """YAML reads an unquoted `200:` as a number; every key of OpenAPI is a text."""
    if isinstance(value, dict):
        return {str(key): _with_text_keys(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_with_text_keys(held) for held in value]
    return value
