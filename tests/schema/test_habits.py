"""The printed schema keeps every habit; and the rules that look for it find what they should."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from graphql import GraphQLSchema, build_schema

from tests.schema import habits

PRINTED = Path(__file__).parents[2] / "schema" / "schema.graphql"
Rule = Callable[[GraphQLSchema], Iterator[str]]


@pytest.mark.parametrize("rule", habits.RULES, ids=lambda rule: rule.__name__)
def test_the_schema_keeps_the_rule(rule: Rule) -> None:
    if not PRINTED.exists():
        pytest.skip("the schema is not printed yet")
    assert list(rule(build_schema(PRINTED.read_text()))) == []


FOUND: dict[str, tuple[Rule, str, str]] = {
    "a field without a description": (habits.undescribed, '"x." type Query { a: Int }', "Query.a has no description"),
    "a description that is no sentence": (habits.undescribed, '"x" type Query { "x." a: Int }', "no sentence"),
    "an argument without a description": (habits.undescribed, '"x." type Query { "x." a(b: Int): Int }', "Query.a(b:)"),
    "an enum value without one": (
        habits.undescribed,
        'type Query { a: E } "x." enum E { B }',
        "E.B has no description",
    ),
    "a deprecation without a date": (
        habits.undated,
        'type Query { a: Int @deprecated(reason: "Use b.") }',
        "deprecated without a date",
    ),
    "a type in lower case": (habits.misnamed, "type Query { a: thing } type thing { a: Int }", "not in PascalCase"),
    "a field in snake case": (habits.misnamed, "type Query { a_b: Int }", "Query.a_b is not in camelCase"),
    "an enum value in lower case": (habits.misnamed, "type Query { a: E } enum E { b }", "E.b is not in UPPER_CASE"),
    "an input with another name": (
        habits.misnamed,
        "type Query { a(b: New): Int } input New { a: Int }",
        "does not say",
    ),
    "an id that is text": (habits.mistyped_ids, "type Query { a(environmentId: String): Int }", "(environmentId:)"),
    "a list with holes": (habits.nullable_items, "type Query { a: [Int]! }", "Query.a may have null items"),
    "no node": (habits.unrelayed, "type Query { a: Int }", "no node and nodes"),
    "a connection without nodes": (
        habits.unrelayed,
        "type Query { a(first: Int = 20, after: String): AConnection } type AConnection { edges: [Int!]! }",
        "AConnection lacks",
    ),
    "a connection without pages": (
        habits.unrelayed,
        "type Query { a: AConnection } type AConnection { edges: [Int!]! }",
        "without first and after",
    ),
    "a mutation without an input": (
        habits.odd_mutations,
        "type Mutation { doIt(id: ID!): Int }",
        "Mutation.doIt is not",
    ),
    "a result with two successes": (
        habits.odd_mutations,
        "type Mutation { a(input: AInput!): AResult! } input AInput { b: Int } union AResult = B | C "
        "type B { b: Int } type C { c: Int }",
        "exactly one success",
    ),
    "a type that is used nowhere": (habits.unreachable, "type Query { a: Int } type B { b: Int }", "B is used nowhere"),
}


@pytest.mark.parametrize(("rule", "definitions", "finding"), FOUND.values(), ids=FOUND.keys())
def test_the_rule_finds(rule: Rule, definitions: str, finding: str) -> None:
    found = list(rule(build_schema(definitions)))
    assert any(finding in line for line in found), found


def test_every_rule_is_shown_to_find_something() -> None:
    assert {rule for rule, _, _ in FOUND.values()} == set(habits.RULES)
