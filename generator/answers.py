"""From the responses and the security of an operation to what it answers, to whom.

Rule: the document's word counts, unless `schema/overrides.toml` says what servers really do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, frozen
from openapi_pydantic.v3.v3_0 import Operation as Described
from openapi_pydantic.v3.v3_0 import Reference, Response

from generator.errors import Unusable
from generator.facts import Scalar, Typed
from generator.schemas import Schemas, as_read, schema_of, typed
from generator.tables import AnswerOverride

__all__ = ["LOGINS", "Answers", "answers", "logins"]

LOGINS = ("basic", "token", "access_token", "session", "anonymous")
"""The logins in the order in which endpoints state them."""

FILE = Typed(Scalar("bytes"))


@frozen
class Answers:
    """What an operation answers; see `facts.Operation`."""

    statuses: tuple[int, ...]
    types: tuple[Typed, ...]
    empty: bool
    errors: tuple[tuple[int, Typed | None], ...]
    produces: tuple[str, ...]


def answers(
    described: Described,
    operation: str,
    schemas: Schemas,
    override: AnswerOverride | None,
    produces: str,
) -> Answers:
    """What an operation answers.

    :param described: the document's operation.
    :param operation: what to call it in errors.
    :param schemas: the document's named schemas.
    :param override: the correction there is for it.
    :param produces: the media type in which the API answers, where nothing else is said.
    :raises Unusable: a response is of a kind that is not understood.
    """
    responses = {
        int(status): _in_place(response, operation)
        for status, response in described.responses.items()
    }
    good = {status: held for status, held in responses.items() if 200 <= status < 300}
    if not good:
        raise Unusable(f"{operation}: no status of success")
    types = {status: _types(held, schemas, operation) for status, held in good.items()}
    found = Answers(
        statuses=tuple(good),
        types=tuple(dict.fromkeys(kind for kinds in types.values() for kind in kinds)),
        empty=any(not kinds for kinds in types.values()),
        errors=tuple(
            (status, next(iter(_types(held, schemas, operation)), None))
            for status, held in responses.items()
            if status >= 400
        ),
        produces=tuple(
            dict.fromkeys(kind for held in good.values() for kind in held.content or ())
        ),
    )
    corrected = found if override is None else _corrected(found, override, schemas, operation)
    return evolve(corrected, produces=corrected.produces or _default(corrected, produces))


def logins(
    security: Iterable[Mapping[str, object]], names: Mapping[str, str], operation: str
) -> tuple[str, ...]:
    """The logins an operation takes.

    :param security: the document's word: one mapping for each way to log in, empty for none.
    :param names: how the document's schemes are called here; some are parts of the same login.
    :param operation: what to call it in errors.
    """
    ways: set[str] = set()
    for way in security:
        unknown = way.keys() - names.keys()
        if unknown:
            raise Unusable(f"{operation}: unknown security scheme {min(unknown)!r}")
        ways |= {names[scheme] for scheme in way} or {"anonymous"}
    return tuple(login for login in LOGINS if login in ways)


def _corrected(
    found: Answers, override: AnswerOverride, schemas: Schemas, operation: str
) -> Answers:
    content = override.content
    types: tuple[Typed, ...] = ()
    if content is not None:
        types = (as_read(typed(schema_of(content), schemas, operation)),)
    return evolve(
        found,
        statuses=override.statuses or found.statuses,
        types=types,
        empty=override.empty or not types,
        produces=override.produces or (),
    )


def _default(found: Answers, produces: str) -> tuple[str, ...]:
    return ("*/*",) if FILE in found.types else (produces,)


def _in_place(response: Response | Reference, operation: str) -> Response:
    if isinstance(response, Reference):
        raise Unusable(f"{operation}: a response that is not described in place")
    return response


def _types(response: Response, schemas: Schemas, operation: str) -> tuple[Typed, ...]:
    held = [media.media_type_schema for media in (response.content or {}).values()]
    found = [as_read(typed(schema, schemas, operation)) for schema in held if schema is not None]
    return tuple(dict.fromkeys(found))
