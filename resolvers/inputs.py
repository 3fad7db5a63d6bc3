"""Inputs of mutations, as the models take them."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias, TypeVar, cast

import strawberry

from models.configuration.parsing import MAX_ISSUES, unusable_texts
from models.mutations.request import Request
from models.refusals import InvalidInput
from resolvers.context import OperationContext
from schema.inputs.configuration import ServiceConfigurationInput

T = TypeVar("T")

Input: TypeAlias = Annotated[T, strawberry.argument(name="input", description="What is to be done.")]


def given(value: T | None) -> T | None:
    """Without the difference between absent and null, where it means nothing."""
    return None if value is strawberry.UNSET else value


def said(value: object) -> Any:
    """An input with the fields that the caller gave, in snake case: absent ones are left out, null ones are None."""
    if isinstance(value, list):
        return [said(item) for item in cast("list[object]", value)]
    if not dataclasses.is_dataclass(value):
        return value
    fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
    return {name: said(inner) for name, inner in fields if inner is not strawberry.UNSET}


def configuration_said(configuration: ServiceConfigurationInput | None) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", said(configuration)) if configuration else {}


def require_texts(asked: object) -> None:
    """Raises InvalidInput for texts that no database holds."""
    unusable = list(unusable_texts(said(asked), ()))
    if unusable:
        raise InvalidInput(unusable[:MAX_ISSUES])


def request_of(context: OperationContext, mutation: str, asked: object) -> Request:
    """Who asks for what."""
    fields = cast("dict[str, Any]", said(asked))
    key = fields.pop("idempotency_key", None)
    text = json.dumps([mutation, fields], sort_keys=True)
    return Request(context.access, key, context.process.sealer.fingerprints(text), context.source)
