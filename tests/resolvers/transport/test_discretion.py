"""With introspection off, an error names nothing of the schema that the request did not name."""

import json
import re
from collections.abc import AsyncGenerator
from datetime import datetime
from enum import Enum
from random import Random
from typing import Annotated, Any, cast

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from resolvers.transport import Refusal, TransportLimits
from resolvers.transport.engine import Engine
from resolvers.transport.requests import GraphQLRequest
from schema.scalars import DATE_TIME
from tests.graphql_fuzz import Fuzz

pytestmark = pytest.mark.anyio

WORD = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")


# No name here is a word that a message could have of itself


@strawberry.enum(name="Zzcolour")
class Colour(Enum):
    ZZRED = "ZZRED"
    ZZGREEN = "ZZGREEN"


@strawberry.input(name="Zzinner")
class Inner:
    zzdeep: int
    zzdeeper: list[Colour]


@strawberry.input(name="Zzinput")
class Outer:
    zzrequired: str
    zzwhen: datetime
    zzinner: Inner
    zzcount: int = 3


@strawberry.input(name="Zzone", one_of=True)
class OneOf:
    zzleft: strawberry.Maybe[str]
    zzright: strawberry.Maybe[int]


@strawberry.interface(name="Zznode")
class Node:
    zzid: strawberry.ID


@strawberry.type(name="Zzleaf")
class Leaf(Node):
    zzwords: list[str]

    @strawberry.field
    def zzbelow(self, zzmany: int = 1) -> "Leaf | None":
        return self


@strawberry.type(name="Zzother")
class Other(Node):
    zzflag: bool


Either = Annotated[Leaf | Other, strawberry.union("Zzeither")]


@strawberry.type(name="Zzquery")
class Query:
    @strawberry.field
    def zzleaf(self, zzid: strawberry.ID, zzcolour: Colour = Colour.ZZRED) -> Leaf:
        return Leaf(zzid=zzid, zzwords=[])

    @strawberry.field
    def zznodes(self, zzone: OneOf) -> list[Node]:
        return []

    @strawberry.field
    def zzeithers(self, zzratio: float) -> list[Either]:
        return []


@strawberry.type(name="Zzmutation")
class Mutation:
    @strawberry.mutation
    def zzchange(self, zzinput: Outer) -> Leaf:
        return Leaf(zzid=strawberry.ID("1"), zzwords=[zzinput.zzrequired])


@strawberry.type(name="Zzsubscription")
class Subscription:
    @strawberry.subscription
    async def zzticks(self, zzinput: Outer, zzevery: int = 1) -> AsyncGenerator[Leaf]:
        yield Leaf(zzid=strawberry.ID("1"), zzwords=[])


SCHEMA = strawberry.Schema(
    Query, Mutation, Subscription, types=[Leaf, Other], config=StrawberryConfig(scalar_map={datetime: DATE_TIME})
)
CORE = SCHEMA._schema  # pyright: ignore[reportPrivateUsage]
#: Those that are in every schema, and in the words of graphql-core, are left out.
NAMES = frozenset(re.findall(r"\b(?:Zz|zz|ZZ)\w+|DateTime", SCHEMA.as_str())) | {"Int", "Float", "Boolean", "ID"}


def engine(**limits: Any) -> Engine:
    return Engine(SCHEMA, TransportLimits(**limits))


async def messages(engine: Engine, query: str, variables: dict[str, Any] | None = None) -> list[str]:
    """What is said about a request, but for what its syntax alone is to blame for."""
    request = GraphQLRequest(query, None, variables or {}, {})
    try:
        prepared = engine.prepare(request)
        if prepared.is_subscription:
            response = await anext(await engine.subscribe(prepared, lambda: None))
        else:
            response = await engine.execute(prepared, lambda: None)
        errors: list[dict[str, Any]] = json.loads(response).get("errors", [])
    except Refusal as refusal:
        errors = [dict(error) for error in refusal.errors]
    codes = {error["extensions"]["code"] for error in errors}
    assert "INTERNAL_SERVER_ERROR" not in codes, errors
    return [] if codes & {"GRAPHQL_PARSE_FAILED", "TOKEN_LIMIT_EXCEEDED"} else [error["message"] for error in errors]


def leaked(found: list[str], query: str, variables: object) -> set[str]:
    sent = {*WORD.findall(query), *WORD.findall(json.dumps(variables))}
    return {word for message in found for word in WORD.findall(message)} & NAMES - sent


