"""Mutations, as a client sends them and follows what they do."""

from typing import Any

from tests.system.running import Json, Phaseline

_PROGRESS = """
subscription ($id: ID!) { operationProgressed(operationId: $id) {
  id status failure { step message blockers { kind name reason } } steps { name status attempts message }
} }
"""

_ACCEPTED = """
  __typename
  ... on OperationAccepted { operation { id status } }
  ... on Error { message }
  ... on InvalidInput { issues { path message } }
"""


def send(phaseline: Phaseline, mutation: str, **fields: Any) -> str:
    """The id of the operation that the mutation queued. Fails the test if it was refused."""
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation ($input: {kind}Input!) {{ {mutation}(input: $input) {{ {_ACCEPTED} }} }}"
    answer = phaseline.ask(document, input=fields)[mutation]
    assert answer["__typename"] == f"{kind}Accepted", answer
    return answer["operation"]["id"]


def ended(phaseline: Phaseline, operation_id: str) -> Json:
    """The operation, once it has ended."""
    with phaseline.subscribed(_PROGRESS, id=operation_id) as events:
        return list(events)[-1]["operationProgressed"]


def mutate(phaseline: Phaseline, mutation: str, **fields: Any) -> Json:
    """Sends a mutation and waits for its operation's end."""
    return ended(phaseline, send(phaseline, mutation, **fields))
