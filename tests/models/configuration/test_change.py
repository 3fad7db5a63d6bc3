"""What a change makes of a configuration."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.configuration import EngineSource, ImageSource, ServiceConfiguration, Variable
from models.configuration.change import ConfigurationChange, apply_change
from models.configuration.defaults import default_configuration
from models.configuration.parsing import parse_change
from models.refusals import InvalidInput
from models.vocabulary import Engine, ServiceKind

PARTS = ("deployment", "resources", "networking", "health_checks")
PORT = {"name": "http", "number": 80}
DISK = {"name": "data", "mount_path": "/data", "size_gib": 1}
#: What a caller may say of each field.
FIELDS: dict[str, list[Any]] = {
    "command": [None, [], ["run", "it"]],
    "arguments": [None, [], ["--fast"]],
    "deployment": [
        None,
        {},
        {"replicas": 3},
        {"replicas": None, "timeout_seconds": 5},
        {"strategy": "RECREATE", "autoscaling": {"min_replicas": 1, "max_replicas": 2}},
        {"strategy": None, "autoscaling": None},
    ],
    "resources": [None, {"cpu_request": "1"}, {"cpu_request": None, "memory_limit": "1Gi"}],
    "networking": [None, {"ports": [PORT]}, {"ports": None}, {"ports": [], "ingress": [{"host": "a", "port": "http"}]}],
    "health_checks": [None, {"liveness": {}}, {"liveness": None, "startup": {"command": ["x"]}}],
    "volumes": [None, [], [DISK]],
    "schedule": [None, {"cron": "@daily"}],
}
SOURCES = {
    ServiceKind.APPLICATION: [{"image": {"image": "a"}}, {"git": {"repository": "r", "ref": "main", "image": "b"}}],
    ServiceKind.DATASOURCE: [
        {"engine": {"engine": engine, "version": version}}
        for engine, version in (("POSTGRES", "17"), ("POSTGRES", "18"), ("REDIS", "8.2"))
    ],
}


def seal(value: str) -> str:
    return f"sealed {value}"


def applied(
    base: ServiceConfiguration | None, kind: ServiceKind = ServiceKind.APPLICATION, **said: Any
) -> ServiceConfiguration:
    return apply_change(base, parse_change(said), kind, seal)


def variables() -> st.SearchStrategy[list[dict[str, Any]]]:
    names, values = st.sampled_from(["A", "B", "C", "PGDATA"]), st.sampled_from([None, "", "x", "y"])
    one = st.fixed_dictionaries({"name": names, "value": values, "secret": st.booleans()})
    return st.lists(one, max_size=3, unique_by=lambda said: str(said["name"]))


def sayings() -> st.SearchStrategy[dict[str, Any]]:
    """Anything of everything but the source."""
    told = {field: st.sampled_from(values) for field, values in FIELDS.items()}
    return st.fixed_dictionaries({}, optional={**told, "variables": st.one_of(st.none(), variables())})


@st.composite
def bases(draw: st.DrawFn) -> tuple[ServiceKind, ServiceConfiguration]:
    """A configuration that callers have changed before."""
    kind = draw(st.sampled_from(list(SOURCES)))
    return kind, applied(None, kind, **draw(sayings()), source=draw(st.sampled_from(SOURCES[kind])))


@given(bases(), sayings(), st.integers(0, 3))
def test_a_change_made_twice_is_made_once(
    base: tuple[ServiceKind, ServiceConfiguration], said: dict[str, Any], source: int
) -> None:
    kind, configuration = base
    if source < len(SOURCES[kind]):
        said["source"] = SOURCES[kind][source]
    once = applied(configuration, kind, **said)
    assert applied(once, kind, **said) == once


@given(bases(), sayings())
def test_absent_stays_null_is_the_default_and_what_is_said_is_so(
    base: tuple[ServiceKind, ServiceConfiguration], said: dict[str, Any]
) -> None:
    kind, configuration = base
    result = applied(configuration, kind, **said)
    default = default_configuration(kind, configuration.source)
    before, after, usual = (one.model_dump(mode="json") for one in (configuration, result, default))
    for field in FIELDS:
        told = said.get(field, {}) if field in PARTS else None
        if told is None and said.get(field) is None:
            assert after[field] == (usual if field in said else before)[field]
        elif told is None:
            assert covers(after[field], said[field])
        else:
            for inner in after[field]:
                if told.get(inner) is not None:
                    assert covers(after[field][inner], told[inner])
                else:
                    assert after[field][inner] == (usual if inner in told else before)[field][inner]
    assert result.source == configuration.source


def covers(value: Any, said: Any) -> bool:
    """Whether `value` is what was said, with defaults for what was not."""
    if isinstance(said, dict):
        fields = cast("dict[str, Any]", said)
        return all(covers(value[field], inner) for field, inner in fields.items())
    if isinstance(said, list):
        items = cast("list[Any]", said)
        return len(value) == len(items) and all(map(covers, value, items))
    return value == said


@given(bases(), variables())
def test_variables_are_set_by_their_names(
    base: tuple[ServiceKind, ServiceConfiguration], said: list[dict[str, Any]]
) -> None:
    kind, configuration = base
    result = applied(configuration, kind, variables=said)

    expected = {variable.name: variable for variable in configuration.variables}
    for name, value, secret in ((one["name"], one["value"], one["secret"]) for one in said):
        if value is None:
            expected.pop(name, None)
        elif secret:
            expected[name] = Variable(name=name, secret=True, sealed=f"sealed {value}")
        else:
            expected[name] = Variable(name=name, value=value)
    assert list(result.variables) == list(expected.values())
    assert result.model_copy(update={"variables": ()}) == configuration.model_copy(update={"variables": ()})


def test_a_variable_is_changed_in_its_place_removed_by_null_and_never_half_secret() -> None:
    base = applied(None, source={"image": {"image": "a"}}, variables=[{"name": n, "value": n} for n in "ABC"])
    said = [{"name": "B", "value": "x", "secret": True}, {"name": "A", "value": None}, {"name": "Z", "value": None}]
    result = applied(base, variables=said)
    assert result.variables == (Variable(name="B", secret=True, sealed="sealed x"), Variable(name="C", value="C"))
    assert applied(result, variables=[{"name": "B", "value": "y"}]).variables[0] == Variable(name="B", value="y")
    assert applied(result, variables=[]) == result
    assert applied(result, variables=None).variables == ()


def test_a_list_replaces_the_list_and_null_puts_the_default_back() -> None:
    ports = [{"name": "a", "number": 1}, {"name": "b", "number": 2}]
    base = applied(None, source={"image": {"image": "a"}}, networking={"ports": ports}, deployment={"replicas": 3})
    result = applied(base, networking={"ports": ports[1:]}, deployment={"timeout_seconds": 5})
    assert [port.name for port in result.networking.ports] == ["b"]
    assert (result.deployment.replicas, result.deployment.timeout_seconds) == (3, 5)
    result = applied(result, networking=None, deployment={"replicas": None})
    assert result.networking.ports == ()
    assert (result.deployment.replicas, result.deployment.timeout_seconds) == (1, 5)


def test_nothing_is_left_without_a_source() -> None:
    base = applied(None, source={"image": {"image": "a"}})
    cases: list[tuple[ServiceConfiguration | None, dict[str, Any]]]
    cases = [(None, {}), (None, {"source": None}), (base, {"source": None})]
    for before, said in cases:
        with pytest.raises(InvalidInput) as refusal:
            apply_change(before, parse_change(said), ServiceKind.APPLICATION, seal)
        [issue] = refusal.value.issues
        assert issue.path == ("source",)
        assert "give an image, git or engine" in issue.message


def test_another_source_takes_the_place_of_the_whole_old_one() -> None:
    base = applied(None, source={"image": {"image": "a"}}, command=["run"])
    git = {"repository": "r", "ref": "main", "image": "b", "target": "t"}
    built = applied(base, source={"git": git})
    assert (built.source.type, built.command) == ("git", ("run",))
    again = applied(built, source={"git": {**git, "ref": "v2"}})
    assert again.source == built.source.model_copy(update={"ref": "v2"})
    assert applied(built, source={"image": {"image": "c"}}).source == ImageSource(image="c")


def test_defaults_follow_the_version_and_what_was_said_does_not() -> None:
    old, new = SOURCES[ServiceKind.DATASOURCE][:2]
    before = applied(None, ServiceKind.DATASOURCE, source=old)
    assert applied(before, ServiceKind.DATASOURCE, source=new) == applied(None, ServiceKind.DATASOURCE, source=new)
    own = applied(before, ServiceKind.DATASOURCE, volumes=[DISK])
    assert applied(own, ServiceKind.DATASOURCE, source=new).volumes == own.volumes


def test_a_change_and_a_configuration_are_never_changed_themselves() -> None:
    change = ConfigurationChange.model_validate({"source": {"engine": {"engine": "REDIS", "version": "7.4"}}})
    first = apply_change(None, change, ServiceKind.DATASOURCE, seal)
    assert first == apply_change(None, change, ServiceKind.DATASOURCE, seal)
    assert first == default_configuration(ServiceKind.DATASOURCE, EngineSource(engine=Engine.REDIS, version="7.4"))
