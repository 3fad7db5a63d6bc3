"""What a service has before anybody says anything."""

import pytest

from models.configuration import EngineSource, ImageSource, ServiceConfiguration, Variable, Volume
from models.configuration.change import apply_change
from models.configuration.defaults import default_configuration, moved_defaults
from models.configuration.engines import facts_of
from models.configuration.parsing import parse_change
from models.configuration.rules import Place, check
from models.vocabulary import Engine, ServiceKind
from tests.strategies import DOMAIN

EVERY_LINE = [(engine, line) for engine in Engine for line in facts_of(engine).lines]
OLD = EngineSource(engine=Engine.POSTGRES, version="17")
NEW = EngineSource(engine=Engine.POSTGRES, version="18")


def default(source: EngineSource) -> ServiceConfiguration:
    return default_configuration(ServiceKind.DATASOURCE, source)


@pytest.mark.parametrize(("engine", "line"), EVERY_LINE)
def test_every_engine_is_valid_by_default(engine: Engine, line: str) -> None:
    configuration = default(EngineSource(engine=engine, version=line))
    assert check(configuration, ServiceKind.DATASOURCE, Place(DOMAIN)) == []
    [port] = configuration.networking.ports
    assert (port.number, port.name) == (facts_of(engine).port, facts_of(engine).port_name)
    assert [volume.size_gib for volume in configuration.volumes] == [10]


@pytest.mark.parametrize("kind", [ServiceKind.APPLICATION, ServiceKind.WORKER, ServiceKind.CRON_JOB])
def test_others_have_one_pod_and_nothing_else(kind: ServiceKind) -> None:
    configuration = default_configuration(kind, ImageSource(image="nginx"))
    seconds = {ServiceKind.CRON_JOB: 86400}.get(kind, 600)
    assert configuration.deployment.timeout_seconds == seconds
    unset = configuration.model_copy(
        update={"deployment": ServiceConfiguration(source=configuration.source).deployment}
    )
    assert unset == ServiceConfiguration(source=ImageSource(image="nginx"))


def test_null_puts_the_default_of_the_engine_back() -> None:
    base = default(OLD).model_copy(update={"arguments": ("-c", "x=1"), "variables": (), "volumes": ()})
    change = parse_change({"arguments": None, "variables": None, "volumes": None, "deployment": None})
    assert apply_change(base, change, ServiceKind.DATASOURCE, str) == default(OLD)


def test_what_was_the_default_follows_the_source() -> None:
    assert moved_defaults(default(OLD), ServiceKind.DATASOURCE, NEW) == default(NEW)
    assert moved_defaults(default(NEW), ServiceKind.DATASOURCE, OLD) == default(OLD)
    assert moved_defaults(default(OLD), ServiceKind.DATASOURCE, OLD) == default(OLD)


def test_what_the_caller_said_stays() -> None:
    volumes = (Volume(name="data", mount_path="/pg", size_gib=20),)
    own = Variable(name="TZ", value="UTC")
    place = Variable(name="PGDATA", value="/pg/data")
    base = default(OLD).model_copy(update={"volumes": volumes, "variables": (place, own)})
    moved = moved_defaults(base, ServiceKind.DATASOURCE, NEW)
    assert (moved.volumes, moved.variables, moved.source) == (volumes, (place, own), NEW)
    back = moved_defaults(moved.model_copy(update={"variables": (place,)}), ServiceKind.DATASOURCE, OLD)
    assert back.variables == (place,), "one PGDATA, the caller's"
