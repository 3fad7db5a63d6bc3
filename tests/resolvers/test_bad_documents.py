"""Whatever is asked of resolvers, none fails in a way that nobody thought of.

What is malformed or invalid never gets to them: `test_bad_requests` sends that.

uv run pytest tests/resolvers/test_bad_documents.py --bad-requests 10000
"""

import pytest
from graphql import GraphQLError, parse, validate

from models.vocabulary import OperationStatus
from tests.graphql_fuzz import Fuzz
from tests.resolvers.mutating import schema
from tests.resolvers.running_api import Api
from tests.resolvers.seeding import operation_in, project_id, running
from tests.resolvers.test_bad_requests import LEAKS, LOOKED_UP

SUBSCRIPTIONS = frozenset({"environmentPhaseChanged", "projectPhaseChanged", "operationProgressed"})
#: The id that the fuzz gives things.
SOME_ID = '"RW52aXJvbm1lbnQ6MQ=="'


def test_odd_values_are_answered(api: Api, pytestconfig: pytest.Config) -> None:
    environment = running(api, "web")
    ids = (
        environment.environment_id,
        project_id(environment),
        environment.service_ids["web"],
        operation_in(environment, OperationStatus.FAILED, "web"),
    )
    valid = 0
    for seed in range(2 * int(pytestconfig.getoption("--bad-requests") or 0)):
        fuzz = Fuzz(schema(), seed, LOOKED_UP | SUBSCRIPTIONS)
        document = fuzz.document().replace(SOME_ID, f'"{ids[seed % len(ids)]}"')
        if not is_valid(document):
            continue
        valid += 1
        response = api.client.post("/graphql", json={"query": document, "variables": fuzz.variables()})
        assert response.status_code < 500, (document, response.text)
        assert not LEAKS.search(response.text), (document, response.text)
        for error in response.json().get("errors", []):
            assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR", (document, error)
    assert valid > 25


def is_valid(document: str) -> bool:
    try:
        return not validate(schema(), parse(document, max_tokens=500), max_errors=1)
    except GraphQLError:
        return False
