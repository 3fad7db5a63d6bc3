"""Completing values of scalars and enums as graphql-core does, as long as nothing is unusual about them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema_converter import CustomGraphQLEnumType

#: What becomes of a value in the response. Raises for whatever it does not know.
Complete = Callable[[Any], Any]
Leaf = GraphQLScalarType | GraphQLEnumType

#: Whose values are never awaitable, an exception or undefined.
ORDINARY = frozenset({bool, bytes, date, datetime, Decimal, dict, float, int, list, str, time, timedelta, tuple, UUID})
#: Scalars that leave values of one class as they are, with the condition for a value `v` of this class.
UNCHANGED: Mapping[GraphQLScalarType, tuple[type, str]] = {
    GraphQLString: (str, ""),
    GraphQLID: (str, ""),
    GraphQLBoolean: (bool, ""),
    GraphQLInt: (int, f" and {GRAPHQL_MIN_INT} <= v <= {GRAPHQL_MAX_INT}"),
}


def unchanged(type_: object, value: object) -> bool:
    """Whether the type leaves the value as it is, given by a client or to one."""
    if not isinstance(type_, GraphQLScalarType) or type_ not in UNCHANGED or value.__class__ is not UNCHANGED[type_][0]:
        return False
    return not isinstance(value, int) or GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT


class Unusual(Exception):
    """This is for graphql-core to execute: a field that has a resolver, or a value that it will wait for or refuse."""


def refuse_unusual(value: object) -> None:
    """Raises Unusual for null, undefined, exceptions and awaitables."""
    if value.__class__ not in ORDINARY and (
        value is None or value is Undefined or isinstance(value, Exception) or optimized_is_awaitable(value)
    ):
        raise Unusual


def leaf(type_: Leaf) -> Complete:
    """Completes values of the type."""
    coerce = cast("Complete", type_.coerce_output_value)

    def complete(value: object) -> object:
        refuse_unusual(value)
        coerced = coerce(value)
        if coerced is None or coerced is Undefined:
            raise Unusual
        return coerced

    return complete


def value_names(type_: Leaf) -> Mapping[int, str]:
    """How the members of an enum are spelled, by their identity: hashing a member takes longer."""
    if not isinstance(type_, CustomGraphQLEnumType):
        return {}
    return {id(member): type_.coerce_output_value(member) for member in type_.wrapped_cls}
