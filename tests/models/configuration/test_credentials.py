"""The credentials of a datasource."""

import pytest

from models.configuration import EngineSource, ImageSource, ServiceConfiguration, Variable
from models.configuration.credentials import generate_credentials, with_credentials
from models.configuration.defaults import default_configuration
from models.configuration.engines import facts_of
from models.vocabulary import Engine, ServiceKind

POSTGRES = EngineSource(engine=Engine.POSTGRES, version="18")
DEFAULT = default_configuration(ServiceKind.DATASOURCE, POSTGRES)


def seal(value: str) -> str:
    return f"sealed {value}"


def named(configuration: ServiceConfiguration) -> dict[str, Variable]:
    return {variable.name: variable for variable in configuration.variables}


@pytest.mark.parametrize("engine", list(Engine))
def test_every_engine_gets_what_its_image_reads(engine: Engine) -> None:
    credentials = generate_credentials(engine)
    facts = facts_of(engine)
    assert credentials.keys() == {*facts.passwords, *facts.names}
    for name in facts.passwords:
        assert len(credentials[name]) == 32
        assert credentials[name].isalnum()
        assert credentials[name] != generate_credentials(engine)[name]


def test_all_of_them_are_sealed() -> None:
    made = with_credentials(DEFAULT, None, seal)
    assert named(made).keys() == {"POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
    assert all(variable.secret and variable.value is None for variable in made.variables)
    assert named(made)["POSTGRES_USER"].sealed == "sealed app"


def test_those_that_are_given_and_those_that_it_had_stay() -> None:
    password = Variable(name="POSTGRES_PASSWORD", value="mine")
    made = with_credentials(DEFAULT.model_copy(update={"variables": (password,)}), None, seal)
    assert named(made)["POSTGRES_PASSWORD"] == password
    assert with_credentials(made, None, seal) == made
    assert named(with_credentials(DEFAULT, made, seal)) == named(made)


def test_a_file_with_one_keeps_it_from_being_made_up() -> None:
    file = Variable(name="POSTGRES_PASSWORD_FILE", value="/run/password")
    made = with_credentials(DEFAULT.model_copy(update={"variables": (file,)}), None, seal)
    assert "POSTGRES_PASSWORD" not in named(made)


def test_redis_reads_no_file_and_has_its_password_all_the_same() -> None:
    redis = default_configuration(ServiceKind.DATASOURCE, EngineSource(engine=Engine.REDIS, version="8"))
    file = Variable(name="REDIS_PASSWORD_FILE", value="/run/password")
    made = with_credentials(redis.model_copy(update={"variables": (file,)}), None, seal)
    assert named(made)["REDIS_PASSWORD"].sealed is not None


def test_others_get_none() -> None:
    configuration = ServiceConfiguration(source=ImageSource(image="nginx"))
    assert with_credentials(configuration, None, seal) is configuration
