"""The known applications of `examples/`, from their project files to nothing left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.system.mutating import ended, mutate, send
from tests.system.outside import Outside
from tests.system.running import Json, Phaseline, take_until

FOLDER = Path(__file__).parents[2] / "examples"
DOMAIN = "phaseline.test"

CREATE_PROJECT = """
mutation ($input: CreateProjectInput!) { createProject(input: $input) {
  ... on ProjectCreated { project { id services { nodes { id name } } } }
  ... on Error { message }
} }
"""
CREATE_ENVIRONMENT = """
mutation ($input: CreateEnvironmentInput!) { createEnvironment(input: $input) {
  ... on EnvironmentCreated { environment { id } }
  ... on Error { message }
} }
"""
ENVIRONMENT = """
query ($id: ID!) { environment(id: $id) {
  id name namespace phase phaseReason
  services { nodes { id name status statusReason revision hostnames health { state reason } } }
  destroyPlan { removals { kind name service } keeps { kind name reason } digest }
} }
"""
PHASES = """
subscription ($id: ID!) { environmentPhaseChanged(environmentId: $id) { phase reason } }
"""


@dataclass(frozen=True)
class Story:
    """What is done with an application."""

    #: Added when the others run.
    late: str
    updated: str
    #: Several parts of its configuration.
    change: Mapping[str, Any]
    deleted: str


STORIES = {
    "guestbook": Story(
        late="frontend",
        updated="frontend",
        change={
            "source": {"image": {"image": "us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v6"}},
            "deployment": {"replicas": 1, "strategy": "RECREATE"},
            "variables": [{"name": "GET_HOSTS_FROM", "value": "env"}, {"name": "REDIS_HOST", "value": "redis-leader"}],
            "networking": {
                "ports": [{"name": "web", "number": 8080}],
                "ingress": [{"host": "book", "path": "/", "port": "web", "tls": False}],
            },
        },
        deleted="redis-follower",
    ),
    "wordpress": Story(
        late="wordpress-cron",
        updated="wordpress",
        change={
            "variables": [
                {"name": "WORDPRESS_DB_PASSWORD", "value": "a-new-password", "secret": True},
                {"name": "WORDPRESS_CONFIG_EXTRA", "value": None},
            ],
            "networking": {"ingress": [{"host": "news", "path": "/", "port": "http", "tls": True}]},
            "volumes": [{"name": "files", "mountPath": "/var/www/html", "sizeGiB": 30, "onDelete": "RETAIN"}],
            "resources": {"memoryLimit": "1Gi"},
        },
        deleted="mysql",
    ),
    "online_boutique": Story(
        late="loadgenerator",
        updated="frontend",
        change={
            "deployment": {"replicas": 3, "autoscaling": None},
            "variables": [{"name": "ENABLE_PROFILER", "value": "1"}],
            "healthChecks": {"liveness": None},
            "networking": {"ingress": []},
        },
        deleted="emailservice",
    ),
}


def test_every_example_is_told() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(STORIES)


@dataclass(frozen=True)
class Deployed:
    """An application in an environment of its own."""

    phaseline: Phaseline
    outside: Outside
    id: str
    #: The ids of its project's services, by name.
    blueprints: Mapping[str, str]

    @property
    def namespace(self) -> str:
        return self.look()["namespace"]

    def look(self) -> Json:
        return self.phaseline.ask(ENVIRONMENT, id=self.id)["environment"]

    def service(self, name: str) -> Json:
        return next(one for one in self.look()["services"]["nodes"] if one["name"] == name)

    def add(self, name: str) -> str:
        return send(self.phaseline, "addService", environmentId=self.id, projectServiceId=self.blueprints[name])

    def succeeds(self, mutation: str, **fields: Any) -> None:
        operation = mutate(self.phaseline, mutation, **fields)
        assert operation["status"] == "SUCCEEDED", operation

    def objects(self, service: str | None = None) -> dict[tuple[str, str], Json]:
        """What is marked as the environment's, or as one of its services', by kind and name."""
        return {
            (one["kind"], one["metadata"]["name"]): one
            for one in self.outside.objects(self.id)
            if service is None or one["metadata"]["labels"].get("app.kubernetes.io/name") == service
        }


def deploy(phaseline: Phaseline, outside: Outside, name: str, late: str) -> Deployed:
    """All of its services but one, side by side."""
    project = json.loads((FOLDER / f"{name}.json").read_text())["input"]
    created = phaseline.ask(CREATE_PROJECT, input=project)["createProject"]
    label = f"{project['name']}-demo"
    fields = {"projectId": created["project"]["id"], "name": label, "domain": f"{label}.{DOMAIN}"}
    environment = phaseline.ask(CREATE_ENVIRONMENT, input=fields)["createEnvironment"]["environment"]
    blueprints = {one["name"]: one["id"] for one in created["project"]["services"]["nodes"]}
    deployed = Deployed(phaseline, outside, environment["id"], blueprints)
    operations = [deployed.add(service) for service in blueprints if service != late]
    for operation in operations:
        assert (found := ended(phaseline, operation))["status"] == "SUCCEEDED", found
    return deployed


@pytest.mark.parametrize("name", STORIES)
def test_it_is_deployed_edited_and_destroyed_and_nothing_is_left(
    shared: Phaseline, outside: Outside, name: str
) -> None:
    story = STORIES[name]
    deployed = deploy(shared, outside, name, story.late)
    domain = f"{deployed.look()['name']}.{DOMAIN}"

    late = ended(shared, deployed.add(story.late))
    assert late["status"] == "SUCCEEDED", late
    assert deployed.look()["phase"] == "ACTIVE"
    assert {one["status"] for one in deployed.look()["services"]["nodes"]} == {"RUNNING"}
    assert _hostnames(deployed) == _published(outside, domain) != set()

    before = deployed.objects()
    deployed.succeeds("updateService", serviceId=deployed.service(story.updated)["id"], configuration=story.change)
    _CHECKS[name](deployed, domain)
    assert _others(before, story.updated) == _others(deployed.objects(), story.updated)
    assert _hostnames(deployed) == _published(outside, domain)

    others = _others(deployed.objects(), story.deleted)
    deployed.succeeds("deleteService", serviceId=deployed.service(story.deleted)["id"], confirm=True)
    kept = deployed.objects(story.deleted)
    assert set(kept) == ({("PersistentVolumeClaim", "mysql.data")} if story.deleted == "mysql" else set())
    assert _others(deployed.objects(), story.deleted) == others
    if kept:
        _add_again(deployed, story.deleted, kept)

    plan = deployed.look()["destroyPlan"]
    _check_plan(deployed, plan, domain)
    digest = plan["digest"]
    confirmed = {"environmentId": deployed.id, "confirmName": deployed.look()["name"], "planDigest": digest}
    with shared.subscribed(PHASES, id=deployed.id) as events:
        deployed.succeeds("destroyEnvironment", **confirmed)
        seen = take_until(events, lambda event: event["environmentPhaseChanged"]["phase"] == "DESTROYED")
    assert [event["environmentPhaseChanged"]["phase"] for event in seen][-2:] == ["DESTROYING", "DESTROYED"]
    volumes = {(one["kind"], one["name"]) for one in plan["keeps"]}
    assert set(deployed.objects()) == {one for one in volumes if one[0] == "PersistentVolume"}
    assert outside.get(f"/api/v1/namespaces/{deployed.namespace}") is None
    assert outside.in_namespace(deployed.namespace) == []
    assert outside.records(domain) == {}
    assert outside.secrets(deployed.id) == {}


def _check_guestbook(deployed: Deployed, domain: str) -> None:
    there = deployed.objects("frontend")
    spec = there["Deployment", "frontend"]["spec"]
    container = spec["template"]["spec"]["containers"][0]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    assert container["image"].endswith(":v6")
    assert [port["containerPort"] for port in container["ports"]] == [8080]
    assert [port["port"] for port in there["Service", "frontend"]["spec"]["ports"]] == [8080]
    assert there["ConfigMap", "frontend"]["data"] == {"GET_HOSTS_FROM": "env", "REDIS_HOST": "redis-leader"}
    rule = there["Ingress", "frontend"]["spec"]
    assert [one["host"] for one in rule["rules"]] == [f"book.{domain}"]
    assert "tls" not in rule


def _check_wordpress(deployed: Deployed, domain: str) -> None:
    there = deployed.objects("wordpress")
    assert there["PersistentVolumeClaim", "wordpress.files"]["spec"]["resources"]["requests"]["storage"] == "30Gi"
    assert "WORDPRESS_CONFIG_EXTRA" not in there["ConfigMap", "wordpress"]["data"]
    assert [one["host"] for one in there["Ingress", "wordpress"]["spec"]["rules"]] == [f"news.{domain}"]
    wordpress = deployed.service("wordpress")["id"]
    assert _secret(deployed, wordpress) == {"WORDPRESS_DB_PASSWORD": "a-new-password"}
    changed = there["Secret", "wordpress"]["data"]

    deployed.succeeds("rollbackService", serviceId=wordpress, revision=1)
    assert _secret(deployed, wordpress) == {"WORDPRESS_DB_PASSWORD": "replace-this-password"}
    there = deployed.objects("wordpress")
    assert there["Secret", "wordpress"]["data"] != changed
    assert "WORDPRESS_CONFIG_EXTRA" in there["ConfigMap", "wordpress"]["data"]
    assert [one["host"] for one in there["Ingress", "wordpress"]["spec"]["rules"]] == [f"blog.{domain}"]
    # what was written to a volume that has grown since may need the room
    assert there["PersistentVolumeClaim", "wordpress.files"]["spec"]["resources"]["requests"]["storage"] == "30Gi"


def _check_online_boutique(deployed: Deployed, domain: str) -> None:
    there = deployed.objects("frontend")
    assert ("HorizontalPodAutoscaler", "frontend") not in there
    assert ("Ingress", "frontend") not in there
    spec = there["Deployment", "frontend"]["spec"]
    assert spec["replicas"] == 3
    assert "livenessProbe" not in spec["template"]["spec"]["containers"][0]
    assert there["ConfigMap", "frontend"]["data"]["ENABLE_PROFILER"] == "1"


_CHECKS = {
    "guestbook": _check_guestbook,
    "wordpress": _check_wordpress,
    "online_boutique": _check_online_boutique,
}


def _add_again(deployed: Deployed, service: str, kept: Mapping[tuple[str, str], Json]) -> None:
    """With the data that were kept from the service before."""
    added = ended(deployed.phaseline, deployed.add(service))
    assert added["status"] == "SUCCEEDED", added
    steps = {step["name"]: step["message"] for step in added["steps"]}
    assert "Uses PersistentVolumeClaim mysql.data again, kept from before" in steps["deploy"]
    there = deployed.objects(service)
    assert {key: there[key]["metadata"]["uid"] for key in kept} == {
        key: one["metadata"]["uid"] for key, one in kept.items()
    }


def _check_plan(deployed: Deployed, plan: Json, domain: str) -> None:
    """It lists the roots of all that is there, and each under its service."""
    listed = {(one["kind"], one["name"]) for one in plan["removals"]}
    there = deployed.objects()
    roots = {key for key, one in there.items() if not one["metadata"].get("ownerReferences")}
    made_for_others = {key for key in roots if key[0] in ("Endpoints", "PersistentVolume")}
    kept_claims = {key for key in roots if key[0] == "PersistentVolumeClaim"} - listed
    assert roots - made_for_others - kept_claims == {
        one for one in listed if one[0] not in ("DnsRecord", "CloudSecret", "Workflow", "Release")
    }
    assert {name for kind, name in listed if kind == "DnsRecord"} == {
        f"{name} {type_}" for name, type_ in deployed.outside.records(domain)
    }
    assert {name for kind, name in listed if kind == "CloudSecret"} == set(deployed.outside.secrets(deployed.id))
    assert {"Workflow", "Release"} <= {kind for kind, _ in listed}
    names = {one["name"] for one in deployed.look()["services"]["nodes"]}
    assert {one["service"] for one in plan["removals"]} - {None} <= names
    assert {one["kind"] for one in plan["removals"] if one["service"] is None} == {"Namespace"}


def _hostnames(deployed: Deployed) -> set[str]:
    return {host for one in deployed.look()["services"]["nodes"] for host in one["hostnames"]}


def _published(outside: Outside, domain: str) -> set[str]:
    return {name for name, type_ in outside.records(domain) if type_ != "TXT"}


def _secret(deployed: Deployed, service_id: str) -> Json:
    return next(value for name, value in deployed.outside.secrets(deployed.id).items() if service_id in name)


def _others(objects: Mapping[tuple[str, str], Json], service: str) -> dict[tuple[str, str], str]:
    """The other services' objects, by what only a replacement changes. What controllers make comes and goes."""
    return {
        key: one["metadata"]["uid"]
        for key, one in objects.items()
        if one["metadata"]["labels"].get("app.kubernetes.io/name") != service
        and not one["metadata"].get("ownerReferences")
    }
