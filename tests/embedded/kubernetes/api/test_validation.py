"""What is not valid, and what may not change: each with the field and the words of Kubernetes."""

from typing import Any

import pytest

from tests.embedded.kubernetes.client import MERGE, Client, Object, config_map, deployment, template

_SELECTED = {"selector": {"matchLabels": {"app": "a"}}}
_CLAIM = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}


def _job(**spec: Any) -> Object:
    return {"metadata": {"name": "a"}, "spec": {"template": template("a", restartPolicy="Never"), **spec}}


def _cron_job(name: str = "a", **spec: Any) -> Object:
    job = {"spec": _job()["spec"]}
    return {"metadata": {"name": name}, "spec": {"schedule": "* * * * *", "jobTemplate": job, **spec}}


def _service(**spec: Any) -> Object:
    return {"metadata": {"name": "a"}, "spec": {"ports": [{"port": 80}], **spec}}


def _ingress(**path: Any) -> Object:
    backend = {"service": {"name": "s", "port": {"number": 80}}}
    paths = [{"path": "/", "pathType": "Prefix", "backend": backend, **path}]
    return {"metadata": {"name": "a"}, "spec": {"rules": [{"host": "a.test", "http": {"paths": paths}}]}}


def _with_container(**fields: Any) -> Object:
    wrong = deployment("a")
    wrong["spec"]["template"]["spec"]["containers"][0] |= fields
    return wrong


def _with_spec(**fields: Any) -> Object:
    return {**deployment("a"), "spec": {**deployment("a")["spec"], **fields}}


