"""Ariadne as its documentation serves it: PORT."""

from pathlib import Path

from ariadne import EnumType, ObjectType, QueryType, ScalarType, make_executable_schema
from ariadne.asgi import GraphQL
from starlette.routing import Route

from bench.sides.events import Events
from bench.sides.memory import Environment, EnvironmentConnection, ServiceConnection, memory
from bench.sides.serving import serve
from models.vocabulary import EnvironmentPhase, ServiceKind, ServiceStatus
from schema.scalars import DATE_TIME

SDL = Path(__file__).with_name("schema.graphql").read_text()

if __name__ == "__main__":
    data = memory()
    query = QueryType()
    environment_type = ObjectType("Environment")

    @query.field("environment")
    def environment(_root: object, _info: object, id: str) -> Environment | None:  # noqa: A002
        return data.environment(id)

    @query.field("environments")
    def environments(_root: object, _info: object, first: int) -> EnvironmentConnection:
        return data.environments(first)

    @environment_type.field("services")
    def services(shown: Environment, _info: object, first: int) -> ServiceConnection:
        return ServiceConnection(nodes=shown.all_services[:first])

    enums = [EnumType(words.__name__, words) for words in (EnvironmentPhase, ServiceKind, ServiceStatus)]
    date_time = ScalarType("DateTime", serializer=DATE_TIME.serialize)
    schema = make_executable_schema(SDL, query, environment_type, date_time, *enums, convert_names_case=True)
    serve([Route("/graphql", GraphQL(schema))], Events().emit)
