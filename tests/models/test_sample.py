"""The sample that the embedded run opens with."""

from sqlmodel import select

from models.database import Database
from models.environment import Environment
from models.operation import Operation
from models.sample import plant_sample
from models.sealing import Sealer, generate_key
from models.service import Service
from models.vocabulary import OperationKind


def test_it_is_planted_once_and_its_secrets_are_sealed(database: Database) -> None:
    sealer = Sealer(generate_key())
    with database.writing() as session:
        planted = plant_sample(session, sealer, domain="phaseline.test", clusters=["local"])
    with database.writing() as session:
        assert plant_sample(session, sealer, domain="phaseline.test", clusters=["local"]) == []

    with database.reading() as session:
        operations = session.exec(select(Operation)).all()
        services = session.exec(select(Service)).all()
        environment = session.exec(select(Environment)).one()
    assert sorted(planted) == sorted(operation.id for operation in operations)
    assert {operation.kind for operation in operations} == {OperationKind.ADD_SERVICE}
    assert sorted(service.name for service in services) == ["api", "database", "web", "worker"]
    assert environment.phase == "INITIALIZING"
    variables = [variable for service in services for variable in service.configuration.variables if variable.secret]
    assert {variable.name for variable in variables} >= {"SESSION_KEY", "POSTGRES_PASSWORD"}
    assert all(variable.value is None and variable.sealed for variable in variables)
