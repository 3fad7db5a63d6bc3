"""Ways into a caller's input."""

import pytest

from models.configuration.paths import contract_name, contract_path, is_said, locate

SAID = {"volumes": [{"name": "a", "size_gib": 1}], "deployment": {"timeout_seconds": None}, "command": ["x"]}


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("name", "name"),
        ("memory_limit", "memoryLimit"),
        ("size_gib", "sizeGiB"),
        ("target_cpu_percent", "targetCpuPercent"),
    ],
)
def test_fields_are_spelled_as_in_the_contract(field: str, name: str) -> None:
    assert contract_name(field) == name
    assert contract_path(["volumes", 3, field]) == ("volumes", "3", name)


@pytest.mark.parametrize(
    ("path", "led"),
    [
        (("volumes", "0", "sizeGiB"), ("volumes", "0", "sizeGiB")),
        (("volumes", "0", "mountPath"), ("volumes", "0", "mountPath")),
        (("volumes", "1", "name"), ("volumes",)),
        (("deployment", "timeoutSeconds"), ("deployment", "timeoutSeconds")),
        (("deployment", "autoscaling", "minReplicas"), ("deployment", "autoscaling")),
        (("networking", "ports", "0"), ("networking",)),
        (("command", "0"), ("command", "0")),
        (("command", "x"), ("command",)),
        ((), ()),
    ],
)
def test_a_way_ends_at_the_first_field_that_was_not_said(path: tuple[str, ...], led: tuple[str, ...]) -> None:
    assert locate(path, SAID) == led


def test_null_is_said_and_absent_is_not() -> None:
    assert is_said(("deployment", "timeoutSeconds"), SAID)
    assert not is_said(("deployment", "replicas"), SAID)
    assert not is_said(("volumes", "1"), SAID)
    assert is_said((), {})
