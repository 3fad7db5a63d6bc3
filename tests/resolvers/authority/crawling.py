"""Documents that ask for everything below a field, made from the schema: a new field is in them by itself."""

from collections.abc import Iterator

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    is_leaf_type,
    is_required_argument,
)

#: What is below such a field costs a look into the cluster.
LOOKED_UP = {"destroyPlan"}


def everything_of(schema: GraphQLSchema, type_: GraphQLNamedType, depth: int) -> str:
    """A selection of all fields of a type that need no argument, and what is below them, so many levels deep."""
    return f"{{ {' '.join(('__typename', *_selections(schema, type_, depth)))} }}"


def _selections(schema: GraphQLSchema, type_: GraphQLNamedType, depth: int) -> Iterator[str]:
    if isinstance(type_, GraphQLUnionType | GraphQLInterfaceType):
        for member in schema.get_possible_types(type_):
            yield f"... on {member.name} {everything_of(schema, member, depth)}"
    elif isinstance(type_, GraphQLObjectType):
        for name, field in type_.fields.items():
            if name not in LOOKED_UP and not any(map(is_required_argument, field.args.values())):
                yield from _field(schema, f"{type_.name}_{name}: {name}", str(field.type).strip("[]!"), depth)


def _field(schema: GraphQLSchema, name: str, type_name: str, depth: int) -> Iterator[str]:
    """Under a name of its own: fields of two types that have the same name need not have the same type."""
    type_ = schema.type_map[type_name]
    if is_leaf_type(type_):
        yield name
    elif depth > 0:
        yield f"{name} {everything_of(schema, type_, depth - 1)}"
