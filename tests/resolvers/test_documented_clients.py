"""The snippets of docs/clients.md, run as they are: nothing is lost or repeated when connections are cut."""

import json
import re
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from jobs.queue import Queue, Ring, connect
from models.access import Access
from models.database import Database, open_database
from models.installation import read_installation, redis_namespace
from models.migrate import upgrade
from models.mutations.create_api_token import create_api_token
from models.mutations.request import Request
from models.operations.ending import end
from models.operations.lease import claim, due
from models.vocabulary import OperationStatus, Role
from tests.jobs.seeds import Seed
from tests.node.run import run_script
from tests.redis_server import RedisServer
from tests.repeating import repeating
from tests.resolvers.running_api import Api, serving
from tests.resolvers.seeding import running

DOCUMENT = Path(__file__).parents[2] / "docs" / "clients.md"
SNIPPETS = {
    name: code for code, name in re.findall(r"```js\n(// (\S+)\n.*?)```", DOCUMENT.read_text(), flags=re.DOTALL)
}
CLIENTS = ("graphql-ws", "graphql-sse", "apollo", "urql", "relay")


def test_there_is_a_short_snippet_for_each_client() -> None:
    assert {name.removesuffix(".mjs") for name in SNIPPETS} == {*CLIENTS, "follow"}
    assert DOCUMENT.read_text().count("```js") == len(SNIPPETS)
    assert max(len(code.splitlines()) for code in SNIPPETS.values()) <= 30


def test_every_client_goes_on_behind_its_cursor_when_its_connections_were_cut(
    redis_server: RedisServer, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/phaseline.db"
    database = open_database(url)
    upgrade(database)
    with serving(database, url, redis_server.url, api_tokens=True) as api, succeeding(database, redis_server.url):
        environments = {name: given(running(api, "web")) for name in CLIENTS}
        arguments = (f"{api.url}/graphql", token(api), json.dumps(environments))
        seen = json.loads(run_script("reconnecting.mjs", *arguments, modules=SNIPPETS))
    database.close()

    # As it is, UPDATING, ACTIVE, DESTROYING, DESTROYED
    expected = {"query": "ACTIVE", "mutation": "DestroyEnvironmentAccepted", "sequences": [2, 3, 4, 5, 6]}
    assert seen == dict.fromkeys(CLIENTS, expected)


def given(environment: Seed) -> dict[str, str]:
    return {
        "id": environment.environment_id,
        "name": environment.environment().name,
        "serviceId": environment.service_ids["web"],
    }


def token(api: Api) -> str:
    with api.database.writing() as session:
        root = Request(Access("root", Role.ADMIN))
        issued = create_api_token(session, root, name="clients", role=Role.ADMIN, project=None, expires_at=None)
        return issued.secret


@contextmanager
def succeeding(database: Database, redis_url: str) -> Generator[None]:
    """A worker for which every operation is done already, until the end of the block."""
    with database.writing() as session:
        namespace = redis_namespace(read_installation(session))
    redis = connect(redis_url)

    def work() -> None:
        for ring in carried_out(database):
            Queue(redis, namespace).ring(ring)

    with closing(redis), repeating(work, 0.02):
        yield


def carried_out(database: Database) -> list[Ring]:
    with database.writing() as session:
        leases = [lease for id_ in due(session, 20) if (lease := claim(session, id_, "worker", 60)) is not None]
        ended = [end(session, lease, OperationStatus.SUCCEEDED) for lease in leases]
        return [Ring(environment=operation.environment_id, operation=operation.id) for operation in ended]
