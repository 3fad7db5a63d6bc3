"""A change is stored as a configuration, or refused with ways into it."""

from typing import Any

import pytest

from models.configuration import EngineSource, ImageSource, ServiceConfiguration, Variable, Volume
from models.configuration.accepting import accept_blueprint, accept_configuration
from models.configuration.defaults import default_configuration
from models.configuration.paths import Path
from models.refusals import InvalidInput
from models.sealing import Sealer, generate_key
from models.vocabulary import Engine, ServiceKind

DATASOURCE = ServiceKind.DATASOURCE
SEALER = Sealer(generate_key())
IMAGE = {"image": {"image": "nginx"}}
BASE = ServiceConfiguration(
    source=ImageSource(image="nginx"),
    variables=(Variable(name="A", value="1"), Variable(name="S", secret=True, sealed=SEALER.seal("secret"))),
    volumes=(Volume(name="files", mount_path="/files", size_gib=5),),
)


def accepted(
    base: ServiceConfiguration,
    said: dict[str, Any],
    kind: ServiceKind = ServiceKind.APPLICATION,
    *,
    deployed: bool = True,
) -> ServiceConfiguration:
    return accept_configuration(base, said, kind=kind, domain="x.test", taken=dict, sealer=SEALER, deployed=deployed)


def refused(
    base: ServiceConfiguration, said: dict[str, Any], kind: ServiceKind = ServiceKind.APPLICATION
) -> dict[Path, str]:
    with pytest.raises(InvalidInput) as refusal:
        accepted(base, said, kind)
    return {issue.path: issue.message for issue in refusal.value.issues}


def saying(*variables: tuple[str, str | None], secret: bool = False) -> dict[str, Any]:
    return {"variables": [{"name": name, "value": value, "secret": secret} for name, value in variables]}


def test_a_blueprint_begins_with_the_defaults() -> None:
    configuration = accept_blueprint({"source": IMAGE, "command": ["x"]}, kind=ServiceKind.WORKER, sealer=SEALER)
    assert configuration == ServiceConfiguration(source=ImageSource(image="nginx"), command=("x",))
    with pytest.raises(InvalidInput) as refusal:
        accept_blueprint({"command": ["x"]}, kind=ServiceKind.WORKER, sealer=SEALER)
    assert refusal.value.issues[0].path == ("configuration", "source")


def test_the_field_that_was_said_is_blamed() -> None:
    replicas = {"deployment": {"replicas": 2}}
    disk = {"volumes": [{"name": "a", "mount_path": "/a", "size_gib": 1}]}
    assert list(refused(BASE, replicas)) == [("configuration", "deployment", "replicas")]
    many = accepted(BASE, {"volumes": [], **replicas})
    assert list(refused(many, disk)) == [("configuration", "volumes")]
    assert list(refused(many, {**disk, **replicas})) == [("configuration", "deployment", "replicas")]


def test_a_variable_is_numbered_as_the_caller_numbered_it() -> None:
    messages = refused(BASE, saying(("B", "1"), ("2C", "1"), ("A", "x" * 131_071)))
    path = ("configuration", "variables")
    assert messages.keys() == {(*path, "1", "name"), (*path, "2", "value")}


def test_what_is_wrong_and_was_not_said_is_told_at_the_part_it_is_in() -> None:
    odd = BASE.model_copy(update={"variables": (Variable(name="1", value=""),), "command": ("",)})
    assert list(refused(odd, {"deployment": {}})) == [("configuration", "command"), ("configuration", "variables")]


def test_a_deployed_volume_does_not_shrink_but_a_blueprints_does() -> None:
    said = {"volumes": [{"name": "files", "mount_path": "/files", "size_gib": 4}]}
    assert list(refused(BASE, said)) == [("configuration", "volumes", "0", "sizeGiB")]
    assert accepted(BASE, said, deployed=False).volumes[0].size_gib == 4


def test_a_secret_set_to_the_value_it_has_stays_sealed_as_it_is() -> None:
    assert accepted(BASE, saying(("S", "secret"), secret=True)) == BASE
    other = accepted(BASE, saying(("S", "other"), secret=True))
    assert SEALER.unseal(other.variables[1].sealed or "") == "other"


def test_all_secrets_fit_into_one_of_secrets_manager() -> None:
    """As JSON, in which a control character has six bytes."""
    room = 65536 - len('{"S": "secret", "T": ""}')
    accepted(BASE, saying(("T", "x" * room), secret=True))
    for value in ("x" * (room + 1), "\x01" * (room // 6 + 1)):
        messages = refused(BASE, saying(("T", value), secret=True))
        assert list(messages) == [("configuration", "variables")]
        assert "Secrets Manager takes at most 65536" in messages["configuration", "variables"]


def test_a_name_said_twice_is_refused_although_the_last_would_win() -> None:
    messages = refused(BASE, saying(("A", "2"), ("A", "3")))
    assert list(messages) == [("configuration", "variables", "1", "name")]


def test_a_datasource_gets_credentials_and_keeps_them() -> None:
    source = EngineSource(engine=Engine.POSTGRES, version="17")
    first = accepted(default_configuration(DATASOURCE, source), {}, DATASOURCE, deployed=False)
    names = {variable.name for variable in first.variables}
    assert names == {"PGDATA", "POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"}
    for said in (saying(("POSTGRES_PASSWORD", None)), {"variables": None}):
        again = accepted(first, said, DATASOURCE)
        assert set(again.variables) == set(first.variables)
    assert list(refused(first, saying(("PGDATA", None)), DATASOURCE)) == [("configuration", "variables")]
