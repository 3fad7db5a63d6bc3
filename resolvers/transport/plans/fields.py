"""What answers a field, where it is known without executing it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Awaitable, Callable, Sequence
from types import FunctionType
from typing import Any

from graphql import GraphQLField, get_nullable_type
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import SELF_PARAMSPEC

from resolvers.transport.plans.leaves import UNCHANGED, Unusual

#: In the metadata of a field: what finds its values for many objects at once. It is called with the context of the
#: operation, the objects and the field's arguments, and may be called again: what it loads it loads but once.
LOAD = "load"


def definition_of(field: GraphQLField) -> StrawberryField:
    """Raises Unusual where something else than the definition has a say in the answer."""
    definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
    if type(definition) is not StrawberryField or definition.extensions:
        raise Unusual
    return definition


def attribute_of(definition: StrawberryField) -> str:
    """The attribute that answers the field. Raises Unusual where anything else does."""
    if definition.base_resolver is not None or definition.default_resolver is not getattr:
        raise Unusual
    return definition.python_name


def function_of_the_object(definition: StrawberryField) -> Callable[[Any], Any] | None:
    """The method that answers the field, if it takes the object alone and need not be awaited.

    Such a method only looks: when its object turns out to be unusual, graphql-core calls it once more.
    """
    resolver = definition.base_resolver
    if resolver is None or definition.is_async or resolver.arguments:
        return None
    takes = [name for name, parameter in resolver.reserved_parameters.items() if parameter is not None]
    function = resolver.wrapped_func
    return function if takes == [SELF_PARAMSPEC] and isinstance(function, FunctionType) else None


def load_of(definition: StrawberryField, field: GraphQLField) -> Callable[..., Awaitable[Sequence[Any]]] | None:
    """What finds the field's values for many objects at once. Raises Unusual where arguments would be converted."""
    load = definition.metadata.get(LOAD)
    if load is None:
        return None
    names = {argument.python_name for argument in definition.arguments}
    if names != set(field.args) or any(get_nullable_type(one.type) not in UNCHANGED for one in field.args.values()):
        raise Unusual
    return load
