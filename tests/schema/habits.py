"""What this API promises about its schema beyond its types: every rule gives one line for each place that breaks it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import re
from collections.abc import Iterator

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    IntValueNode,
    get_named_type,
    get_nullable_type,
    is_introspection_type,
    is_specified_scalar_type,
)

CAMEL = re.compile(r"[a-z][a-zA-Z0-9]*")
PASCAL = re.compile(r"[A-Z][a-zA-Z0-9]*")
UPPER = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
PAGE_INFO = {"hasNextPage", "hasPreviousPage", "startCursor", "endCursor"}


def types_of(schema: GraphQLSchema) -> Iterator[GraphQLNamedType]:
    """Our own."""
    for type_ in schema.type_map.values():
        if not is_introspection_type(type_) and not is_specified_scalar_type(type_):
            yield type_


def fields_of(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    """Every field of an object or interface, with its full name."""
    for type_ in types_of(schema):
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", field


def elements_of(schema: GraphQLSchema) -> Iterator[tuple[str, str | None, str | None]]:
    """Everything that can be described and deprecated: its full name, description, reason of deprecation."""
    for type_ in types_of(schema):
        yield type_.name, type_.description, None
        if isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                yield f"{type_.name}.{name}", value.description, value.deprecation_reason
        if isinstance(type_, GraphQLInputObjectType):
            for name, input_field in type_.fields.items():
                yield f"{type_.name}.{name}", input_field.description, input_field.deprecation_reason
    for full_name, field in fields_of(schema):
        yield full_name, field.description, field.deprecation_reason
        for name, argument in field.args.items():
            yield f"{full_name}({name}:)", argument.description, argument.deprecation_reason


def undescribed(schema: GraphQLSchema) -> Iterator[str]:
    """Everything has a description, that is a sentence."""
    for name, description, _ in elements_of(schema):
        if not description:
            yield f"{name} has no description"
        elif not description.rstrip().endswith((".", "!", "?", "`")):
            yield f"{name}: the description is no sentence: {description!r}"


def undated(schema: GraphQLSchema) -> Iterator[str]:
    """A deprecation says why, and the day from which on it may be gone."""
    for name, _, reason in elements_of(schema):
        if reason is not None and not DATE.search(reason):
            yield f"{name} is deprecated without a date: {reason!r}"


def misnamed(schema: GraphQLSchema) -> Iterator[str]:
    """TypesLikeThis, fieldsLikeThis, VALUES_LIKE_THIS, and inputs end in Input."""
    for type_ in types_of(schema):
        if not PASCAL.fullmatch(type_.name):
            yield f"{type_.name} is not in PascalCase"
        if isinstance(type_, GraphQLEnumType):
            yield from (
                f"{type_.name}.{name} is not in UPPER_CASE" for name in type_.values if not UPPER.fullmatch(name)
            )
        if isinstance(type_, GraphQLInputObjectType):
            if not type_.name.endswith("Input"):
                yield f"{type_.name} is an input and does not say so"
            yield from (
                f"{type_.name}.{name} is not in camelCase" for name in type_.fields if not CAMEL.fullmatch(name)
            )
    for full_name, field in fields_of(schema):
        yield from (
            f"{full_name} is not in camelCase" for name in (full_name.split(".")[1],) if not CAMEL.fullmatch(name)
        )
        yield from (f"{full_name}({name}:) is not in camelCase" for name in field.args if not CAMEL.fullmatch(name))


def mistyped_ids(schema: GraphQLSchema) -> Iterator[str]:
    """What is called an id is one."""
    for full_name, field in fields_of(schema):
        named = {full_name: field.type, **{f"{full_name}({name}:)": one.type for name, one in field.args.items()}}
        for name, type_ in named.items():
            if re.search(r"([a-z]Id|[.(]id)(s?)(:\))?$", name) and get_named_type(type_).name != "ID":
                yield f"{name} is no ID"


def nullable_items(schema: GraphQLSchema) -> Iterator[str]:
    """Lists have no holes, but for `nodes`: there each id has its place."""
    for full_name, field in fields_of(schema):
        type_ = get_nullable_type(field.type)
        if (
            isinstance(type_, GraphQLList)
            and not isinstance(type_.of_type, GraphQLNonNull)
            and full_name != "Query.nodes"
        ):
            yield f"{full_name} may have null items"


def unrelayed(schema: GraphQLSchema) -> Iterator[str]:
    """Relay's: `node`, and connections with their edges and page info, asked for with `first` and `after`."""
    query = schema.query_type
    if query is None or not {"node", "nodes"} <= query.fields.keys():
        yield "Query has no node and nodes"
    for type_ in types_of(schema):
        if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection"):
            yield from _malformed_connection(type_)
    for full_name, field in fields_of(schema):
        if get_named_type(field.type).name.endswith("Connection"):
            if not {"first", "after"} <= field.args.keys():
                yield f"{full_name} is a connection without first and after"
            elif not 0 < _default_page(field.args["first"]) <= 100:
                yield f"{full_name} has no default page of at most 100"


