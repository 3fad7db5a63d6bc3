"""What GraphiQL offers to try fits the schema, and leaves nothing out."""

from pathlib import Path

import pytest
from graphql import FieldNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse, validate
from graphql.execution.values import get_variable_values

from resolvers.examples import PLACES, VARIABLES, examples

SCHEMA = Path(__file__).parents[2] / "schema" / "schema.graphql"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    if not SCHEMA.exists():
        pytest.skip("the schema is not printed yet")
    return build_schema(SCHEMA.read_text())


def operation_of(document: str) -> OperationDefinitionNode:
    [operation] = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    return operation


def fields_of(document: str) -> list[str]:
    selections = operation_of(document).selection_set.selections
    return [selection.name.value for selection in selections if isinstance(selection, FieldNode)]


@pytest.mark.parametrize("name", VARIABLES)
def test_the_file_says_what_it_is_for_and_is_named_like_its_operation(name: str) -> None:
    document = dict(zip(VARIABLES, examples().tabs, strict=True))[name].document
    operation_name = operation_of(document).name
    assert document.startswith("# ")
    assert operation_name is not None
    assert operation_name.value == name.title().replace("_", "")


@pytest.mark.parametrize("name", VARIABLES)
def test_an_example_is_valid_with_its_variables(schema: GraphQLSchema, name: str) -> None:
    example = dict(zip(VARIABLES, examples().tabs, strict=True))[name]
    assert validate(schema, parse(example.document)) == []
    variables = get_variable_values(
        schema, operation_of(example.document).variable_definitions or (), dict(example.variables)
    )
    assert not isinstance(variables, list), variables


def test_the_lookup_is_valid(schema: GraphQLSchema) -> None:
    lookup = examples().lookup
    assert lookup is not None
    assert validate(schema, parse(lookup)) == []


def test_every_mutation_and_subscription_has_an_example(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    assert schema.subscription_type is not None
    shown = {field for example in examples().tabs for field in fields_of(example.document)}
    assert {*schema.mutation_type.fields, *schema.subscription_type.fields} <= shown


def test_every_name_in_variables_has_a_place() -> None:
    named = {name for name in PLACES if f"<{name}>" in str(VARIABLES)}
    assert named == set(PLACES)
    assert str(VARIABLES).count("<") == sum(str(VARIABLES).count(f"<{name}>") for name in PLACES)