@pytest.mark.parametrize(
    ("place", "kind", "thing", "field", "message"),
    [
        ("api/v1", "configmaps", config_map("Bad_Name"), "metadata.name", "a lowercase RFC 1123 subdomain"),
        ("api/v1", "configmaps", config_map("a" * 254), "metadata.name", "must be no more than 253 bytes"),
        ("api/v1", "configmaps", {"data": {}}, "metadata.name", "name or generateName is required"),
        ("api/v1", "configmaps", config_map("a", labels={"k": "-"}), "metadata.labels", "a valid label must be"),
        ("api/v1", "configmaps", config_map("a", labels={"k/": "v"}), "metadata.labels", "name part must be non-empty"),
        ("api/v1", "configmaps", config_map("a", finalizers=["x"]), "metadata.finalizers", "fully qualified"),
        ("api/v1", "configmaps", config_map("a", {"a b": "1"}), "data[a b]", "a valid config key must consist"),
        ("api/v1", "configmaps", config_map("a", {"a": "x" * 1100000}), "", "Too long: may not be more than 1048576"),
        ("api/v1", "services", {**_service(), "metadata": {"name": "1a"}}, "metadata.name", "a DNS-1035 label must"),
        ("api/v1", "services", {"metadata": {"name": "a"}, "spec": {}}, "spec.ports", "Required value"),
        ("api/v1", "services", _service(ports=[{"port": 0}]), "spec.ports[0].port", "between 1 and 65535"),
        ("api/v1", "services", _service(ports=[{"port": 1}, {"port": 2}]), "spec.ports[0].name", "Required value"),
        ("api/v1", "services", _service(type="Other"), "spec.type", 'supported values: "ClusterIP", "ExternalName"'),
        ("apis/apps/v1", "deployments", _with_spec(**_SELECTED, template=template("b")),
         "spec.template.metadata.labels", "`selector` does not match template `labels`"),
        ("apis/apps/v1", "deployments", _with_spec(selector={}), "spec.selector", "Required value"),
        ("apis/apps/v1", "deployments", _with_spec(replicas=-1), "spec.replicas", "greater than or equal to 0"),
        ("apis/apps/v1", "deployments", _with_container(image=""), "spec.template.spec.containers[0].image", "Requ"),
        ("apis/apps/v1", "deployments", _with_container(name="A"),
         "spec.template.spec.containers[0].name", "a lowercase RFC 1123 label must consist"),
        ("apis/apps/v1", "deployments", _with_container(ports=[{"containerPort": 70000}]),
         "spec.template.spec.containers[0].ports[0].containerPort", "must be between 1 and 65535, inclusive"),
        ("apis/apps/v1", "deployments", _with_container(volumeMounts=[{"name": "v", "mountPath": "/v"}]),
         "spec.template.spec.containers[0].volumeMounts[0].name", 'Not found: "v"'),
        ("apis/apps/v1", "deployments",
         _with_container(resources={"requests": {"cpu": "200m"}, "limits": {"cpu": "100m"}}),
         "spec.template.spec.containers[0].resources.requests", "must be less than or equal to cpu limit of 100m"),
        ("apis/apps/v1", "deployments",
         _with_spec(strategy={"rollingUpdate": {"maxSurge": 0, "maxUnavailable": "0%"}}),
         "spec.strategy.rollingUpdate.maxUnavailable", "may not be 0 when `maxSurge` is 0"),
        ("apis/batch/v1", "jobs", {"metadata": {"name": "a"}, "spec": {"template": template("a")}},
         "spec.template.spec.restartPolicy", 'valid values: "OnFailure", "Never"'),
        ("apis/batch/v1", "jobs", _job(backoffLimit=-1), "spec.backoffLimit", "greater than or equal to 0"),
        ("apis/batch/v1", "cronjobs", _cron_job("a" * 53), "metadata.name", "must be no more than 52 characters"),
        ("apis/batch/v1", "cronjobs", _cron_job(schedule="never"), "spec.schedule", "expected exactly 5 fields"),
        ("apis/batch/v1", "cronjobs", _cron_job(timeZone="Mars/Base"), "spec.timeZone", "unknown time zone Mars/Base"),
        ("api/v1", "persistentvolumeclaims", {"metadata": {"name": "a"}, "spec": {**_CLAIM, "accessModes": []}},
         "spec.accessModes", "at least 1 access mode is required"),
        ("api/v1", "persistentvolumeclaims", {"metadata": {"name": "a"}, "spec": {"accessModes": ["ReadWriteOnce"]}},
         "spec.resources[storage]", "Required value"),
        ("apis/networking.k8s.io/v1", "ingresses", {"metadata": {"name": "a"}, "spec": {}}, "spec", "be specified"),
        ("apis/networking.k8s.io/v1", "ingresses", _ingress(pathType="Other"),
         "spec.rules[0].http.paths[0].pathType", 'supported values: "Exact"'),
        ("apis/networking.k8s.io/v1", "ingresses", _ingress(path="x"),
         "spec.rules[0].http.paths[0].path", "must be an absolute path"),
        ("apis/autoscaling/v2", "horizontalpodautoscalers",
         {"metadata": {"name": "a"},
          "spec": {"scaleTargetRef": {"kind": "Deployment", "name": "a"}, "minReplicas": 3, "maxReplicas": 2}},
         "spec.maxReplicas", "must be greater than or equal to `minReplicas`"),
    ],
)  # fmt: skip
def test_what_is_not_valid_is_refused(
    client: Client, namespace: str, place: str, kind: str, thing: Object, field: str, message: str
) -> None:
    path = f"/{place}/namespaces/{namespace}/{kind}"
    answer = client.call("POST", path, thing)
    assert (answer.code, answer.reason) == (422, "Invalid"), answer
    assert field in [one for _, one in answer.causes]
    assert message in answer.message
    assert "a" not in client.names(path)


def test_everything_wrong_is_named_at_once(client: Client, core: str) -> None:
    thing = config_map("A", {"b c": "1"}, labels={"k": "?"})
    answer = client.call("POST", f"{core}/configmaps", thing)
    assert [field for _, field in answer.causes] == ["metadata.name", "metadata.labels", "data[b c]"]
    assert answer.message.startswith('ConfigMap "A" is invalid: [metadata.name: Invalid value: "A": ')


