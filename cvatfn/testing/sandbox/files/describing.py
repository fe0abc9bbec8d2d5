"""The sandbox described as OpenAPI, from the endpoints that it answers with.

Rule: nothing is described that is not in the endpoints: their paths, parameters, bodies and
answers, and the models of these. What has no form in JSON Schema is described as anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Final, TypeAlias, cast, get_origin

import attrs
import msgspec

from cvatfn.codecs.bodies import sent_kind
from cvatfn.codecs.building import plain
from cvatfn.endpoints import Answer, Endpoint, Parameter, RequestBody
from cvatfn.finding import catalogue

__all__ = ["described"]

JSONObject: TypeAlias = dict[str, object]

TITLE: Final = "CVAT REST API"
REFERENCE: Final = "#/components/schemas/{name}"
ANYTHING: Final[JSONObject] = {}

_LOGINS: Final[Mapping[str, JSONObject]] = {
    "basic": {"type": "http", "scheme": "basic"},
    "token": {"type": "apiKey", "in": "header", "name": "Authorization"},
    "access_token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
}


@cache
def described(version: str) -> bytes:
    """The document, as JSON.

    :param version: the version that it bears.

    >>> document = msgspec.json.decode(described("2.80.0"))
    >>> document["info"]["version"], document["paths"]["/api/tasks/{id}"]["get"]["operationId"]
    ('2.80.0', 'tasks_retrieve')
    """
    schemas: JSONObject = {}
    paths: dict[str, JSONObject] = {}
    for endpoint in catalogue():
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    document: JSONObject = {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": version},
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": _LOGINS},
    }
    return msgspec.json.encode(document)


def _operation(endpoint: Endpoint[..., object], schemas: JSONObject) -> JSONObject:
    operation: JSONObject = {
        "operationId": endpoint.name.replace(".", "_"),
        "description": endpoint.doc,
        "tags": [endpoint.name.partition(".")[0]],
        "parameters": [_parameter(each, schemas) for each in endpoint.parameters],
        "responses": _answers(endpoint.answers, schemas),
        "security": [
            {} if login == "anonymous" else {login: list[str]()} for login in endpoint.logins
        ],
    }
    if endpoint.body is not None:
        operation["requestBody"] = _body(endpoint.body, schemas)
    if endpoint.deprecated:
        operation["deprecated"] = True
    return operation


def _parameter(parameter: Parameter, schemas: JSONObject) -> JSONObject:
    # filters and orders are written as texts: as texts they are described
    forms = [form for form in plain(parameter.type) if not attrs.has(_class_of(form))]
    schema = [_schema(form, schemas) for form in dict.fromkeys(forms)]
    return {
        "name": parameter.wire_name,
        "in": parameter.place,
        "required": parameter.required,
        "schema": schema[0] if len(schema) == 1 else {"anyOf": schema},
    }


def _body(body: RequestBody, schemas: JSONObject) -> JSONObject:
    schema = _schema(sent_kind(body.type), schemas)
    return {
        "required": body.required,
        "content": {kind: {"schema": schema} for kind in body.content_types},
    }


def _answers(answers: Iterable[Answer], schemas: JSONObject) -> JSONObject:
    responses: JSONObject = {}
    for answer in answers:
        schema = None if answer.type is None else _schema(answer.type, schemas)
        held = {kind: {"schema": schema} for kind in answer.content_types}
        said: JSONObject = {"description": HTTPStatus(answer.status).phrase}
        responses[str(answer.status)] = said if schema is None else {**said, "content": held}
    return responses


def _schema(kind: object, schemas: JSONObject) -> JSONObject:
    """The schema of a type; the models in it go among the others."""
    if kind is bytes:
        return {"type": "string", "format": "binary"}
    try:
        (schema,), found = msgspec.json.schema_components([kind], ref_template=REFERENCE)
    except TypeError:  # a union of models, which is told apart by what is there
        forms = plain(kind)
        if len(forms) < 2:
            return ANYTHING
        return {"anyOf": [_schema(form, schemas) for form in forms]}
    schemas.update(found)
    return schema


def _class_of(form: object) -> type:
    return cast("type", get_origin(form) or form)  # a form of a union of classes and aliases
