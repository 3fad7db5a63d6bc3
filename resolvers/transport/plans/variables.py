"""The values of an operation's variables, read without graphql-core where they are plain."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphql import (
    GraphQLError,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableDefinitionNode,
    get_nullable_type,
    get_variable_values,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource

from resolvers.transport.plans.leaves import unchanged


class _Variable(NamedTuple):
    signature: GraphQLVariableSignature
    type: object
    nullable: bool
    #: What there is of it when it is not given; None: that is refused.
    absent: VariableValues | None


class PlainVariables:
    """Those of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._variables = [_variable(schema, node) for node in operation.variable_definitions or ()]

    def of(self, given: Mapping[str, Any]) -> VariableValues | None:
        """As graphql-core reads them; None where it has to: other types, and values that it would convert or refuse."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for signature, type_, nullable, absent in self._variables:
            name = signature.name
            value = given.get(name, Undefined)
            if value is Undefined and absent is not None:
                sources |= absent.sources
                coerced |= absent.coerced
            elif unchanged(type_, value) or (value is None and nullable):
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = value
            else:
                return None
        return VariableValues(sources, coerced)


def _variable(schema: GraphQLSchema, node: VariableDefinitionNode) -> _Variable:
    signature = get_variable_signature(schema, node)
    # Documents are valid here, and their variables of types that they can have
    assert not isinstance(signature, GraphQLError)
    absent = get_variable_values(schema, [node], {})
    nullable = not isinstance(signature.type, GraphQLNonNull)
    return _Variable(
        signature, get_nullable_type(signature.type), nullable, None if isinstance(absent, list) else absent
    )
