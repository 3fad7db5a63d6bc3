"""What is wrong with a field, in the words of Kubernetes (apimachinery's `field.Error`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True)
class Cause:
    field: str
    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.field}: {self.message}"


def required(field: str, why: str = "") -> Cause:
    return Cause(field, "FieldValueRequired", "Required value" + (f": {why}" if why else ""))


def wrong(field: str, value: Any, why: str) -> Cause:
    return Cause(field, "FieldValueInvalid", f"Invalid value: {_shown(value)}: {why}")


def immutable(field: str, value: Any) -> Cause:
    return wrong(field, value, "field is immutable")


def duplicate(field: str, value: Any) -> Cause:
    return Cause(field, "FieldValueDuplicate", f"Duplicate value: {_shown(value)}")


def forbidden(field: str, why: str) -> Cause:
    return Cause(field, "FieldValueForbidden", f"Forbidden: {why}")


def missing(field: str, value: Any) -> Cause:
    return Cause(field, "FieldValueNotFound", f"Not found: {_shown(value)}")


def unsupported(field: str, value: Any, supported: Iterable[str]) -> Cause:
    choice = ", ".join(_shown(one) for one in supported)
    return Cause(field, "FieldValueNotSupported", f"Unsupported value: {_shown(value)}: supported values: {choice}")


def too_long(field: str, most: int) -> Cause:
    return Cause(field, "FieldValueTooLong", f"Too long: may not be more than {most} bytes")


def _shown(value: Any) -> str:
    return orjson.dumps(value).decode()
