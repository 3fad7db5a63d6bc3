"""The served schema holds everything that the contract promises, says what each element is, and is committed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    is_required_argument,
    is_required_input_field,
    is_specified_scalar_type,
    print_ast,
)
from graphql.type import is_introspection_type

from resolvers.schema import make_schema

CONTRACT = Path(__file__).with_name("contract.graphql").read_text()
COMMITTED = Path(__file__).parents[2] / "schema" / "schema.graphql"
#: What the contract says of lists in its first lines, once and for all of them.
CONNECTION = """
type {0}Connection {{ edges: [{0}Edge!]! nodes: [{0}!]! pageInfo: PageInfo! totalCount: Int! }}
type {0}Edge {{ node: {0}! cursor: String! }}
"""
PAGE_INFO = "type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }"
#: graphql-core knows it already.
ONE_OF = "directive @oneOf on INPUT_OBJECT\n"


@pytest.fixture(scope="module")
def printed() -> str:
    return f"{make_schema().as_str()}\n"


@pytest.fixture(scope="module")
def served(printed: str) -> GraphQLSchema:
    return build_schema(printed.removeprefix(ONE_OF))


@pytest.fixture(scope="module")
def contract() -> GraphQLSchema:
    listed = sorted(set(re.findall(r"(\w+)Connection!", CONTRACT)))
    assert len(listed) == 8
    return build_schema(CONTRACT + PAGE_INFO + "".join(CONNECTION.format(name) for name in listed))


def own_types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {
        name: type_
        for name, type_ in schema.type_map.items()
        if not is_specified_scalar_type(type_) and not is_introspection_type(type_)
    }


def test_the_committed_schema_is_current(printed: str) -> None:
    assert COMMITTED.read_text() == printed, "python -m resolvers.print_schema > schema/schema.graphql"


def default_of(given: GraphQLArgument | GraphQLInputField) -> str:
    default = given.ast_node.default_value if given.ast_node else None
    return f" = {print_ast(default)}" if default else ""


def promises(type_: GraphQLNamedType) -> Iterator[tuple[str, str]]:
    """Everything that a client may rely on in a type: a place, and what is there."""
    yield type_.name, type(type_).__name__
    match type_:
        case GraphQLObjectType() | GraphQLInterfaceType():
            yield from ((f"{type_.name} implements {interface.name}", "") for interface in type_.interfaces)
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", str(field.type)
                for argument_name, argument in field.args.items():
                    yield f"{type_.name}.{name}({argument_name})", f"{argument.type}{default_of(argument)}"
        case GraphQLInputObjectType():
            yield f"{type_.name} is one of", str(type_.is_one_of)
            for name, field in type_.fields.items():
                yield f"{type_.name}.{name}", f"{field.type}{default_of(field)}"
        case GraphQLUnionType():
            yield from ((f"{type_.name} | {member.name}", "") for member in type_.types)
        case GraphQLEnumType():
            yield from ((f"{type_.name}.{value}", "") for value in type_.values)
        case _:
            pass


def all_promises(schema: GraphQLSchema) -> dict[str, str]:
    return {place: what for type_ in own_types(schema).values() for place, what in promises(type_)}


def test_everything_in_the_contract_is_served(served: GraphQLSchema, contract: GraphQLSchema) -> None:
    promised, kept = all_promises(contract), all_promises(served)

    assert len(promised) > 500
    assert {place: (what, kept.get(place)) for place, what in promised.items() if kept.get(place) != what} == {}


def required(schema: GraphQLSchema) -> Iterator[str]:
    """What a client has to send."""
    for type_ in own_types(schema).values():
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for name, field in type_.fields.items():
                    needed = (key for key, argument in field.args.items() if is_required_argument(argument))
                    yield from (f"{type_.name}.{name}({key})" for key in needed)
            case GraphQLInputObjectType():
                yield from (
                    f"{type_.name}.{key}" for key, field in type_.fields.items() if is_required_input_field(field)
                )
            case _:
                pass


def test_nothing_is_required_that_the_contract_does_not_know(served: GraphQLSchema, contract: GraphQLSchema) -> None:
    known = own_types(contract)
    new = set(required(served)) - set(required(contract))
    assert {
        place for place in new if place.split(".")[0] in known and place.split("(")[0] in all_promises(contract)
    } == set()


def descriptions(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    for type_ in own_types(schema).values():
        yield type_.name, type_.description
        match type_:
            case GraphQLObjectType() | GraphQLInterfaceType():
                for name, field in type_.fields.items():
                    yield f"{type_.name}.{name}", field.description
                    for key, argument in field.args.items():
                        yield f"{type_.name}.{name}({key})", argument.description
            case GraphQLInputObjectType():
                yield from ((f"{type_.name}.{key}", field.description) for key, field in type_.fields.items())
            case GraphQLEnumType():
                yield from ((f"{type_.name}.{key}", value.description) for key, value in type_.values.items())
            case _:
                pass


def test_every_element_is_described(served: GraphQLSchema) -> None:
    described = dict(descriptions(served))

    assert len(described) > 400
    assert [
        place
        for place, text in described.items()
        if not text or not text.strip().endswith((".", "`.", ").", '"].', "`"))
    ] == []


def test_list_arguments_and_names_follow_the_habits_of_relay(served: GraphQLSchema) -> None:
    for type_ in own_types(served).values():
        if isinstance(type_, GraphQLObjectType) and type_.name.endswith("Connection"):
            assert set(type_.fields) == {"edges", "nodes", "pageInfo", "totalCount"}
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                assert re.fullmatch("[a-z][a-zA-Z]*", name)
                if str(field.type).endswith("Connection!"):
                    assert {"first", "after"} <= set(field.args)
