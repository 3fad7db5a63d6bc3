"""Which hosts and paths others have."""

from collections.abc import Generator
from pathlib import Path

import pytest

from models.configuration import IngressRule, NetworkSettings, Port
from models.database import Database, open_database
from models.environment import Environment
from models.migrate import upgrade
from models.phases import lock_environment, move
from models.reads.hosts import hosts_of_others
from models.vocabulary import EnvironmentPhase
from tests.jobs.seeds import CONFIGURATION, Seed, seed


@pytest.fixture
def sqlite(tmp_path: Path) -> Generator[Database]:
    database = open_database(f"sqlite:///{tmp_path}/phaseline.db")
    upgrade(database)
    yield database
    database.close()


def entered(database: Database, name: str, domain: str | None, *hosts: str) -> Seed:
    """An environment below the domain, with a service for each of the hosts."""
    services = {f"s{number}": host for number, host in enumerate(hosts)}
    environment = seed(database, *services, name=name)
    with database.writing() as session:
        row = session.get_one(Environment, environment.environment_id)
        row.domain = domain
        session.add(row)
        for service, host in services.items():
            networking = NetworkSettings(
                ports=(Port(name="http", number=80),), ingress=(IngressRule(host=host, port="http", path="/a"),)
            )
            deployed = environment.service(service)
            assert deployed is not None
            deployed.configuration = CONFIGURATION.model_copy(update={"networking": networking})
            session.merge(deployed)
    return environment


def taken(environment: Seed, but: str | None = None) -> dict[tuple[str, str], str]:
    with environment.database.reading() as session:
        row = session.get_one(Environment, environment.environment_id)
        return hosts_of_others(session, row, environment.service_ids[but] if but else None)


def test_of_the_services_beside_it(sqlite: Database) -> None:
    staging = entered(sqlite, "staging", "x.test", "www", "api.x.test")

    assert taken(staging) == {("www.x.test", "/a"): "the service 's0'", ("api.x.test", "/a"): "the service 's1'"}
    assert taken(staging, but="s0") == {("api.x.test", "/a"): "the service 's1'"}


def test_of_environments_whose_domain_is_the_same_or_above_or_below(sqlite: Database) -> None:
    staging = entered(sqlite, "staging", "b.x.test")
    entered(sqlite, "same", "b.x.test", "www")
    entered(sqlite, "above", "x.test", "api.b.x.test")
    entered(sqlite, "far-above", "test", "shop.b.x.test")
    entered(sqlite, "below", "a.b.x.test", "www")
    entered(sqlite, "beside", "c.x.test", "www")
    entered(sqlite, "alike", "ab.x.test", "www")
    entered(sqlite, "nowhere", None, "www")

    hosts = {host for host, _ in taken(staging)}
    assert hosts >= {"www.b.x.test", "api.b.x.test", "shop.b.x.test", "www.a.b.x.test"}
    assert not hosts & {"www.c.x.test", "www.ab.x.test"}
    assert set(taken(staging).values()) == {"another project"}


def test_what_is_destroyed_has_none_and_what_has_no_domain_asks_for_none(sqlite: Database) -> None:
    staging = entered(sqlite, "staging", "x.test")
    gone = entered(sqlite, "gone", "x.test", "www")
    with sqlite.writing() as session:
        row = lock_environment(session, gone.environment_id)
        assert row is not None
        move(session, row, EnvironmentPhase.DESTROYING)
        move(session, row, EnvironmentPhase.DESTROYED)

    assert taken(staging) == {}
    assert taken(entered(sqlite, "nowhere", None)) == {}