def test_a_selector_never_changes(client: Client, apps: str) -> None:
    client.post(f"{apps}/deployments", deployment("web", replicas=0))
    change = {"spec": {"selector": {"matchLabels": {"app": "b"}}, "template": {"metadata": {"labels": {"app": "b"}}}}}
    answer = client.call("PATCH", f"{apps}/deployments/web", change, content=MERGE)
    assert answer.causes == [("FieldValueInvalid", "spec.selector")]
    assert answer.message.endswith("field is immutable")


def test_a_stateful_set_changes_only_where_it_may(client: Client, apps: str) -> None:
    thing = deployment("db", replicas=0)
    claim = {"metadata": {"name": "data"}, "spec": _CLAIM}
    client.post(f"{apps}/statefulsets", {**thing, "kind": "StatefulSet", "spec": {
        **thing["spec"], "serviceName": "db", "volumeClaimTemplates": [claim]}})  # fmt: skip
    path = f"{apps}/statefulsets/db"
    larger = {"metadata": {"name": "data"}, "spec": {**_CLAIM, "resources": {"requests": {"storage": "2Gi"}}}}
    for change in ({"serviceName": "other"}, {"volumeClaimTemplates": [larger]}, {"podManagementPolicy": "Parallel"}):
        answer = client.call("PATCH", path, {"spec": change}, content=MERGE)
        assert answer.causes == [("FieldValueForbidden", "spec")]
        assert "updates to statefulset spec for fields other than 'replicas'" in answer.message
    assert client.patch(path, {"spec": {"minReadySeconds": 1}})["metadata"]["generation"] == 2


def test_a_claim_only_grows(client: Client, core: str) -> None:
    client.post(f"{core}/persistentvolumeclaims", {"metadata": {"name": "c"}, "spec": _CLAIM})
    path = f"{core}/persistentvolumeclaims/c"
    client.until(path, lambda claim: claim["status"]["phase"] == "Bound")

    def resize(size: str) -> Object:
        return {"spec": {"resources": {"requests": {"storage": size}}}}

    shrunk = client.call("PATCH", path, resize("500Mi"), content=MERGE)
    assert shrunk.causes == [("FieldValueForbidden", "spec.resources.requests.storage")]
    other = client.call("PATCH", path, {"spec": {"accessModes": ["ReadWriteMany"]}}, content=MERGE)
    assert other.causes == [("FieldValueForbidden", "spec")]
    client.patch(path, resize("2Gi"))
    client.until(path, lambda claim: claim["status"]["capacity"]["storage"] == "2Gi")


def test_an_immutable_config_map_stays(client: Client, core: str) -> None:
    client.post(f"{core}/configmaps", {**config_map("a"), "immutable": True})
    for change in ({"data": {"a": "2"}}, {"immutable": False}):
        answer = client.call("PATCH", f"{core}/configmaps/a", change, content=MERGE)
        assert answer.code == 422
    client.patch(f"{core}/configmaps/a", {"metadata": {"labels": {"x": "1"}}})


def test_a_service_keeps_its_address(client: Client, core: str) -> None:
    made = client.post(f"{core}/services", _service())
    address = made["spec"]["clusterIP"]
    assert made["spec"]["clusterIPs"] == [address]
    replaced = client.call("PUT", f"{core}/services/a", _service(ports=[{"port": 81}])).body
    assert replaced["spec"]["clusterIP"] == address
    change = {"spec": {"clusterIP": "10.96.9.9"}}
    assert client.call("PATCH", f"{core}/services/a", change, content=MERGE).code == 422
    headless = client.post(f"{core}/services", {"metadata": {"name": "h"}, "spec": {"clusterIP": "None"}})
    assert headless["spec"]["clusterIPs"] == ["None"]
