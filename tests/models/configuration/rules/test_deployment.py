"""How many pods, how long a rollout."""

import pytest

from models.configuration import Autoscaling, DeploymentSettings, ResourceSettings, Volume
from models.configuration.paths import Path
from models.vocabulary import ServiceKind
from tests.models.configuration.rules.judging import found, refused

REPLICAS = ("deployment", "replicas")
AUTOSCALING = ("deployment", "autoscaling")
CPU = ResourceSettings(cpu_request="100m")
DISK = (Volume(name="files", mount_path="/files", size_gib=1),)


def scaled(
    least: int = 1,
    most: int = 2,
    percent: int = 80,
    resources: ResourceSettings = CPU,
    volumes: tuple[Volume, ...] = (),
) -> dict[Path, str]:
    autoscaling = Autoscaling(min_replicas=least, max_replicas=most, target_cpu_percent=percent)
    return found(deployment=DeploymentSettings(autoscaling=autoscaling), resources=resources, volumes=volumes)


@pytest.mark.parametrize("kind", [ServiceKind.APPLICATION, ServiceKind.WORKER])
def test_from_none_to_a_thousand_pods(kind: ServiceKind) -> None:
    for replicas in (0, 1, 1000):
        assert found(kind, deployment=DeploymentSettings(replicas=replicas)) == {}
    for replicas in (-1, 1001):
        messages = found(kind, deployment=DeploymentSettings(replicas=replicas))
        assert refused(messages, REPLICAS, f"is {replicas}", "from 0 to 1000")


@pytest.mark.parametrize("kind", [ServiceKind.CRON_JOB, ServiceKind.DATASOURCE])
def test_cron_jobs_and_datasources_are_one_pod(kind: ServiceKind) -> None:
    for replicas in (0, 2):
        messages = found(kind, deployment=DeploymentSettings(replicas=replicas))
        assert refused(messages, REPLICAS, kind.value, f"must be 1, not {replicas}")
    autoscaling = Autoscaling(min_replicas=1, max_replicas=1)
    messages = found(kind, deployment=DeploymentSettings(autoscaling=autoscaling), resources=CPU)
    assert refused(messages, AUTOSCALING, kind.value, "Set it to null")


def test_a_rollout_takes_a_second_to_a_day() -> None:
    for seconds in (1, 86400):
        assert found(deployment=DeploymentSettings(timeout_seconds=seconds)) == {}
    for seconds in (0, 86401):
        messages = found(deployment=DeploymentSettings(timeout_seconds=seconds))
        assert refused(messages, ("deployment", "timeoutSeconds"), f"is {seconds}", "from 1 to 86400")


def test_autoscaling_within_its_bounds() -> None:
    assert scaled(1, 1, 1) == scaled(1000, 1000, 1000) == {}
    assert refused(scaled(0, 1), (*AUTOSCALING, "minReplicas"), "from 1 to 1000")
    assert refused(scaled(1, 1001), (*AUTOSCALING, "maxReplicas"), "from 1 to 1000")
    assert refused(scaled(3, 2), (*AUTOSCALING, "minReplicas"), "minReplicas 3", "maxReplicas 2")
    for percent in (0, 1001):
        assert refused(scaled(percent=percent), (*AUTOSCALING, "targetCpuPercent"), f"is {percent}")


def test_autoscaling_needs_to_know_the_cpu_requested() -> None:
    assert scaled(resources=ResourceSettings(cpu_limit="1")) == {}, "a limit is a request too"
    messages = scaled(resources=ResourceSettings(memory_request="1Gi"))
    assert refused(messages, AUTOSCALING, "set resources.cpuRequest")


def test_autoscaling_begins_with_a_pod() -> None:
    settings = DeploymentSettings(replicas=0, autoscaling=Autoscaling(min_replicas=1, max_replicas=2))
    assert refused(found(deployment=settings, resources=CPU), AUTOSCALING, "set replicas to 1")


def test_pods_that_share_a_volume_can_not_be_many() -> None:
    assert found(volumes=DISK, deployment=DeploymentSettings(replicas=0)) == {}
    messages = found(volumes=DISK, deployment=DeploymentSettings(replicas=2))
    assert refused(messages, REPLICAS, "set replicas to 1, or remove the volumes")
    assert refused(scaled(1, 1, volumes=DISK), AUTOSCALING, "remove the autoscaling or the volumes")
