"""Completing lists, objects and abstract types as graphql-core does, as long as nothing is unusual about them."""

# pyright: reportUnknownMemberType=false

from collections.abc import Callable
from dataclasses import dataclass
from inspect import iscoroutinefunction
from typing import Any, NoReturn, cast

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLSchema, is_object_type
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.cast import get_strawberry_type_cast

from resolvers.transport.plans.leaves import Complete, Unusual, refuse_unusual


@dataclass(frozen=True, slots=True)
class Placeless:
    """What functions that tell types apart get as `info`: the little that is the same for every object of a field.

    Whoever asks it for more is asked again by graphql-core.
    """

    schema: GraphQLSchema
    field_name: str
    is_awaitable: Callable[[Any], bool] = optimized_is_awaitable

    def __getattr__(self, _name: str) -> NoReturn:
        raise Unusual


def nullable(complete: Complete) -> Complete:
    """Completes nulls as well."""
    return lambda value: None if value is None else complete(value)


def listing(complete: Complete) -> Complete:
    """Completes lists in one loop."""

    def complete_list(values: object) -> list[Any]:
        if values.__class__ is not list and values.__class__ is not tuple:
            raise Unusual
        return list(map(complete, cast("list[object]", values)))

    return complete_list


def admission(type_: GraphQLObjectType, info: Placeless, known: set[type]) -> Callable[[object], bool]:
    """What decides whether an object is one of the type, which it adds to the known classes where that is enough.

    Raises Unusual, at once where it would have to wait for the decision.
    """
    is_type_of = type_.is_type_of
    _refuse_async(is_type_of)
    definition = type_.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    # Strawberry's own function looks at nothing else, and at what an object was cast to
    class_tells = is_type_of is None or (
        isinstance(definition, StrawberryObjectDefinition) and definition.is_type_of is None
    )

    def admit(value: object) -> bool:
        refuse_unusual(value)
        if is_type_of is not None and is_type_of(value, cast("Any", info)) is not True:
            raise Unusual
        if class_tells and get_strawberry_type_cast(value) is None:
            known.add(value.__class__)
        return True

    return admit


def abstract(
    type_: GraphQLAbstractType, info: Placeless, complete_object: Callable[[GraphQLObjectType], Complete]
) -> Complete:
    """Completes objects of any type that the interface or union has. Raises Unusual, as `admission` does."""
    resolve_type = type_.resolve_type
    if resolve_type is None:
        raise Unusual
    _refuse_async(resolve_type)
    for possible in info.schema.get_possible_types(type_):
        _refuse_async(possible.is_type_of)
    completions: dict[object, Complete] = {}

    def learn(name: object) -> Complete:
        runtime_type = info.schema.get_type(name) if isinstance(name, str) else None
        if not is_object_type(runtime_type) or not info.schema.is_sub_type(type_, runtime_type):
            raise Unusual
        completions[name] = complete_object(runtime_type)
        return completions[name]

    def complete(value: object) -> object:
        refuse_unusual(value)
        name = resolve_type(value, cast("Any", info), type_)
        return (completions.get(name) or learn(name))(value)

    return complete


def _refuse_async(function: object) -> None:
    if iscoroutinefunction(function):
        raise Unusual
