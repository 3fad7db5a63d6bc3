"""Who executes what: plans the plain attributes, graphql-core the rest of it and nothing else."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

import gc
from collections.abc import Generator
from random import Random
from typing import Any
from weakref import ref

import orjson
import pytest
import strawberry
import structlog
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from resolvers.transport import Refusal, TransportLimits
from resolvers.transport.engine import Engine
from resolvers.transport.plans.executor import PlanningExecutor
from resolvers.transport.requests import GraphQLRequest
from tests.resolvers.transport.plans.animals import Keeper
from tests.resolvers.transport.plans.zoo import Bird, Cage, Cat, Color, Context, Dog, Trap, zoo

pytestmark = pytest.mark.anyio

PLAIN = """{ cage {
    __typename id label number ratio open color size since notes fussy tags grid colors
    bird { name wings } cat { id lives } cages { id cages { tags } } pets { ...on Cat { lives } ...on Bird { wings } }
} }"""


COMPUTED = "{ cage { initial perches { name } cages { initial } } }"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def log() -> Generator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The fields that graphql-core executed, in their order."""
    names: list[str] = []
    build = StrawberryGraphQLCoreExecutionContext.build_resolve_info

    def noted(self: Any, field: Any, nodes: Any, parent: Any, path: Any) -> Any:
        names.append(nodes[0].name.value)
        return build(self, field, nodes, parent, path)

    for executor in (PlanningExecutor, StrawberryGraphQLCoreExecutionContext):
        monkeypatch.setattr(executor, "build_resolve_info", noted)
    return names


@pytest.fixture
def cage() -> Cage:
    """Nothing is wrong with it."""
    keeper = Keeper(Random(0), 0)
    cat = keeper.filled(Cat, id="c", name="cat", lives=9, mood=None, friend=None)
    made = keeper.cage()
    inside = [keeper.cage(depth=0) for _ in range(3)]
    vars(made).update(fussy="a", cat=cat, pets=[cat, keeper.filled(Bird, name="b", wings=2)], cages=inside, grid=[[1]])
    assert isinstance(made, Cage)
    return made


async def answer(
    document: str, root: Cage, *, compiled_plans: bool = True, contexts: list[Context] | None = None, **variables: Any
) -> Any:
    """`contexts` gets those that were made."""
    made = [] if contexts is None else contexts

    def make_context() -> Context:
        made.append(Context(root))
        return made[-1]

    engine = Engine(zoo(), TransportLimits(compiled_plans=compiled_plans))
    prepared = engine.prepare(GraphQLRequest(document, None, variables, {}))
    return orjson.loads(await engine.execute(prepared, make_context))


async def test_plain_attributes_are_not_for_graphql_core(executed: list[str], cage: Cage) -> None:
    response = await answer(PLAIN, cage)
    assert "errors" not in response
    assert executed == ["cage"]


async def test_methods_of_the_object_alone_are_not_either(executed: list[str], cage: Cage) -> None:
    response = await answer(COMPUTED, cage)
    assert response == await answer(COMPUTED, cage, compiled_plans=False)
    assert executed[:2] == ["cage", "cage"]


LOADED = "{ cage { cages { id loaded { id } page(first: 1) { first nodes { id loaded { id } } } } } }"


async def test_what_a_list_loads_is_asked_for_at_once(executed: list[str], cage: Cage) -> None:
    """Once for each level, not for each object, and not by graphql-core."""
    contexts: list[Context] = []
    response = await answer(LOADED, cage, contexts=contexts)
    assert "errors" not in response
    assert executed == ["cage"]
    assert [context.loads for context in contexts] == [[6]]
    assert response == await answer(LOADED, cage, compiled_plans=False)


KEPT = """query($first: Int, $word: String!, $loudly: Boolean = false) {
    __typename keptCage { id page(first: $first) { nodes { id } } } keptPage(first: 1) { first }
    words: keptCages(word: $word, loudly: $loudly) { id } none: keptCages(word: null) { id } keptCages { id }
}"""


async def test_a_query_that_needs_only_the_context_is_none_of_graphql_cores(executed: list[str], cage: Cage) -> None:
    response = await answer(KEPT, cage, first=2, word="ab")
    assert [len(response["data"][name]) for name in ("words", "none", "keptCages")] == [2, 0, 3]
    assert executed == []
    assert response == await answer(KEPT, cage, compiled_plans=False, first=2, word="ab")


async def test_a_failure_in_one_is_reported_by_graphql_core(executed: list[str], cage: Cage) -> None:
    document = "{ kept: keptCage { id } keptCages(word: null, loudly: true) { id } }"
    response = await answer(document, cage)
    assert response["data"] is None
    assert [error["path"] for error in response["errors"]] == [["keptCages"]]
    assert executed[:2] == ["keptCage", "keptCages"]


async def test_a_resolver_that_asks_for_more_than_the_context_gets_it(executed: list[str], cage: Cage) -> None:
    assert await answer("{ keptName keptCage { id } }", cage) == await answer(
        "{ keptName keptCage { id } }", cage, compiled_plans=False
    )
    assert executed[:2] == ["keptName", "keptCage"]


