"""Where variables go, and what a change of them does."""

import base64

from jobs.adapters.kubernetes.json import annotations_of
from jobs.adapters.kubernetes.labels import VARIABLES
from jobs.adapters.kubernetes.manifests.variables import variables_hash
from models.configuration import ImageSource, ServiceConfiguration, Variable
from tests.jobs.adapters.kubernetes.desires import a_desire, a_service, objects_by_kind

_LEVEL = Variable(name="LEVEL", value="debug $(NOT_EXPANDED)")
_KEY = Variable(name="KEY", secret=True, sealed="gAAAAB-one")


def test_plain_variables_are_in_the_config_map_and_secret_ones_in_the_secret() -> None:
    objects = objects_by_kind(a_service(), a_desire(variables=[_LEVEL, _KEY], secrets={"KEY": "hunter2 ü"}))
    assert objects["ConfigMap"]["data"] == {"LEVEL": "debug $(NOT_EXPANDED)"}
    assert objects["Secret"]["type"] == "Opaque"
    assert objects["Secret"]["data"] == {"KEY": base64.b64encode("hunter2 ü".encode()).decode()}
    [container] = objects["Deployment"]["spec"]["template"]["spec"]["containers"]
    assert container["envFrom"] == [{"configMapRef": {"name": "web"}}, {"secretRef": {"name": "web"}}]


def test_a_secret_value_is_in_the_secret_and_nowhere_else() -> None:
    objects = objects_by_kind(a_service(), a_desire(variables=[_LEVEL, _KEY], secrets={"KEY": "hunter2"}))
    secret = objects.pop("Secret")
    assert "stringData" not in secret
    for hidden in ("hunter2", base64.b64encode(b"hunter2").decode(), "gAAAAB-one"):
        assert hidden not in repr(objects)


def test_without_variables_there_is_neither() -> None:
    assert not objects_by_kind(a_service(), a_desire()).keys() & {"ConfigMap", "Secret"}
    plain = objects_by_kind(a_service(), a_desire(variables=[_LEVEL]))
    assert "ConfigMap" in plain
    assert "Secret" not in plain


def test_the_pods_are_rolled_by_any_change_of_a_variable() -> None:
    hashes = [
        _hash(),
        _hash(_LEVEL),
        _hash(_LEVEL, _KEY),
        _hash(_LEVEL, _KEY.model_copy(update={"sealed": "gAAAAB-two"})),
        _hash(_LEVEL, Variable(name="KEY", value="gAAAAB-one")),
        _hash(Variable(name="LEVEL", value="info"), _KEY),
        _hash(Variable(name="LEVEL", value=""), _KEY),
    ]
    assert len(set(hashes)) == len(hashes)
    template = objects_by_kind(a_service(), a_desire(variables=[_LEVEL]))["Deployment"]["spec"]["template"]
    assert annotations_of(template)[VARIABLES] == _hash(_LEVEL)


def test_the_order_of_variables_rolls_nothing() -> None:
    assert _hash(_LEVEL, _KEY) == _hash(_KEY, _LEVEL)


def _hash(*variables: Variable) -> str:
    return variables_hash(ServiceConfiguration(source=ImageSource(image="a"), variables=variables))
