"""Values of attributes as JSON has them: numbers, truths and texts.

Rule: what is told apart by its text stays apart. A number that would come back as another text
("04") goes out as the text that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import TypeAlias

from cvatfn import models

__all__ = ["Value", "text_of", "value_of", "values_of"]

Value: TypeAlias = bool | int | float | str


def value_of(spec: models.Attribute, text: str) -> Value:
    """The value of an attribute.

    :param spec: the attribute; its input type says what it holds.
    :param text: the value as CVAT keeps it.
    """
    match spec.input_type:
        case models.InputTypeEnum.CHECKBOX if text in ("true", "false"):
            return text == "true"
        case models.InputTypeEnum.NUMBER:
            return _number(text)
        case _:
            return text


def values_of(
    specs: Mapping[int, models.Attribute], values: Iterable[models.AttributeVal]
) -> Mapping[str, Value]:
    """Values by the names of their attributes.

    :param specs: the attributes of the label by their ids.
    :param values: what was set; what the label does not have is left out.
    """
    return {
        specs[value.spec_id].name: value_of(specs[value.spec_id], value.value)
        for value in values
        if value.spec_id in specs
    }


def text_of(value: Value) -> str:
    """A value as CVAT keeps it.

    >>> text_of(True), text_of(4), text_of("x")
    ('true', '4', 'x')
    """
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(text: str) -> Value:
    try:
        whole = int(text[:40])
    except ValueError:
        whole = 0
    if str(whole) == text and whole.bit_length() < 64:
        return whole
    try:
        number = float(text)
    except ValueError:
        return text
    return number if str(number) == text and isfinite(number) else text
