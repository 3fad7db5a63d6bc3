"""Services and Ingresses."""

from dataclasses import replace

import pytest

from jobs.adapters.kubernetes.json import JsonObject
from jobs.adapters.kubernetes.labels import selector
from jobs.adapters.kubernetes.manifests import objects_of
from jobs.ports import Desired, ServiceRef
from models.configuration import IngressRule, NetworkSettings, Port
from models.vocabulary import ServiceKind
from tests.jobs.adapters.kubernetes.desires import ENVIRONMENT, a_desire, a_service, objects_by_kind

_HTTP, _ADMIN = Port(name="http", number=8080), Port(name="admin", number=9000)


def test_a_service_reaches_the_ports_by_their_names() -> None:
    objects = objects_by_kind(a_service(), a_desire(networking=NetworkSettings(ports=(_HTTP, _ADMIN))))
    assert objects["Service"]["spec"] == {
        "type": "ClusterIP",
        "selector": selector(a_service()),
        "ports": [
            {"name": "http", "port": 8080, "targetPort": "http", "protocol": "TCP"},
            {"name": "admin", "port": 9000, "targetPort": "admin", "protocol": "TCP"},
        ],
    }
    assert "Ingress" not in objects


def test_a_datasource_has_a_headless_service_even_without_ports() -> None:
    with_port = a_desire(networking=NetworkSettings(ports=(_HTTP,)))
    assert _service(a_service(ServiceKind.DATASOURCE), with_port)["clusterIP"] == "None"
    assert "ports" not in _service(a_service(ServiceKind.DATASOURCE), a_desire())


@pytest.mark.parametrize("kind", [ServiceKind.APPLICATION, ServiceKind.WORKER])
def test_the_rules_of_one_host_are_merged_and_hosts_are_completed(kind: ServiceKind) -> None:
    rules = (
        IngressRule(host="www", path="/", port="http", tls=True),
        IngressRule(host="status", path="/", port="admin", tls=False),
        IngressRule(host="www.staging.example.com", path="/admin", port="admin", tls=True),
    )
    networking = NetworkSettings(ports=(_HTTP, _ADMIN), ingress=rules)
    ingress = objects_by_kind(a_service(kind), a_desire(networking=networking))["Ingress"]
    assert ingress["spec"] == {
        "rules": [
            {
                "host": "www.staging.example.com",
                "http": {"paths": [_path("/", "http"), _path("/admin", "admin")]},
            },
            {"host": "status.staging.example.com", "http": {"paths": [_path("/", "admin")]}},
        ],
        "tls": [{"hosts": ["www.staging.example.com"], "secretName": "www.staging.example.com.tls"}],
    }


def test_without_tls_there_is_no_certificate() -> None:
    rule = IngressRule(host="www", port="http", tls=False)
    desired = a_desire(networking=NetworkSettings(ports=(_HTTP,), ingress=(rule,)))
    assert "tls" not in objects_by_kind(a_service(), desired)["Ingress"]["spec"]


def test_without_a_domain_there_is_no_ingress() -> None:
    service = replace(a_service(), environment=replace(ENVIRONMENT, domain=None))
    rule = IngressRule(host="www", port="http")
    objects = objects_of(service, a_desire(networking=NetworkSettings(ports=(_HTTP,), ingress=(rule,))))
    assert [one["kind"] for one in objects] == ["Service", "Deployment"]


def _path(path: str, port: str) -> JsonObject:
    return {"path": path, "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"name": port}}}}


def _service(service: ServiceRef, desired: Desired) -> JsonObject:
    return objects_by_kind(service, desired)["Service"]["spec"]