@pytest.mark.parametrize(
    "variables",
    [{}, {"word": None}, {"word": 5}, {"word": "a", "first": 2**31}, {"word": "a", "first": True}],
    ids=str,
)
async def test_variables_that_do_not_fit_are_refused_by_graphql_core(cage: Cage, variables: dict[str, Any]) -> None:
    refusals: list[object] = []
    for compiled_plans in (True, False):
        with pytest.raises(Refusal) as refused:
            await answer(KEPT, cage, compiled_plans=compiled_plans, **variables)
        refusals.append(refused.value.errors)
    assert refusals[0] == refusals[1] != []


@pytest.mark.parametrize("document", [LOADED, LOADED.replace("cage", "keptCage", 1)])
async def test_after_a_failure_everything_begins_anew(cage: Cage, document: str) -> None:
    """In another context, by Strawberry's executor: what comes of it does not depend on what was loaded before."""
    vars(cage.cages[1])["inner"] = Trap(RuntimeError("broken"))
    contexts: list[Context] = []
    response = await answer(document, cage, contexts=contexts)
    [root] = response["data"]
    assert [error["path"] for error in response["errors"]] == [[root, "cages", 1, "loaded"]]
    assert [context.loads for context in contexts] == [[6], [6]]


MIXED = "{ cage { total cages { loaded { id } } } }"


async def test_a_mutation_is_never_begun_anew(cage: Cage) -> None:
    """Nor does it load by plan: that could only be tried."""
    vars(cage.cages[1])["inner"] = Trap(RuntimeError("broken"))
    contexts: list[Context] = []
    response = await answer(f"mutation {MIXED}", cage, contexts=contexts)
    assert [error["path"] for error in response["errors"]] == [["cage", "cages", 1, "loaded"]]
    [context] = contexts
    assert context.calls == ["total"]


async def test_a_setting_leaves_everything_to_graphql_core(executed: list[str], cage: Cage) -> None:
    response = await answer(PLAIN, cage, compiled_plans=False)
    assert len(executed) > 20
    assert response == await answer(PLAIN, cage)


async def test_of_an_object_only_the_fields_with_resolvers_are(executed: list[str], cage: Cage) -> None:
    response = await answer("{ cage { total id laterCages { id } label cages { id total } } }", cage)
    assert list(response["data"]["cage"]) == ["total", "id", "laterCages", "label", "cages"]
    assert sorted(executed) == ["cage", "cages", "laterCages", "total", "total", "total", "total"]


async def test_of_a_list_only_the_object_with_a_failure_is(executed: list[str], cage: Cage) -> None:
    vars(cage.cages[1])["label"] = Trap(RuntimeError("broken"))
    response = await answer("{ cage { id cages { id label tags } } }", cage)
    assert [error["path"] for error in response["errors"]] == [["cage", "cages", 1, "label"]]
    assert executed == ["cage", "id", "cages", "id", "label", "tags"]


async def test_what_was_cast_to_another_type_is_no_more_of_its_class(cage: Cage) -> None:
    """Not even when others of its class were met before."""
    for inside in cage.cages:
        vars(inside)["cat"] = Keeper(Random(0), 0).filled(Cat, id="c", name="cat", lives=9)
    strawberry.cast(Dog, cage.cages[2].cat)
    response = await answer("{ cage { cages { cat { lives } } } }", cage)
    assert [error["path"] for error in response["errors"]] == [["cage", "cages", 2, "cat"]]


async def test_conditions_with_variables_are_asked_each_time(cage: Cage) -> None:
    document = "query($it: Boolean!) { cage { id @include(if: $it) color @skip(if: $it) cages { id } } }"
    engine = Engine(zoo(), TransportLimits())
    seen: list[set[str]] = []
    for it in (True, False, True):
        prepared = engine.prepare(GraphQLRequest(document, None, {"it": it}, {}))
        seen.append(set(orjson.loads(await engine.execute(prepared, lambda: Context(cage)))["data"]["cage"]))
    assert seen == [{"id", "cages"}, {"color", "cages"}, {"id", "cages"}]


async def test_a_null_in_a_list_of_what_may_not_be_null_is_where_it_belongs(cage: Cage) -> None:
    vars(cage)["colors"] = [Color.RED, None]
    response = await answer("{ cage { id colors } }", cage)
    assert response["data"]["cage"]["colors"] is None
    assert [error["path"] for error in response["errors"]] == [["cage", "colors", 1]]


async def test_an_operation_that_has_ended_is_freed_at_once(cage: Cage) -> None:
    """Not some time later, when a garbage collector finds it with all the rows that it has loaded."""
    engine = Engine(zoo(), TransportLimits())
    made = [Context(cage)]
    ended = ref(made[0])
    gc.disable()
    try:
        await engine.execute(engine.prepare(GraphQLRequest("{ laterCage { id laterTotal } }", None, {}, {})), made.pop)
        assert ended() is None
    finally:
        gc.enable()
