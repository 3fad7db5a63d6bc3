"""With plans and without, the same bytes: whatever the document, whatever the data, whatever fails."""

import asyncio
import re
from random import Random
from typing import Any
from uuid import UUID

import pytest
import structlog
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from resolvers.transport import Refusal, TransportLimits, masking
from resolvers.transport.documents import Documents, Operation
from resolvers.transport.execution import Execution
from resolvers.transport.requests import GraphQLRequest
from resolvers.transport.responses import response_to
from tests.resolvers.transport.plans.animals import Keeper
from tests.resolvers.transport.plans.documents import documents
from tests.resolvers.transport.plans.zoo import Context, zoo

ADDRESS = r" at 0x[0-9a-f]+"
SCHEMA = zoo()
LIMITS = TransportLimits(depth=50, aliases=1000, selections=10_000, tokens=100_000, root_fields=50, directives=50)
WITH_PLANS = Execution(SCHEMA, hide_suggestions=False, compiled_plans=True)
WITHOUT = Execution(SCHEMA, hide_suggestions=False, compiled_plans=False)
DOCUMENTS = Documents(WITHOUT.schema, LIMITS)


@pytest.fixture(autouse=True)
def one_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every masked error gets the same reference."""
    monkeypatch.setattr(masking, "uuid4", lambda: UUID(int=0))


async def answer(execution: Execution, operation: Operation, request: GraphQLRequest, root: object) -> list[object]:
    """The response, the resolvers that ran, and the errors that were logged; without addresses of objects."""
    context = Context(root)
    with structlog.testing.capture_logs() as log:
        try:
            response = response_to(await execution.result(operation, request, context)).decode()
        except Refusal as refusal:
            response = repr(refusal.errors)
        # What graphql-core does not wait for when an answer is null already
        while abandoned := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(abandoned)
    logged = [re.sub(ADDRESS, "", repr(entry["exc_info"])) for entry in log]
    return [re.sub(ADDRESS, "", response), context.calls, logged]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=documents(WITHOUT.schema),
    number=st.integers(-(2**33), 2**33),
    seed=st.integers(0, 2**32),
    oddity=st.sampled_from([0, 0, 0.002, 0.01, 0.05]),
)
def test_with_and_without_plans_give_the_same_bytes(text: str, number: int, seed: int, oddity: float) -> None:
    operation = DOCUMENTS.of(text).operation(None)

    async def compare() -> None:
        """The second time around the plans are there already, and the variables and the data are others."""
        for turn in range(3):
            variables: dict[str, Any] = {"yes": turn < 2, "number": number}
            request = GraphQLRequest(text, None, variables, {})
            with_plans, without = [
                await answer(execution, operation, request, Keeper(Random(seed + turn), oddity).cage())
                for execution in (WITH_PLANS, WITHOUT)
            ]
            assert with_plans == without
            event("errors" if "errors" in str(without[0]) else "none")

    asyncio.run(compare())
