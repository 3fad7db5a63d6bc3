"""Environment variables."""

import pytest

from models.configuration import EngineSource, Variable
from models.configuration.change import VariableChange
from models.configuration.paths import Path
from models.configuration.rules.commands import MAX_TEXT
from models.configuration.rules.variables import check_said_variables
from models.vocabulary import Engine, ServiceKind
from tests.models.configuration.rules.judging import a_configuration, found, refused

POSTGRES = EngineSource(engine=Engine.POSTGRES, version="17")
SECRET = Variable(name="POSTGRES_PASSWORD", secret=True, sealed="sealed")


def judged(*variables: tuple[str, str]) -> dict[Path, str]:
    return found(variables=tuple(Variable(name=name, value=value) for name, value in variables))


@pytest.mark.parametrize("name", ["A", "_", "a.b", "-a", ".a", "A-1", "x" * 253])
def test_a_name_that_kubernetes_takes(name: str) -> None:
    assert judged((name, "ä\n$(HOME)")) == {}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "needs a name"),
        ("1A", "'1A' is not a variable's name"),
        ("A=B", "use letters"),
        ("A B", "use letters"),
        ("Ä", "use letters"),
        ("A\n", "use letters"),
        (".", "no '..'"),
        ("..", "no '..'"),
        ("..A", "no '..'"),
        ("x" * 254, "254 characters; at most 253"),
    ],
)
def test_other_names_are_refused(name: str, words: str) -> None:
    assert refused(judged(("A", ""), (name, "")), ("variables", "1", "name"), words)


def test_a_value_fits_into_the_environment_with_its_name() -> None:
    assert judged(("A", "x" * (MAX_TEXT - 2))) == {}
    path = ("variables", "0", "value")
    assert refused(judged(("A", "x" * (MAX_TEXT - 1))), path, "'A'", f"{MAX_TEXT - 1} bytes", str(MAX_TEXT))
    assert refused(judged(("A", "ä" * (MAX_TEXT // 2))), path, f"{MAX_TEXT - 1} bytes")


def test_plain_variables_fit_into_a_config_map() -> None:
    eight = [(f"A{number}", "x" * (MAX_TEXT - 3)) for number in range(8)]
    rest = 1024 * 1024 - 8 * (MAX_TEXT - 1)
    assert judged(*eight, ("B", "x" * (rest - 1))) == {}
    assert refused(judged(*eight, ("B", "x" * rest)), ("variables",), f"{1024 * 1024 + 1} bytes", "ConfigMap")
    secret = Variable(name="S", secret=True, sealed="x" * MAX_TEXT)
    assert found(variables=(secret, *(secret.model_copy(update={"name": f"S{n}"}) for n in range(9)))) == {}


def test_a_thousand_are_enough() -> None:
    many = [(f"A{number}", "") for number in range(1001)]
    assert judged(*many[:1000]) == {}
    assert refused(judged(*many), ("variables",), "1001 variables", "at most 1000")


def test_a_name_is_said_once_and_a_secret_is_measured_in_clear() -> None:
    said = [
        VariableChange(name="A", value="1"),
        VariableChange(name="S", value="x" * MAX_TEXT, secret=True),
        VariableChange(name="A", value=None),
    ]
    findings = {finding.path: finding.message for finding in check_said_variables(said)}
    assert list(findings) == [("variables", "1", "value"), ("variables", "2", "name")]
    assert findings["variables", "2", "name"] == "'A' is set by item 0 already. Keep one."


def test_what_an_engine_reads_once_stays_on_a_deployed_datasource() -> None:
    user = Variable(name="POSTGRES_USER", value="app")
    pgdata = Variable(name="PGDATA", value="/var/lib/postgresql/data/pgdata")
    kept = (pgdata, user, SECRET)
    previous = a_configuration(ServiceKind.DATASOURCE, source=POSTGRES, variables=kept)

    def changed(*variables: Variable) -> dict[Path, str]:
        return found(ServiceKind.DATASOURCE, previous=previous, source=POSTGRES, variables=variables)

    assert changed(*kept, Variable(name="TZ", value="UTC")) == {}
    assert changed(*reversed(kept)) == {}
    other = Variable(name="POSTGRES_USER", value="other")
    assert refused(changed(pgdata, SECRET, other), ("variables", "2"), "POSTGRES_USER", "Change it in the server")
    resealed = SECRET.model_copy(update={"sealed": "other"})
    assert refused(changed(pgdata, user, resealed), ("variables", "2"), "POSTGRES_PASSWORD")
    new = Variable(name="POSTGRES_DB", value="app")
    assert refused(changed(*kept, new), ("variables", "3"), "POSTGRES_DB")
    # without it the image would look for the data at the root of the volume
    assert refused(changed(user, SECRET), ("variables",), "PGDATA", "can't be removed. Keep it")


def test_before_it_is_deployed_they_are_the_callers() -> None:
    assert found(ServiceKind.DATASOURCE, source=POSTGRES, variables=(SECRET,)) == {}
    redis = a_configuration(ServiceKind.DATASOURCE)
    password = (Variable(name="REDIS_PASSWORD", secret=True, sealed="x"),)
    assert found(ServiceKind.DATASOURCE, previous=redis, variables=password) == {}, "it is read at each start"