CHANGE = "mutation ($x: Zzinput!) { zzchange(zzinput: $x) { __typename } }"
GOOD: dict[str, Any] = {"zzrequired": "a", "zzwhen": "2026-01-31T12:00:00Z", "zzinner": {"zzdeep": 1, "zzdeeper": []}}
TOLD: list[tuple[str, dict[str, Any], str]] = [
    ("{ zzleaf { __typename } }", {}, "Argument '….zzleaf(…:)' of type '…!' is required, but it was not provided."),
    ("{ nope }", {}, "Cannot query field 'nope' on type '…'."),
    ('{ zzleaf(zzid: "1") }', {}, "Field 'zzleaf' of type '…!' must have a selection of subfields."),
    ('{ zzleaf(zzid: "1", nope: 1) { __typename } }', {}, "Unknown argument 'nope' on field '….zzleaf'."),
    ("{ zzeithers(zzratio: true) { __typename } }", {}, "… cannot represent non numeric value: true"),
    (CHANGE, {"x": {}}, "Expected value of type 'Zzinput' to include required field '…'"),
    (CHANGE, {"x": {**GOOD, "zzwhen": "never"}}, "Expected value of type '…'"),
    (CHANGE, {"x": {**GOOD, "zzinner": {"zzdeep": "x", "zzdeeper": ["ZZRED"]}}}, "at .zzinner.zzdeep: … cannot"),
    ("query ($n: String) { zznodes(zzone: {zzleft: $n}) { zzid } }", {}, "OneOf Input Object '…'"),
    ("{ zznodes(zzone: {}) { zzid } }", {}, "OneOf Input Object '…'"),
]


@pytest.mark.parametrize(("query", "variables", "told"), TOLD)
async def test_what_is_wrong_is_said_in_the_words_of_the_request(
    query: str, variables: dict[str, Any], told: str
) -> None:
    found = await messages(engine(introspection=False), query, variables)
    assert leaked(found, query, variables) == set()
    assert told in "\n".join(found)
    spoken = await messages(engine(introspection=True), query, variables)
    assert leaked(spoken, query, variables), "or there was nothing to hide"
    assert "…" not in "".join(spoken)


async def test_quotes_in_values_bring_nothing_to_light() -> None:
    closed = engine(introspection=False)
    for odd in ("'", '"', "'\"", "\\'", "at 'x", "'; Field '"):
        variables = {"x": {odd: odd, "zzrequired": {odd: odd}, "zzinner": {odd: 1}}}
        assert leaked(await messages(closed, CHANGE, variables), CHANGE, variables) == set()


async def test_no_bad_document_finds_out_a_name(pytestconfig: pytest.Config) -> None:
    closed, hidden = engine(introspection=False), 0
    for seed in range(int(pytestconfig.getoption("--bad-requests") or 0) // 2):
        fuzz, random = Fuzz(CORE, seed), Random(seed)
        query, given = fuzz.document(), fuzz.variables()
        for name in random.sample(sorted(NAMES), 3):
            query = query.replace(name, "nope")
        variables = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
        found = await messages(closed, query, variables)
        assert leaked(found, query, variables) == set(), (query, variables, found)
        hidden += "…" in "".join(found)
    assert hidden > 100


async def test_no_bad_value_finds_out_a_name(pytestconfig: pytest.Config) -> None:
    closed, hidden = engine(introspection=False), 0
    for seed in range(int(pytestconfig.getoption("--bad-requests") or 0)):
        variables = {"x": odd_value(Random(seed), 4)}
        found = await messages(closed, CHANGE, variables)
        assert leaked(found, CHANGE, variables) == set(), (variables, found)
        hidden += "…" in "".join(found)
    assert hidden > 100


def odd_value(random: Random, depth: int) -> object:
    """Something like the input that is asked for."""
    if depth == 0 or random.random() < 0.2:
        return random.choice((None, True, 1, 2.5, "", "'", '"', "ZZRED", "nope", "2026-01-31T12:00:00Z", [], {}))
    if random.random() < 0.2:
        return [odd_value(random, depth - 1) for _ in range(random.randint(1, 3))]
    keys = random.sample(("zzrequired", "zzwhen", "zzinner", "zzcount", "zzdeep", "zzdeeper", "nope", "'"), 3)
    return {key: odd_value(random, depth - 1) for key in keys}
