"""CPU and memory."""

import pytest

from models.configuration import ResourceSettings
from models.configuration.paths import Path
from tests.models.configuration.rules.judging import found, refused


def judged(**fields: str) -> dict[Path, str]:
    return found(resources=ResourceSettings.model_validate(fields))


@pytest.mark.parametrize("cpu", ["1m", "0.001", "1000u", "1", "+1", "1.", ".5", "1e3", "1024", "1Ki", "1k"])
def test_cpu_from_a_thousandth(cpu: str) -> None:
    assert judged(cpu_request=cpu, cpu_limit=cpu) == {}


@pytest.mark.parametrize("memory", ["4Mi", "4194304", "64Ti", "5e6", "8E6", "0.5Gi", "4194304000m"])
def test_memory_from_what_a_container_starts_with(memory: str) -> None:
    assert judged(memory_request=memory, memory_limit=memory) == {}


@pytest.mark.parametrize("field", ["request", "limit"])
@pytest.mark.parametrize(
    ("what", "text", "words"),
    [
        ("cpu", "", "is not a Kubernetes quantity"),
        ("cpu", "a lot", "is not a Kubernetes quantity"),
        ("cpu", "1 ", "is not a Kubernetes quantity"),
        ("cpu", "100M i", "is not a Kubernetes quantity"),
        ("cpu", "1e", "is not a Kubernetes quantity"),
        ("cpu", "٣", "is not a Kubernetes quantity"),
        ("cpu", "0", "must be at least 1m; null asks for none"),
        ("cpu", "-1", "must be at least 1m; null asks for none"),
        ("cpu", "999u", "must be at least 1m"),
        ("cpu", "1.5m", "round it to thousandths"),
        ("cpu", "1024001m", "more than 1024 CPUs"),
        ("cpu", "256Mi", "more than 1024 CPUs"),
        ("memory", "256mi", "is not a Kubernetes quantity"),
        ("memory", "256MB", "is not a Kubernetes quantity"),
        ("memory", "1K", "is not a Kubernetes quantity"),
        ("memory", "4194303", "at least 4Mi"),
        ("memory", "256m", "at least 4Mi"),
        ("memory", "4194304500m", "fraction of a byte"),
        ("memory", "65Ti", "more than 64Ti"),
        ("memory", "1e19", "exponent beyond 18"),
        ("memory", "1" * 41, "is not a Kubernetes quantity"),
    ],
)
def test_what_does_not_parse_or_can_not_be_had(what: str, field: str, text: str, words: str) -> None:
    messages = judged(**{f"{what}_{field}": text})
    assert refused(messages, ("resources", f"{what}{field.capitalize()}"), repr(text), words)


@pytest.mark.parametrize(("what", "less", "more"), [("cpu", "999m", "1"), ("memory", "1G", "1Gi")])
def test_a_limit_is_not_below_its_request(what: str, less: str, more: str) -> None:
    assert judged(**{f"{what}_request": less, f"{what}_limit": more}) == {}
    messages = judged(**{f"{what}_request": more, f"{what}_limit": less})
    assert refused(
        messages, ("resources", f"{what}Limit"), repr(less), repr(more), "Raise the limit or lower the request"
    )


def test_equal_in_another_spelling_is_not_below() -> None:
    assert judged(cpu_request="1", cpu_limit="1000m", memory_request="1Gi", memory_limit="1024Mi") == {}
