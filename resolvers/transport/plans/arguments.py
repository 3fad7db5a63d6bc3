"""What a field is asked with, by the names that its function has for it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    Undefined,
    VariableNode,
    get_nullable_type,
    is_required_argument,
)
from graphql.execution.collect_fields import FieldDetails
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.field import StrawberryField

from resolvers.transport.plans.leaves import UNCHANGED, Unusual

#: Raises Unusual for values that are for graphql-core to refuse.
Arguments = Callable[[VariableValues], Mapping[str, Any]]

_NO_VARIABLES = VariableValues({}, {})


def arguments_of(definition: StrawberryField, field: GraphQLField, asked: FieldDetails) -> Arguments:
    """Raises Unusual where Strawberry would convert them, or graphql-core refuse them."""
    names = {name: one.python_name for name, one in zip(field.args, definition.arguments, strict=True)}
    given = {argument.name.value: argument.value for argument in asked.node.arguments or ()}
    may_have_value = (one for name, one in field.args.items() if name in given or _has_default(one))
    if asked.fragment_variable_values or any(get_nullable_type(one.type) not in UNCHANGED for one in may_have_value):
        raise Unusual
    variables = {name: value.name.value for name, value in given.items() if isinstance(value, VariableNode)}
    fixed = {names[name]: value for name, value in _values_without(variables, field, asked.node).items()}
    variable = [(names[name], field.args[name], variable) for name, variable in variables.items()]

    def arguments(values: VariableValues) -> Mapping[str, Any]:
        found = dict(fixed)
        for name, argument, variable_name in variable:
            if variable_name in values.coerced:
                found[name] = values.coerced[variable_name]
            if found.get(name) is None and isinstance(argument.type, GraphQLNonNull):
                raise Unusual
        return found

    return arguments if variable else lambda _values: fixed


def _values_without(variables: Mapping[str, str], field: GraphQLField, node: FieldNode) -> dict[str, Any]:
    """The values that are in the document, and the defaults of those that variables may give."""
    needed = {name: one for name, one in field.args.items() if name not in variables or not is_required_argument(one)}
    written = tuple(argument for argument in node.arguments or () if argument.name.value not in variables)
    try:
        return get_argument_values(
            GraphQLField(field.type, needed), FieldNode(name=node.name, arguments=written), _NO_VARIABLES
        )
    except GraphQLError:
        raise Unusual from None


def _has_default(argument: GraphQLArgument) -> bool:
    return argument.default is not None or argument.default_value is not Undefined
