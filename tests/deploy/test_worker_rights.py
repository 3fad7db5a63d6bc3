"""The adapter works under the ClusterRole that we give to operators, and each of its rules is needed."""

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from embedded.kubernetes import RunningKubernetes
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.connect import connect
from jobs.adapters.kubernetes.kinds import WATCHED
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.errors import Permanent
from jobs.ports import Desired, EnvironmentRef, Known, ServiceRef
from models.configuration import GitSource, Schedule, Volume
from models.vocabulary import ServiceKind, VolumePolicy
from tests.jobs.adapters.kubernetes.apply.everything import EVERYTHING
from tests.jobs.adapters.kubernetes.desires import a_desire
from tests.jobs.adapters.kubernetes.settled import settled

RIGHTS = Path(__file__).parents[2] / "deploy" / "kubernetes" / "worker-rights.yaml"
ROLE, BINDING = list(yaml.safe_load_all(RIGHTS.read_text()))
NUMBERS = itertools.count(1)
SOURCE = GitSource(repository="https://example.com/shop.git", ref="main", image="registry.example.com/shop")
KEPT = Volume(name="kept", mount_path="/kept", size_gib=1, on_delete=VolumePolicy.RETAIN)


def worker_with(rules: list[Any], kubernetes: RunningKubernetes, direct: Api, folder: Path) -> Api:
    """The calls of a service account that has these rights."""
    name = f"phaseline-{next(NUMBERS)}"
    direct.call("POST", "/api/v1/namespaces", body={"metadata": {"name": name}})
    accounts = f"/api/v1/namespaces/{name}/serviceaccounts"
    direct.call("POST", accounts, body={"metadata": {"name": "phaseline-worker"}})
    rbac = "/apis/rbac.authorization.k8s.io/v1"
    direct.call("POST", f"{rbac}/clusterroles", body={**ROLE, "metadata": {"name": name}, "rules": rules})
    binding = {
        "metadata": {"name": name},
        "roleRef": {**BINDING["roleRef"], "name": name},
        "subjects": [{**BINDING["subjects"][0], "namespace": name}],
    }
    direct.call("POST", f"{rbac}/clusterrolebindings", body=binding)
    token = direct.call("POST", f"{accounts}/phaseline-worker/token", body={"spec": {}})["status"]["token"]
    config = yaml.safe_load(kubernetes.kubeconfig.read_text())
    config["users"][0]["user"] = {"token": token}
    file = folder / "kubeconfig"
    file.write_text(yaml.safe_dump(config))
    return connect(file)


def everything_a_worker_does(api: Api) -> None:
    number = next(NUMBERS)
    cluster = KubernetesCluster(api, BuildSettings(namespace=f"builds-{number}"))
    environment = EnvironmentRef(f"env_{number}", f"rights-{number}", "shop", f"rights-{number}", "shop.test")
    namespace = cluster.ensure_namespace(environment)
    environment = replace(environment, namespace_uid=namespace.uid)
    web = ServiceRef(environment, f"svc_{number}", "web", ServiceKind.APPLICATION)
    nightly = ServiceRef(environment, f"svc_{number}b", "nightly", ServiceKind.CRON_JOB)

    asked: dict[str, Any] = {**EVERYTHING, "volumes": (KEPT,)}
    desired = a_desire(**asked)
    _deploy(cluster, web, desired)
    settled(lambda: cluster.published_addresses(web))
    assert cluster.preview(web, replace(desired, fence=18, revision=4, image="web:2")) != []
    assert cluster.ailments(web, desired) == []
    _deploy(cluster, web, replace(desired, fence=18, revision=4))
    _deploy(cluster, nightly, a_desire(schedule=Schedule(cron="0 0 1 1 *")))
    settled(lambda: cluster.fetch_source(web, SOURCE, 5, 19))
    settled(lambda: cluster.build(web, SOURCE, 5, 19))
    cluster.cancel_build(web, 5)
    _watch(api)

    cluster.inventory(environment)
    _remove_an_orphan(cluster, web)
    settled(lambda: cluster.remove_workloads(environment, None, 20))
    settled(lambda: cluster.remove_resources(environment, None, 20))
    settled(lambda: cluster.remove_namespace(environment, 20))
    assert cluster.inventory(environment).removals == []


def _deploy(cluster: KubernetesCluster, service: ServiceRef, desired: Desired) -> None:
    cluster.apply(service, desired)
    settled(lambda: cluster.check_rollout(service, desired))
    settled(lambda: cluster.prune(service, desired))


def _remove_an_orphan(cluster: KubernetesCluster, service: ServiceRef) -> None:
    """What no environment owns is looked for in the whole cluster; tests that run before have left some of it."""
    others = {one.environment_id for one in cluster.leftovers(Known("tests", list))} - {service.environment.id}
    orphans = cluster.leftovers(Known("tests", lambda: others))
    [ingress] = [one.object.uid for one in orphans if one.object.kind == "Ingress"]
    assert cluster.remove_leftovers(Known("tests", lambda: others), [ingress]).refused == {}


def _watch(api: Api) -> None:
    query: dict[str, str | int | bool] = {"watch": True, "timeoutSeconds": 1}
    for kind in WATCHED:
        with api.lines(kind.path(), query=query, silence=5):
            pass


def test_all_that_a_worker_does_is_allowed(kubernetes: RunningKubernetes, direct: Api, tmp_path: Path) -> None:
    everything_a_worker_does(worker_with(ROLE["rules"], kubernetes, direct, tmp_path))


@pytest.mark.parametrize("index", range(len(ROLE["rules"])))
def test_each_rule_is_needed_and_what_is_missing_is_named(
    index: int, kubernetes: RunningKubernetes, direct: Api, tmp_path: Path
) -> None:
    rules = [rule for number, rule in enumerate(ROLE["rules"]) if number != index]
    worker = worker_with(rules, kubernetes, direct, tmp_path)
    missing = "|".join(ROLE["rules"][index]["resources"]).replace("*", ".")
    with pytest.raises(Permanent, match=rf"phaseline-worker may not \w+ ({missing})"):
        everything_a_worker_does(worker)
