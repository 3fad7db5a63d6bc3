"""Sends mutations and looks at what became of the database."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path as Files
from typing import Any, TypeAlias

from graphql import GraphQLSchema, GraphQLUnionType, build_schema
from sqlmodel import select

from models.audit.entry import AuditEntry
from models.operation import Inquiry
from models.tables import TABLES
from tests.resolvers.running_api import Api

SCHEMA = Files(__file__).parents[2] / "schema" / "schema.graphql"

#: A way into an input.
Path: TypeAlias = tuple[str, ...]
#: The input of a mutation.
Asked: TypeAlias = dict[str, object]

OPERATION = "operation { id kind status serviceName environment { id name phase } steps { name status } }"
SERVICE = "service { id name status revision environment { id } configuration { variables { name value secret } } }"
ENVIRONMENT = "environment { id name phase protected cluster namespace domain }"

#: What the tests look at in each member of the results.
SELECTIONS = {
    "ProjectCreated": "project { id name services { nodes { id name kind } } }",
    "EnvironmentCreated": ENVIRONMENT,
    "EnvironmentProtectionSet": ENVIRONMENT,
    "AddServiceAccepted": SERVICE,
    "UpdateServiceAccepted": SERVICE,
    "RollbackServiceAccepted": SERVICE,
    "DeleteServiceAccepted": ENVIRONMENT,
    "DestroyEnvironmentAccepted": ENVIRONMENT,
    "LeftoversRemoved": "removed { kind namespace name uid } kept { uid reason }",
    "InvalidInput": "issues { path message }",
    "PhaseConflict": "phase",
    "RevisionConflict": "revision",
    "PlanChanged": "plan { digest removals { kind name service } }",
    "IdempotencyConflict": "idempotent: operation { id }",
    "OperationNotRetryable": "kept: operation { id status }",
    "OperationNotCancellable": "kept: operation { id status }",
}


@cache
def schema() -> GraphQLSchema:
    return build_schema(SCHEMA.read_text().removeprefix("directive @oneOf on INPUT_OBJECT\n"))


@cache
def document(mutation: str) -> str:
    """Selects all that is in `SELECTIONS`."""
    name = mutation[0].upper() + mutation[1:]
    union = schema().type_map[f"{name}Result"]
    assert isinstance(union, GraphQLUnionType)
    members = [
        f"... on {member.name} {{ {SELECTIONS[member.name]} }}" for member in union.types if member.name in SELECTIONS
    ]
    if any(interface.name == "OperationAccepted" for member in union.types for interface in member.interfaces):
        members.append(f"... on OperationAccepted {{ {OPERATION} }}")
    selection = " ".join(["__typename", "... on Error { message }", *members])
    return f"mutation ($input: {name}Input!) {{ {mutation}(input: $input) {{ {selection} }} }}"


def mutate(api: Api, mutation: str, **asked: object) -> dict[str, Any]:
    """The answer of the mutation to this input."""
    return api.data(document(mutation), input=asked)[mutation]


def at_once(api: Api, mutation: str, asked: Asked, callers: int = 8) -> list[dict[str, Any]]:
    """The answers to so many calls of it that come together."""
    with ThreadPoolExecutor(callers) as pool:
        waiting = [pool.submit(mutate, api, mutation, **asked) for _ in range(callers)]
        return [answer.result() for answer in waiting]


def rows(api: Api) -> dict[str, list[dict[str, Any]]]:
    """Everything in the database but the audit log and the inquiries, which are forgotten soon."""
    with api.database.reading() as session:
        return {
            table.__name__: sorted((row.model_dump(mode="json") for row in session.exec(select(table)).all()), key=str)
            for table in TABLES
            if table not in (AuditEntry, Inquiry)
        }


@contextmanager
def nothing_changed(api: Api) -> Generator[None]:
    """What happens in the block leaves every row as it was."""
    before = rows(api)
    yield
    assert rows(api) == before


def issues(answer: dict[str, Any]) -> dict[Path, str]:
    """Messages of an InvalidInput by their paths."""
    assert answer["__typename"] == "InvalidInput", answer
    return {tuple(issue["path"]): issue["message"] for issue in answer["issues"]}
