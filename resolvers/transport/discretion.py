"""With introspection off, errors name nothing of the schema that the request does not name itself."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import orjson
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
)

#: What of a message is shown.
Hide = Callable[[str], str]

HIDDEN = "…"
_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
#: graphql-core writes names in quotes, those of types with more around them: '[Type!]', 'Type.field'. What stands in
#: between is not looked at: whoever sends quotes in a value could turn it inside out.
_QUOTED_NAME = re.compile(rf"(?<=[^\w\s-]){_NAME.pattern}")


def hides_nothing(message: str) -> str:
    """For whoever may ask for the whole schema."""
    return message


class Discretion:
    """Blanks names of one schema out, unless `introspection` gives them to everybody."""

    def __init__(self, schema: GraphQLSchema, *, introspection: bool) -> None:
        self._introspection = introspection
        self._names = frozenset(_names(schema))
        # Their parsers say these without quotes
        scalars = (name for name, type_ in schema.type_map.items() if isinstance(type_, GraphQLScalarType))
        self._looked_for = re.compile(rf"{_QUOTED_NAME.pattern}|\b(?:{'|'.join(scalars)})\b")

    def towards(self, query: str, variables: Mapping[str, object]) -> Hide:
        """What the sender of this document with these variables may read."""
        if self._introspection:
            return hides_nothing

        @cache
        def hidden() -> frozenset[str]:
            """Looked for once, however many errors there are: variables may be large."""
            return self._names.difference(_NAME.findall(query), _NAME.findall(orjson.dumps(variables).decode()))

        return lambda message: self._looked_for.sub(lambda name: HIDDEN if name[0] in hidden() else name[0], message)


def _names(schema: GraphQLSchema) -> Iterator[str]:
    for type_ in schema.type_map.values():
        yield type_.name
        yield from _names_in(type_)
    for directive in schema.directives:
        yield directive.name
        yield from directive.args


def _names_in(type_: GraphQLNamedType) -> Iterator[str]:
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            for name, field in type_.fields.items():
                yield name
                arguments: Mapping[str, GraphQLArgument] = field.args
                yield from arguments
        case GraphQLInputObjectType():
            yield from type_.fields
        case GraphQLEnumType():
            yield from type_.values
        case _:
            return
