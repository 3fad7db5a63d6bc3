"""What answers a field, where it is known without executing it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import FunctionType
from typing import Any, NoReturn

from graphql import GraphQLField
from strawberry.schema.schema_converter import GraphQLCoreConverter
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import SELF_PARAMSPEC

from resolvers.transport.plans.leaves import Unusual

#: In the metadata of a field: what finds its values for many objects at once. It is called with the context of the
#: operation, the objects and the field's arguments, and may be called again, with another context.
LOAD = "load"
#: In the metadata of a field: its resolver is asynchronous, needs nothing of its `info` but the context, and may be
#: called again.
CONTEXT_ALONE = "context alone"

Load = Callable[..., Awaitable[Sequence[Any]]]


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


def load_of(definition: StrawberryField) -> Load | None:
    """What finds the field's values for many objects at once; None where nothing does."""
    if CONTEXT_ALONE in definition.metadata:
        return _resolved_for_all(definition)
    return definition.metadata.get(LOAD)


def _resolved_for_all(definition: StrawberryField) -> Load:
    resolver = definition.base_resolver
    assert resolver is not None
    resolve = resolver.wrapped_func
    assert isinstance(resolve, FunctionType)

    async def load(context: object, objects: Sequence[Any], **arguments: Any) -> list[Any]:
        return [await resolve(each, ContextAlone(context), **arguments) for each in objects]

    return load


@dataclass(frozen=True, slots=True)
class ContextAlone:
    """The `info` of a resolver that asks it for nothing else. One that does is called once more, with all of it."""

    context: object

    def __getattr__(self, _name: str) -> NoReturn:
        raise Unusual
