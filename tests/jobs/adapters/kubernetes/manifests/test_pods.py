"""What the container of a service runs, and as whom."""

from typing import Any

from jobs.adapters.kubernetes.json import JsonObject
from models.configuration import HealthCheck, HealthChecks, NetworkSettings, Port, ResourceSettings, Volume
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.desires import IMAGE, a_desire, a_service, objects_by_kind

_PORTS = NetworkSettings(ports=(Port(name="http", number=8080), Port(name="admin", number=9000)))


def test_a_container_runs_the_desired_image_with_command_and_arguments() -> None:
    container = _container(command=("/bin/app", "serve"), arguments=("--port", "$(PORT)"))
    assert container["name"] == "web"
    assert container["image"] == IMAGE
    assert container["command"] == ["/bin/app", "serve"]
    assert container["args"] == ["--port", "$(PORT)"]


def test_what_is_not_said_is_the_images_or_the_clusters() -> None:
    container = _container()
    unsaid = {"command", "args", "envFrom", "env", "ports", "resources", "volumeMounts"}
    assert not container.keys() & (unsaid | {"readinessProbe", "livenessProbe", "startupProbe"})
    assert "volumes" not in _pod()


def test_resources_are_requests_and_limits() -> None:
    resources = ResourceSettings(cpu_request="50m", cpu_limit="1", memory_request="64Mi", memory_limit="256Mi")
    assert _container(resources=resources)["resources"] == {
        "requests": {"cpu": "50m", "memory": "64Mi"},
        "limits": {"cpu": "1", "memory": "256Mi"},
    }
    assert _container(resources=ResourceSettings(memory_limit="1Gi"))["resources"] == {"limits": {"memory": "1Gi"}}


def test_ports_are_named() -> None:
    assert _container(networking=_PORTS)["ports"] == [
        {"name": "http", "containerPort": 8080, "protocol": "TCP"},
        {"name": "admin", "containerPort": 9000, "protocol": "TCP"},
    ]


def test_each_of_the_three_probes_has_its_own_check() -> None:
    checks = HealthChecks(
        readiness=HealthCheck(path="/ready", port="admin", period_seconds=2, timeout_seconds=3, failure_threshold=4),
        liveness=HealthCheck(command=("pg_isready", "-q")),
        startup=HealthCheck(period_seconds=30),
    )
    container = _container(networking=_PORTS, health_checks=checks)
    assert container["readinessProbe"] == {
        "httpGet": {"path": "/ready", "port": "admin", "scheme": "HTTP"},
        "periodSeconds": 2,
        "timeoutSeconds": 3,
        "failureThreshold": 4,
    }
    assert container["livenessProbe"] == {
        "exec": {"command": ["pg_isready", "-q"]},
        "periodSeconds": 10,
        "timeoutSeconds": 1,
        "failureThreshold": 3,
    }
    assert container["startupProbe"] == {
        "tcpSocket": {"port": "http"},
        "periodSeconds": 30,
        "timeoutSeconds": 1,
        "failureThreshold": 3,
    }


def test_a_check_without_a_port_asks_the_first_one() -> None:
    checks = HealthChecks(readiness=HealthCheck(path="/"))
    assert _container(networking=_PORTS, health_checks=checks)["readinessProbe"]["httpGet"]["port"] == "http"


def test_volumes_are_mounted_and_can_be_written_to() -> None:
    volume = Volume(name="files", mount_path="/srv/files", size_gib=1)
    assert _container(volumes=[volume])["volumeMounts"] == [{"name": "files", "mountPath": "/srv/files"}]
    pod = _pod(volumes=[volume])
    assert pod["volumes"] == [{"name": "files", "persistentVolumeClaim": {"claimName": "web.files"}}]
    assert pod["securityContext"]["fsGroup"]
    assert "fsGroup" not in _pod()["securityContext"]


def test_the_files_of_a_datasource_stay_its_engines() -> None:
    """PostgreSQL refuses a folder that a group may write to."""
    desired = a_desire(volumes=[Volume(name="data", mount_path="/data", size_gib=1)])
    stateful_set = objects_by_kind(a_service(ServiceKind.DATASOURCE), desired)["StatefulSet"]
    assert "fsGroup" not in stateful_set["spec"]["template"]["spec"]["securityContext"]


def test_a_pod_says_nothing_of_users_nodes_and_capabilities() -> None:
    assert _pod().keys() == {
        "restartPolicy",
        "automountServiceAccountToken",
        "enableServiceLinks",
        "securityContext",
        "containers",
    }
    assert _container()["securityContext"] == {"allowPrivilegeEscalation": False}


def test_a_container_that_fails_is_explained_by_the_end_of_its_log() -> None:
    assert _container()["terminationMessagePolicy"] == "FallbackToLogsOnError"


def _pod(**fields: Any) -> JsonObject:
    return objects_by_kind(a_service(), a_desire(**fields))["Deployment"]["spec"]["template"]["spec"]


def _container(**fields: Any) -> JsonObject:
    [container] = _pod(**fields)["containers"]
    return container
