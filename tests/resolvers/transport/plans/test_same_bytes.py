"""With plans and without, the same bytes: whatever the document, whatever the data, whatever fails."""

import asyncio
import re
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from strawberry.utils.str_converters import to_camel_case

from resolvers.transport import Refusal, TransportLimits, masking
from resolvers.transport.discretion import Discretion, hides_nothing
from resolvers.transport.documents import Documents, Operation
from resolvers.transport.execution import Execution
from resolvers.transport.requests import GraphQLRequest
from resolvers.transport.responses import response_to
from tests.resolvers.transport.plans.animals import ODDITIES, Keeper
from tests.resolvers.transport.plans.documents import documents
from tests.resolvers.transport.plans.zoo import Context, zoo

# When one field fails, graphql-core cancels the tasks of others, some before they began; what those hold is not awaited
pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")

ADDRESS = r"(?i) at 0x[0-9a-f]+"
SCHEMA = zoo()
COMPOSITE = ("inner", "rows", "cages", "cages_or_none", "bird", "cat", "being", "beings", "pet", "pets")
LIMITS = TransportLimits(depth=50, aliases=1000, selections=10_000, tokens=100_000, root_fields=50, directives=50)
WITH_PLANS = Execution(SCHEMA, hide_suggestions=False, compiled_plans=True)
WITHOUT = Execution(SCHEMA, hide_suggestions=False, compiled_plans=False)
DOCUMENTS = Documents(WITHOUT.schema, LIMITS, Discretion(WITHOUT.schema, introspection=True))


@pytest.fixture(autouse=True)
def one_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every masked error gets the same reference."""
    monkeypatch.setattr(masking, "uuid4", lambda: UUID(int=0))


async def answer(execution: Execution, operation: Operation, request: GraphQLRequest, root: object) -> list[object]:
    """The response, the resolvers that ran, and the errors that were logged; without addresses of objects."""
    contexts: list[Context] = []

    def make_context() -> Context:
        contexts.append(Context(root))
        return contexts[-1]

    with structlog.testing.capture_logs() as log:
        try:
            with masking.failures_masked():
                response = response_to(
                    await execution.result(operation, request, make_context, hides_nothing), hides_nothing
                ).decode()
        except Refusal as refusal:
            response = repr(refusal.errors)
        # What graphql-core does not wait for when an answer is null already
        while abandoned := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(abandoned)
    logged = [re.sub(ADDRESS, "", repr(entry["exc_info"])) for entry in log]
    # Where something fails, what else was under way may run on or not
    ran = sorted(contexts[-1].calls) if contexts and '"errors"' not in response else []
    return [re.sub(ADDRESS, "", response), ran, logged]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=documents(WITHOUT.schema),
    number=st.integers(-(2**33), 2**33) | st.integers(0, 3),
    given_too=st.fixed_dictionaries({}, optional={"no": st.booleans(), "word": st.none() | st.text() | st.just(5)}),
    seed=st.integers(0, 2**32),
    oddity=st.sampled_from([0, 0, 0.002, 0.01, 0.05]),
)
def test_with_and_without_plans_give_the_same_bytes(
    text: str, number: int, given_too: dict[str, Any], seed: int, oddity: float
) -> None:
    operation = DOCUMENTS.of(text).operation(None)

    async def compare() -> None:
        """The second time around the plans are there already, and the variables and the data are others."""
        for turn in range(3):
            variables: dict[str, Any] = {"yes": turn < 2, "number": number, **given_too}
            request = GraphQLRequest(text, None, variables, {})
            with_plans, without = [
                await answer(execution, operation, request, Keeper(Random(seed + turn), oddity).cage())
                for execution in (WITH_PLANS, WITHOUT)
            ]
            assert with_plans == without
            event("errors" if "errors" in str(without[0]) else "none")

    asyncio.run(compare())


def test_anything_in_any_place_gives_the_same_bytes() -> None:
    """Every oddity as the value of every plain field, and as an item of every list."""
    inside: dict[str, str] = dict.fromkeys(COMPOSITE, "{ __typename }")
    inside |= {"bird": "{ name wings }", "cat": "{ id friend { __typename } }", "cages": "{ id number }"}

    async def compare(name: str, odd: Callable[[], object], *, as_item: bool) -> None:
        text = f"{{ cage {{ id {to_camel_case(name)} {inside.get(name, '')} }} }}"
        operation, request = DOCUMENTS.of(text).operation(None), GraphQLRequest(text, None, {}, {})
        answers: list[list[object]] = []
        for execution in (WITH_PLANS, WITHOUT):
            cage = Keeper(Random(1), 0).cage(depth=1)
            value = vars(cage)[name]
            vars(cage)[name] = [*value, odd()] if as_item and isinstance(value, list) else odd()
            answers.append(await answer(execution, operation, request, cage))
        assert answers[0] == answers[1]

    async def compare_all() -> None:
        for name in vars(Keeper(Random(0), 0).cage()):
            for odd in ODDITIES:
                await compare(name, odd, as_item=False)
                await compare(name, odd, as_item=True)

    asyncio.run(compare_all())
