"""The generator: what it writes is what is committed, and every name finds its way to the wire."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import json
import os
import pkgutil
import shutil
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import NotRequired, get_origin, get_type_hints

import attrs
import msgspec
import pytest
from typing_extensions import override

pytest.importorskip("openapi_pydantic", reason="the generator reads documents with it")
pytest.importorskip("ruff", reason="the generator formats with it")

import generator
from cvatfn import api, models
from cvatfn.codecs.enums import OpenEnum
from cvatfn.endpoints import Endpoint
from generator import document
from generator.__main__ import ROOT, generated, main
from generator.catalogue import catalogue, undescribed
from generator.errors import Unusable
from generator.facts import Lives
from generator.names import field_name, member_names, module_name
from generator.observe import exchanges, observed
from generator.output import differing, rendered, write
from generator.tables import (
    Area,
    Blank,
    FieldOverride,
    Ledger,
    Listed,
    Listings,
    Nullable,
    Observed,
    Overrides,
    ParameterOverride,
    SchemaOverride,
    Secrets,
    Sentences,
    Tables,
    TypeOf,
    newest_document,
)
from tests.test_endpoints import ADDED

SETTINGS = ROOT / "pyproject.toml"
DOCUMENT = json.loads(newest_document(ROOT / "schema").read_text(encoding="utf-8"))
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = [
    (method.upper(), path, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]


def named(operation_id: str, tag: str) -> Endpoint[..., object]:
    """The endpoint that must be there for an operation, by the rule and not by the generator."""
    module = getattr(api, module_name(tag))
    name = operation_id.removeprefix(f"{tag}_")
    found: Endpoint[..., object] = getattr(module, name)
    return found


# What is committed


def test_the_committed_files_are_what_the_generator_writes() -> None:
    assert (differing(generated()[0], ROOT), generated()[1]) == ((), ())


def test_the_order_of_sets_makes_no_difference() -> None:
    done = subprocess.run(
        (sys.executable, "-m", "generator", "--check"),
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_operation_has_its_endpoint_in_one_module_for_each_tag() -> None:
    written = [
        getattr(module, name)
        for tag in api.TAGS
        for module in [getattr(api, tag)]
        for name in module.__all__
    ]
    assert all(isinstance(found, Endpoint) for found in written)
    assert (len(written), len(api.TAGS)) == (166, 23)


def test_every_schema_is_reachable_from_models() -> None:
    assert len(SCHEMAS) == 222
    assert set(SCHEMAS) <= set(dir(models))
    assert all(getattr(models, name) is not None for name in dir(models))


def test_models_load_no_module_until_one_is_asked_for() -> None:
    program = (
        "import sys, cvatfn.models\n"
        "heavy = {'attr', 'attrs', 'msgspec', 'typing_extensions'}\n"
        "print([n for n in sys.modules if n in heavy or n.startswith('cvatfn.models.')])\n"
    )
    done = subprocess.run(  # noqa: S603 - this very interpreter
        (sys.executable, "-c", program), cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_models_know_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        _ = models.Nothing  # type: ignore[attr-defined]  # that is the point
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = api.nothing  # type: ignore[attr-defined]  # that is the point


# Every name, there and back


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    OPERATIONS,
    ids=[found["operationId"] for *_, found in OPERATIONS],
)
def test_operations_keep_their_names(method: str, path: str, operation: dict[str, object]) -> None:
    (tag,) = [str(tag) for tag in msgspec.convert(operation["tags"], list[str])]
    endpoint = named(str(operation["operationId"]), tag)
    assert f"{endpoint.name.replace('.', '_')}" == operation["operationId"]
    assert (endpoint.method, endpoint.path) == (method, path)
    described = msgspec.convert(operation.get("parameters", []), list[dict[str, object]])
    added = {("query", name) for name in ADDED.get(str(operation["operationId"]), ())}
    taken = {(one.place, one.wire_name) for one in endpoint.parameters}
    assert taken - added == {(str(one["in"]), str(one["name"])) for one in described}
    assert added <= taken
    names = [one.name for one in endpoint.parameters]
    assert all(name.isidentifier() for name in names)
    assert len(set(names)) == len(names)
    assert {one.wire_name for one in endpoint.parameters if one.required} == {
        one["name"] for one in described if one.get("required")
    }


ENUMS = [name for name, schema in SCHEMAS.items() if "enum" in schema]
OBJECTS = [
    name
    for name, schema in SCHEMAS.items()
    if "properties" in schema and not name.startswith("Paginated")
]


@pytest.mark.parametrize("name", ENUMS)
def test_enum_members_keep_their_texts(name: str) -> None:
    enum: type[OpenEnum] = getattr(models, name)
    values = SCHEMAS[name]["enum"]
    assert [member.value for member in enum] == values
    assert [enum(value).name for value in values] == list(member_names(values))
    assert all(member.name.isidentifier() and member.name.isupper() for member in enum)


@pytest.mark.parametrize("name", OBJECTS)
def test_fields_keep_their_names(name: str) -> None:
    model = getattr(models, name)
    wires = list(SCHEMAS[name]["properties"])
    assert [field.name for field in attrs.fields(model)] == wires
    assert [field_name(name, wire) for wire in wires] == wires
    if name.endswith("Request") and name != "Request":
        twin = getattr(models, f"{name}Dict")
        hints = get_type_hints(twin, include_extras=True)
        needed = {
            key for key in wires if twin.__total__ and get_origin(hints[key]) is not NotRequired
        }
        assert (list(hints), needed) == (wires, set(SCHEMAS[name].get("required", ())))


@pytest.mark.parametrize("name", OBJECTS)
def test_the_native_decoder_takes_every_model(name: str) -> None:
    model = getattr(models, name)
    msgspec.json.Decoder(model)
    msgspec.json.Decoder(models.Page[model])  # type: ignore[valid-type]  # a type made of a value


# Documents made up to be awkward

AWKWARD = r"""
openapi: 3.0.3
info: {title: Awkward, version: 1.2.0}
paths:
  /import/{id}/{from}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}}
    post:
      operationId: import_class
      tags: [import]
      parameters:
        - {name: From, in: header, schema: {type: string}}
        - {name: from, in: path, required: true, schema: {type: string, pattern: '^\d"$'}}
        - {name: id, in: query, schema: {type: integer}}
        - {name: from, in: query, schema: {type: string, format: date-time}}
        - {name: thing_request, in: query, required: true, schema: {type: boolean}}
        - {name: page size, in: query, schema: {type: string, enum: [a-b, a b]}}
        - {name: 2d, in: query, schema: {type: string, enum: [none, 'no']}, deprecated: true}
        - {name: X-Class, in: header, schema: {type: array, items: {type: integer}}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/ThingRequest'}}
          multipart/form-data: {schema: {$ref: '#/components/schemas/ThingRequest'}}
      security: [{}, {key: []}]
      responses:
        201:
          description: ''
          content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
        202: {description: ''}
        409:
          description: ''
          content: {application/json: {schema: {$ref: '#/components/schemas/Kind'}}}
  /import:
    get:
      operationId: import_get
      tags: [import]
      responses:
        200: {description: '', content: {text/plain: {schema: {type: string, format: binary}}}}
    put:
      operationId: import_get_
      tags: [import]
      responses:
        200: {description: '', content: {application/json: {schema: {type: string, enum: [a, b]}}}}
    patch:
      operationId: import_str
      tags: [import]
      responses:
        200:
          description: ''
          content: {application/json: {schema: {type: array, items: {type: object}}}}
    delete:
      operationId: other-name
      tags: [import]
      responses: {204: {description: ''}}
components:
  schemas:
    ThingRequest:
      type: object
      required: [name]
      properties:
        name: {type: string, minLength: 1, pattern: '^\w+$'}
        password: {type: string}
        file: {type: string, format: binary}
        children: {type: array, items: {$ref: '#/components/schemas/ThingRequest'}}
        kinds: {type: object, additionalProperties: {$ref: '#/components/schemas/Kind'}}
        kind:
          oneOf: [{$ref: '#/components/schemas/Kind'}, {$ref: '#/components/schemas/Blank'}]
          nullable: true
        corners: {type: array, items: {type: number, maximum: 0.5}, minItems: 4, maxItems: 4}
        open: {}
    Thing:
      type: object
      properties:
        id: {type: string, format: uuid}
        made: {type: string, format: date-time, nullable: true}
        kind: {allOf: [{$ref: '#/components/schemas/Kind'}], readOnly: true}
        choice: {type: string, enum: [x, y]}
        late: {type: array, items: {$ref: '#/components/schemas/Thing'}}
        old: {type: integer, deprecated: true}
    Kind:
      type: string
      enum: [a-b, a b, '', 1d, Done, done, done_2, '***', '###', class, 'say "hi"']
    Blank: {type: string, enum: ['']}
"""


TABLES = Tables(
    areas={"things": Area("Things.", ("",))},
    sentences=Sentences(
        tags={"import": "Importing."},
        operations=dict.fromkeys(
            ("import_class", "import_get", "import_get_", "import_str", "other-name"), "Do it."
        ),
        models=dict.fromkeys(("Blank", "Kind", "Thing", "ThingRequest"), "What it is."),
        parameters=dict.fromkeys(
            ("2d", "From", "X-Class", "from", "id", "page size", "thing_request"), "what it is"
        ),
    ),
    overrides=Overrides(
        baseline="1.1",
        produces="application/json",
        logins={"key": "token"},
        words={},
        secrets=Secrets(("ThingRequest.password",), "it is one"),
    ),
    ledger=Ledger(
        versions=("1.0", "1.1", "1.2.0"),
        operations={"POST /import/{id}/{from}": Lives(since="1.1")},
        parameters={
            "POST /import/{id}/{from} query:id": Lives(since="1.1"),
            "POST /import/{id}/{from} query:from": Lives(since="1.2.0"),
        },
        fields={"Thing.late": Lives(since="1.2.0"), "Thing.old": Lives(until="1.1")},
        values={"Kind=class": Lives(since="1.2.0")},
    ),
    observed={"Thing": {"kind": Observed(3, 1, 0), "choice": Observed(3, 0, 2)}},
)


def write_awkward(folder: Path) -> dict[str, str]:
    files = rendered(catalogue(document.parse(AWKWARD), TABLES), TABLES, SETTINGS)
    write(files, folder)
    return files


@pytest.fixture(scope="module")
def awkward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ModuleType, ModuleType]]:
    """The models and the endpoints of the made-up document, imported."""
    folder = tmp_path_factory.mktemp("awkward")
    write_awkward(folder)
    things = loaded("awkward_things", folder / "cvatfn/models/things.py")
    endpoints = loaded("awkward_import_", folder / "cvatfn/api/import_.py")
    setattr(endpoints, "models", things)  # noqa: B010 - where the generated code looks for them
    yield things, endpoints
    del sys.modules[things.__name__], sys.modules[endpoints.__name__]


def loaded(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_awkward_documents_come_out_formatted(tmp_path: Path) -> None:
    files = write_awkward(tmp_path)
    assert set(files) == {
        "cvatfn/api/__init__.py",
        "cvatfn/api/import_.py",
        "cvatfn/filters/__init__.py",
        "cvatfn/filters/listings.py",
        "cvatfn/models/__init__.py",
        "cvatfn/models/things.py",
    }
    shutil.copy(SETTINGS, tmp_path)
    for command in (("format", "--check"), ("check",)):
        done = subprocess.run(  # noqa: S603 - this very interpreter
            (sys.executable, "-m", "ruff", *command, "--no-cache", "."),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout


def test_operations_that_collide_are_told_apart(awkward: tuple[ModuleType, ModuleType]) -> None:
    _, endpoints = awkward
    found = {
        name: (endpoint.method, endpoint.path)
        for name in endpoints.__all__
        for endpoint in [getattr(endpoints, name)]
    }
    assert found == {
        "class_": ("POST", "/import/{id_}/{from_}"),
        "get_": ("GET", "/import"),
        "get__": ("PUT", "/import"),
        "str_": ("PATCH", "/import"),
        "other_name": ("DELETE", "/import"),
    }


def test_parameters_that_collide_are_told_apart(awkward: tuple[ModuleType, ModuleType]) -> None:
    endpoint = awkward[1].class_
    assert [(one.place, one.name, one.wire_name) for one in endpoint.parameters] == [
        ("path", "id_", "id_"),
        ("path", "from_", "from_"),
        ("query", "thing_request_", "thing_request"),
        ("query", "id", "id"),
        ("query", "from__", "from"),
        ("query", "page_size", "page size"),
        ("query", "p_2d", "2d"),
        ("header", "from___", "From"),
        ("header", "x_class", "X-Class"),
    ]
    assert endpoint.body.name == "thing_request"
    assert endpoint.body.content_types == ("application/json", "multipart/form-data")
    since = {one.name: one.since for one in endpoint.parameters if one.since}
    assert (endpoint.since, since) == ("1.1", {"from__": "1.2.0"})
    assert [one.name for one in endpoint.parameters if one.deprecated] == ["p_2d"]
    assert endpoint.logins == ("token", "anonymous")


def test_values_that_collide_are_told_apart(awkward: tuple[ModuleType, ModuleType]) -> None:
    kind: type[OpenEnum] = awkward[0].Kind
    assert {member.name: member.value for member in kind} == {
        "A_B": "a-b",
        "A_B_2": "a b",
        "BLANK": "",
        "VALUE_1D": "1d",
        "DONE": "Done",
        "DONE_2": "done",
        "DONE_2_2": "done_2",
        "VALUE": "***",
        "VALUE_2": "###",
        "CLASS": "class",
        "SAY_HI": 'say "hi"',
    }


def test_answers_are_as_the_facts_have_them(awkward: tuple[ModuleType, ModuleType]) -> None:
    things, endpoints = awkward
    needed = {field.name for field in attrs.fields(things.Thing) if field.default is attrs.NOTHING}
    assert needed == {"id", "made", "choice"}
    read = msgspec.json.decode(
        b'{"id": "00000000-0000-0000-0000-000000000000", "made": null, "choice": null}',
        type=things.Thing,
    )
    assert read.choice is None
    assert read.kind is msgspec.UNSET
    answers = {one.status: one.type for one in endpoints.class_.answers}
    assert answers == {201: things.Thing | None, 202: things.Thing | None, 409: things.Kind}
    assert [one.type for one in endpoints.get_.answers] == [bytes]
    assert [one.type for one in endpoints.get__.answers] == [str]
    assert [one.type for one in endpoints.other_name.answers] == [None]


def test_requests_take_dicts_and_hide_secrets(awkward: tuple[ModuleType, ModuleType]) -> None:
    things, _ = awkward
    made = things.ThingRequest(
        name="a", password="secret", children=[{"name": "b", "kind": ""}], kinds={"c": "a-b"}
    )
    assert made.children == (things.ThingRequest(name="b", kind=things.Kind.BLANK),)
    assert made.kinds == {"c": things.Kind.A_B}
    assert "secret" not in repr(made)


# What is refused, by name


def refused(text: str, tables: Tables = TABLES) -> str:
    with pytest.raises(Unusable) as caught:
        rendered(catalogue(document.parse(text), tables), tables, SETTINGS)
    return str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("choice: {", "class: {", "Thing.class: a field has the same name"),
        ("choice: {", "a-b: {", "Thing.a-b: a field has the same name"),
        ("choice: {", "int: {", "Thing.int: a field has the same name"),
        ("enum: [x, y]", "enum: [x, 1]", "Thing.choice: an enum of something else than texts"),
        ("open: {}", "open: {properties: {a: {}}}", "ThingRequest.open: an object in place"),
        ("open: {}", "open: {type: array}", "ThingRequest.open: an array of nothing"),
        (
            "open: {}",
            "open: {oneOf: [{}, {type: integer}]}",
            "ThingRequest.open: a choice in place",
        ),
        ("schemas/Thing'", "schemas/Gone'", "#/components/schemas/Gone is nowhere"),
        ("name: From, in: header", "name: From, in: cookie", "From travels in a cookie"),
        ("{key: []}", "{other: []}", "unknown security scheme 'other'"),
        ("operationId: import_str", "summary: nothing", "PATCH /import: no operationId"),
        (
            "operationId: import_str",
            "operationId: new",
            "sentences.toml, operations: import_str: not in the document",
        ),
        ("    Kind:", "    KindDict: {type: object}\n    Kind:", "KindDict: a named schema"),
        ("Thing:\n      type", "Page:\n      type", "#/components/schemas/Thing is nowhere"),
    ],
)
def test_what_cannot_be_written_is_named(old: str, new: str, said: str) -> None:
    assert old in AWKWARD
    assert said in refused(AWKWARD.replace(old, new, 1))


def changed(**parts: object) -> Tables:
    facts: Tables = msgspec.structs.replace(TABLES, **parts)
    return facts


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (
            changed(areas={"a": Area("", ("Th",)), "b": Area("", ("Th",))}),
            "areas.toml: Th in a and in b",
        ),
        (
            changed(
                overrides=msgspec.structs.replace(
                    TABLES.overrides, fields=(FieldOverride(("Thing.gone",), "", always=True),)
                )
            ),
            "overrides.toml, fields: Thing.gone: not in the document",
        ),
        (
            changed(
                sentences=msgspec.structs.replace(
                    TABLES.sentences, models={**TABLES.sentences.models, "Gone": "It was."}
                )
            ),
            "sentences.toml, models: Gone: not in the document",
        ),
        (
            changed(areas={"a": Area("", ("", "Gone"))}),
            "areas.toml: Gone: no schema begins so",
        ),
    ],
)
def test_facts_that_do_not_fit_are_named(tables: Tables, said: str) -> None:
    assert said in refused(AWKWARD, tables)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        (changed(areas={"things": Area("", ("Thing",))}), "schema/areas.toml: nothing about"),
        (
            changed(sentences=msgspec.structs.replace(TABLES.sentences, tags={})),
            "schema/sentences.toml, tags: nothing about import",
        ),
        (
            changed(sentences=msgspec.structs.replace(TABLES.sentences, models={})),
            "schema/sentences.toml, models: nothing about",
        ),
        (
            changed(sentences=msgspec.structs.replace(TABLES.sentences, parameters={})),
            "schema/sentences.toml, parameters: nothing about",
        ),
        (
            changed(sentences=msgspec.structs.replace(TABLES.sentences, operations={})),
            "schema/sentences.toml, operations: nothing about",
        ),
    ],
)
def test_what_a_new_release_brings_is_written_and_told(tables: Tables, said: str) -> None:
    found = catalogue(document.parse(AWKWARD), tables)
    assert any(line.startswith(said) for line in undescribed(found, tables))
    assert rendered(found, tables, ROOT / "pyproject.toml")


def test_what_a_field_held_before_its_model_was_there_must_be_said() -> None:
    text = AWKWARD.replace(
        "choice: {type: string, enum: [x, y]}", "choice: {$ref: '#/components/schemas/Part'}"
    ).replace(
        "    Blank:", "    Part: {type: object, properties: {size: {type: integer}}}\n    Blank:"
    )
    ledger = msgspec.structs.replace(TABLES.ledger, fields={"Part.size": Lives(since="1.2.0")})
    said = refused(text, changed(ledger=ledger))
    assert said.startswith("Thing.choice: what did releases before 1.2.0 send there?")
    part = {"$ref": "#/components/schemas/Part"}
    either: dict[str, object] = {"oneOf": [part, {"type": "integer"}]}
    named: dict[str, object] = {"$ref": "#/components/schemas/PartOrSize"}
    overrides = msgspec.structs.replace(
        TABLES.overrides,
        schemas=(SchemaOverride("PartOrSize", "", either),),
        fields=(FieldOverride(("Thing.choice",), "", content=named),),
    )
    tables = changed(ledger=ledger, overrides=overrides)
    files = rendered(catalogue(document.parse(text), tables), tables, SETTINGS)
    assert "PartOrSize: TypeAlias = Part | int" in files["cvatfn/models/things.py"]
    assert "choice: PartOrSize | None" in files["cvatfn/models/things.py"]
    again = msgspec.structs.replace(overrides, schemas=(SchemaOverride("Part", "", either),))
    assert "Part: the document has it" in refused(text, changed(overrides=again))


def test_a_parameter_that_the_document_lacks_is_taken_and_one_that_it_has_is_not() -> None:
    def added(operation: str, name: str) -> Tables:
        entry = ParameterOverride((operation,), name, "", {"type": "boolean"})
        overrides = msgspec.structs.replace(TABLES.overrides, parameters=(entry,))
        told = {**TABLES.sentences.parameters, name: "what it is"}
        sentences = msgspec.structs.replace(TABLES.sentences, parameters=told)
        return changed(overrides=overrides, sentences=sentences)

    tables = added("import_get", "late")
    (endpoint, *_) = (
        found
        for found in catalogue(document.parse(AWKWARD), tables).operations
        if found.id == "import_get"
    )
    assert [(one.wire, one.place, one.required) for one in endpoint.parameters] == [
        ("late", "query", False)
    ]
    assert "import_class from: the document has it" in refused(
        AWKWARD, added("import_class", "from")
    )
    assert "overrides.toml, parameters: gone" in refused(AWKWARD, added("gone", "from"))


def test_areas_that_need_each_other_are_named() -> None:
    text = AWKWARD.replace("open: {}", "open: {$ref: '#/components/schemas/Thing'}").replace(
        "choice: {type: string, enum: [x, y]}",
        "choice: {$ref: '#/components/schemas/ThingRequest'}",
    )
    tables = changed(areas={"a": Area("", ("",)), "b": Area("", ("ThingRequest",))})
    assert "areas that need each other" in refused(text, tables)


# Reading, observing, writing


def test_json_and_yaml_and_an_address_read_the_same(tmp_path: Path) -> None:
    parsed = document.parse(AWKWARD)
    as_json = tmp_path / "document.json"
    as_json.write_text(parsed.model_dump_json(by_alias=True, exclude_none=True), encoding="utf-8")
    as_yaml = tmp_path / "document.yaml"
    as_yaml.write_text(AWKWARD, encoding="utf-8")
    assert document.load(as_json) == document.load(as_yaml) == parsed
    with served(AWKWARD) as address:
        assert document.load(address) == parsed


@contextmanager
def served(text: str) -> Generator[str]:
    """A server on loopback that answers everything with a text."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        @override
        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api/schema/"
        finally:
            server.shutdown()
            thread.join()


def test_what_is_no_document_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "document.json"
    for text in ("", "{", "[1]", '{"openapi": "3.0.3"}'):
        path.write_text(text, encoding="utf-8")
        assert main([str(path)]) == 2
        assert str(path) in capsys.readouterr().err


def test_answers_are_counted_by_field(tmp_path: Path) -> None:
    lines = [
        {"operation": "import_class", "status": 201, "response_body": {"json": THING}},
        {"operation": "import_class", "status": 400, "response_body": {"json": THING}},
        {"operation": "import_class", "status": 202, "response_body": None},
        {"operation": None, "status": 200, "response_body": {"json": THING}},
    ]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    counts = observed(exchanges(tmp_path), catalogue(document.parse(AWKWARD), TABLES))
    assert counts == {
        "Thing": {
            "choice": {"seen": 0, "missing": 3, "null": 0},
            "id": {"seen": 2, "missing": 1, "null": 0},
            "kind": {"seen": 0, "missing": 3, "null": 0},
            "late": {"seen": 1, "missing": 2, "null": 0},
            "made": {"seen": 1, "missing": 2, "null": 1},
            "old": {"seen": 0, "missing": 3, "null": 0},
        }
    }


THING = {"id": "a", "made": None, "late": [{"id": "b"}, {}]}


def test_only_generated_files_are_removed(tmp_path: Path) -> None:
    files = write_awkward(tmp_path)
    stale = tmp_path / "cvatfn/models/gone.py"
    stale.write_text((tmp_path / "cvatfn/models/things.py").read_text(encoding="utf-8"))
    by_hand = tmp_path / "cvatfn/models/page.py"
    by_hand.write_text("# somebody's work\n")
    (tmp_path / "cvatfn/api/import_.py").write_text("changed")
    assert differing(files, tmp_path) == ("cvatfn/api/import_.py", "cvatfn/models/gone.py")
    assert write(files, tmp_path) == ("cvatfn/api/import_.py", "cvatfn/models/gone.py")
    assert differing(files, tmp_path) == ()
    assert by_hand.exists()


@pytest.mark.parametrize(
    "name", [f"generator.{found.name}" for found in pkgutil.iter_modules(generator.__path__)]
)
def test_the_examples_in_the_generator_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


# What can be listed, filtered and sorted by

LISTED = r"""
openapi: 3.0.3
info: {title: Listed, version: 1.2.0}
paths:
  /import:
    get:
      operationId: import_list
      tags: [import]
      parameters:
        - {name: filter, in: query, schema: {type: string}}
        - {name: sort, in: query, schema: {type: string}}
        - {name: name, in: query, schema: {type: string}}
        - {name: kind, in: query, schema: {type: string, enum: [x, y]}}
        - {name: place, in: query, schema: {type: string, enum: [here, there]}}
      responses:
        200:
          description: ''
          content: {application/json: {schema: {$ref: '#/components/schemas/PaginatedThingList'}}}
components:
  schemas:
    PaginatedThingList:
      type: object
      properties:
        count: {type: integer}
        next: {type: string, nullable: true}
        previous: {type: string, nullable: true}
        results: {type: array, items: {$ref: '#/components/schemas/Thing'}}
    Thing:
      type: object
      properties:
        id: {type: integer}
        name: {type: string, nullable: true, maxLength: 3}
        kind:
          nullable: true
          oneOf:
            - {$ref: '#/components/schemas/Kind'}
            - {$ref: '#/components/schemas/BlankEnum'}
        made: {type: string, format: date-time}
        done: {type: boolean}
    Kind: {type: string, enum: [x, y]}
    BlankEnum: {enum: ['']}
"""
LISTS = changed(
    sentences=Sentences(
        tags={"import": "Importing."},
        operations={"import_list": "List."},
        models={"BlankEnum": "Nothing.", "Kind": "What.", "Thing": "What."},
        parameters=dict.fromkeys(("filter", "sort", "name", "kind", "place"), "what it is"),
    ),
    overrides=Overrides(
        baseline="1.1", produces="application/json", logins={}, words={}, secrets=Secrets((), "")
    ),
    ledger=Ledger(versions=("1.2.0",), operations={}, parameters={}, fields={}, values={}),
    observed={},
    listings=Listings(
        {"filter": "Filter", "sort": "Order"},
        {
            "import_list": Listed(
                "Things",
                filter=("done", "id", "kind", "maker", "name", "place"),
                sort=("id", "kind", "made", "name"),
                search=("maker", "name"),
            )
        },
        types=(TypeOf(("import_list.maker",), "str", "it is a name"),),
        null=(Nullable(("import_list.place",), "some are nowhere"),),
        blank=(Blank(("import_list.place",), "some do not say"),),
    ),
)


def test_fields_have_the_types_of_parameters_then_of_what_is_listed_then_of_the_table() -> None:
    files = rendered(catalogue(document.parse(LISTED), LISTS), LISTS, SETTINGS)
    (_, _, written) = files["cvatfn/filters/listings.py"].partition("@final\n")
    assert (
        written
        == '''\
class Things:
    """The fields of `import.list`; its `search` looks in maker and name."""

    done: Final[Field[Things, bool, Unsortable]] = Field("done")
    id: Final[Number[Things, int]] = Number("id")
    kind: Final[Field[Things, models.KindLike | Literal[""] | None]] = Field("kind")
    made: Final[Key[Things]] = Key("made")
    maker: Final[Text[Things, str, Unsortable]] = Text("maker")
    name: Final[Text[Things, str | None]] = Text("name")
    place: Final[Field[Things, Literal["here", "there", ""] | None, Unsortable]] = Field("place")
'''
    )
    signature = files["cvatfn/api/import_.py"]
    assert "filter: str | filters.Filter[filters.Things] | Unset = UNSET" in signature
    assert "sort: str | filters.Order[filters.Things] | Unset = UNSET" in signature
    assert (
        "from cvatfn.filters.listings import Things as Things"
        in files["cvatfn/filters/__init__.py"]
    )


def test_fields_of_plain_listings_are_equal_or_not_and_no_more() -> None:
    plain = {
        name: msgspec.structs.replace(listed, plain=True, note="It is slow.")
        for name, listed in LISTS.listings.listings.items()
    }
    tables = msgspec.structs.replace(
        LISTS, listings=msgspec.structs.replace(LISTS.listings, listings=plain)
    )
    files = rendered(catalogue(document.parse(LISTED), tables), tables, SETTINGS)
    written = files["cvatfn/filters/listings.py"]
    assert '    id: Final[Field[Things, int]] = Field("id")\n' in written
    assert '    maker: Final[Field[Things, str, Unsortable]] = Field("maker")\n' in written
    assert "looks in maker and name.\n\n    It is slow.\n" in written


def test_a_listing_that_nobody_described_takes_texts() -> None:
    tables = msgspec.structs.replace(LISTS, listings=Listings(LISTS.listings.values))
    found = catalogue(document.parse(LISTED), tables)
    assert undescribed(found, tables) == ("schema/listings.toml: nothing about import_list",)
    files = rendered(found, tables, SETTINGS)
    assert "    filter: str | Unset = UNSET,\n" in files["cvatfn/api/import_.py"]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"listings": {"gone": Listed("Gone", ())}}, "listings.toml: gone: not in the document"),
        ({"types": ()}, "listings.toml, types: nothing about import_list.maker"),
        (
            {"types": (*LISTS.listings.types, TypeOf(("import_list.id",), "int", "it is known"))},
            "listings.toml: import_list.id: there is nothing to correct",
        ),
        (
            {"null": (Nullable(("import_list.name",), "it is known"),)},
            "listings.toml: import_list.name: there is nothing to correct",
        ),
        (
            {"blank": (Blank(("import_list.kind",), "it is known"),)},
            "listings.toml: import_list.kind: there is nothing to correct",
        ),
    ],
)
def test_facts_of_listings_that_do_not_fit_are_named(parts: dict[str, object], said: str) -> None:
    listings = msgspec.structs.replace(LISTS.listings, **parts)
    assert said in refused(LISTED, msgspec.structs.replace(LISTS, listings=listings))