def _default_page(argument: GraphQLArgument) -> int:
    default = argument.ast_node.default_value if argument.ast_node else None
    return int(default.value) if isinstance(default, IntValueNode) else 0


def _malformed_connection(connection: GraphQLObjectType) -> Iterator[str]:
    if not {"edges", "nodes", "pageInfo", "totalCount"} <= connection.fields.keys():
        yield f"{connection.name} lacks edges, nodes, pageInfo or totalCount"
        return
    for name, wanted in {"edges": {"node", "cursor"}, "pageInfo": PAGE_INFO}.items():
        inner = get_named_type(connection.fields[name].type)
        if not isinstance(inner, GraphQLObjectType) or not wanted <= inner.fields.keys():
            yield f"{connection.name}.{name} lacks one of {', '.join(sorted(wanted))}"


def odd_mutations(schema: GraphQLSchema) -> Iterator[str]:
    """doThis(input: DoThisInput!): DoThisResult!, which is one success or one of the errors."""
    error = schema.type_map.get("Error")
    for name, field in (schema.mutation_type.fields if schema.mutation_type else {}).items():
        title = name[0].upper() + name[1:]
        taken = {argument: str(one.type) for argument, one in field.args.items()}
        if taken != {"input": f"{title}Input!"} or str(field.type) != f"{title}Result!":
            yield f"Mutation.{name} is not {name}(input: {title}Input!): {title}Result!"
            continue
        result = get_named_type(field.type)
        members = result.types if isinstance(result, GraphQLUnionType) else ()
        successes = [member.name for member in members if error not in member.interfaces]
        if len(successes) != 1:
            yield f"{title}Result has not exactly one success: {successes}"


def unreachable(schema: GraphQLSchema) -> Iterator[str]:
    """Nothing is defined that no client can meet."""
    roots = [type_ for type_ in (schema.query_type, schema.mutation_type, schema.subscription_type) if type_]
    met = {type_.name for type_ in roots}
    waiting: list[GraphQLNamedType] = [*roots]
    while waiting:
        for type_ in _neighbours(schema, waiting.pop()):
            if type_.name not in met:
                met.add(type_.name)
                waiting.append(type_)
    yield from (f"{type_.name} is used nowhere" for type_ in types_of(schema) if type_.name not in met)


def _neighbours(schema: GraphQLSchema, type_: GraphQLNamedType) -> Iterator[GraphQLNamedType]:
    if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
        yield from type_.interfaces
        for field in type_.fields.values():
            yield get_named_type(field.type)
            yield from (get_named_type(argument.type) for argument in field.args.values())
    if isinstance(type_, GraphQLInputObjectType):
        yield from (get_named_type(field.type) for field in type_.fields.values())
    if isinstance(type_, GraphQLUnionType):
        yield from type_.types
    if isinstance(type_, GraphQLInterfaceType):
        yield from schema.get_possible_types(type_)


RULES = (undescribed, undated, misnamed, mistyped_ids, nullable_items, unrelayed, odd_mutations, unreachable)
