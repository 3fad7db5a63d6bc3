"""Builds of git sources: started once, followed, failed with their log, stopped."""

import json

import pytest

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.cluster import KubernetesCluster
from jobs.adapters.kubernetes.json import JsonObject, labels_of, name_of
from jobs.adapters.kubernetes.kinds import JOB, NAMESPACE, POD
from jobs.adapters.kubernetes.manifests import BuildSettings
from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import EnvironmentRef
from models.configuration import GitSource
from tests.jobs.adapters.kubernetes.faults import refuse
from tests.jobs.adapters.kubernetes.settled import settled
from tests.jobs.adapters.kubernetes.site import Site
from tests.jobs.adapters.proxy import Answer, FaultProxy, Forward, Request, lose_answer, replace

SOURCE = GitSource(repository="https://git.test/acme/web.git", ref="main", image="registry.test:5000/acme/web:latest")


@pytest.fixture
def namespace(environment: EnvironmentRef) -> str:
    return f"builds-{environment.name}"


@pytest.fixture
def cluster(proxied: Api, namespace: str) -> KubernetesCluster:
    return KubernetesCluster(proxied, BuildSettings(namespace=namespace))


def jobs(site: Site, namespace: str) -> list[JsonObject]:
    return site.api.items(JOB.path(namespace))


def test_fetches_builds_and_tells_the_digest_that_was_pushed(
    cluster: KubernetesCluster, site: Site, namespace: str, proxy: FaultProxy
) -> None:
    with pytest.raises(NotYet, match="fetching main of https"):
        cluster.fetch_source(site.service, SOURCE, 3, 7)
    fetched = settled(lambda: cluster.fetch_source(site.service, SOURCE, 3, 7))
    assert fetched.startswith("Fetched https://git.test/acme/web.git at ")

    built = settled(lambda: cluster.build(site.service, SOURCE, 3, 7))
    name, _, digest = built.image.partition("@sha256:")
    assert name == "registry.test:5000/acme/web"
    assert len(digest) == 64
    assert digest in built.log  # the end of the log tells what was pushed

    assert cluster.build(site.service, SOURCE, 3, 7) == built
    assert proxy.count("POST jobs") == 1
    (job,) = jobs(site, namespace)
    assert labels.is_ours(job, site.service.environment, site.service)


def test_the_namespace_of_the_builds_is_made_and_no_environments(
    cluster: KubernetesCluster, site: Site, namespace: str
) -> None:
    with pytest.raises(NotYet):
        cluster.fetch_source(site.service, SOURCE, 1, 1)
    there = site.api.call("GET", NAMESPACE.path(name=namespace))
    assert labels_of(there)[labels.MANAGED_BY] == "phaseline"
    assert labels.ENVIRONMENT not in labels_of(there)


def test_a_namespace_that_the_operator_has_made_stays_as_it_is(
    cluster: KubernetesCluster, site: Site, namespace: str
) -> None:
    body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace, "labels": {"team": "blue"}}}
    site.api.call("POST", NAMESPACE.path(), body=body)
    settled(lambda: cluster.fetch_source(site.service, SOURCE, 1, 1))
    there = labels_of(site.api.call("GET", NAMESPACE.path(name=namespace)))
    assert there["team"] == "blue"
    assert labels.MANAGED_BY not in there


def test_a_source_that_cannot_be_fetched_fails_with_the_end_of_the_log(cluster: KubernetesCluster, site: Site) -> None:
    missing = SOURCE.model_copy(update={"repository": "https://git.test/acme/missing.git"})
    for call in (cluster.fetch_source, cluster.build):
        with pytest.raises(Permanent) as failed:
            settled(lambda call=call: call(site.service, missing, 1, 1))
        assert "fetch-source" in str(failed.value)
        assert "exit code 128" in str(failed.value)
        assert "Repository not found" in str(failed.value)
        assert [one.kind for one in failed.value.blockers] == ["Pod"]


def test_a_build_that_fails_says_why(cluster: KubernetesCluster, site: Site) -> None:
    failing = SOURCE.model_copy(update={"dockerfile": "failing.Dockerfile"})
    assert settled(lambda: cluster.fetch_source(site.service, failing, 1, 1))
    with pytest.raises(Permanent) as failed:
        settled(lambda: cluster.build(site.service, failing, 1, 1))
    assert "build-image (exit code 1" in str(failed.value)
    assert "make: *** [Makefile:2: all] Error 2" in str(failed.value)


def test_an_image_of_ours_that_is_not_there_is_named(proxied: Api, site: Site, namespace: str) -> None:
    cluster = KubernetesCluster(proxied, BuildSettings(namespace=namespace, git_image="missing/git:1"))
    with pytest.raises(Permanent, match="ImagePullBackOff"):
        settled(lambda: cluster.fetch_source(site.service, SOURCE, 1, 1))


def test_a_build_that_takes_too_long_fails(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    settled(lambda: cluster.build(site.service, SOURCE, 1, 1))

    def over(request: Request, forward: Forward) -> Answer:
        """As the Job is after its deadline: failed, and its pod taken away."""
        answer = forward(request)
        job = json.loads(answer.body)
        failed = {"type": "Failed", "status": "True", "reason": "DeadlineExceeded", "message": "active too long"}
        job["status"] = {"failed": 1, "conditions": [failed]}
        return Answer(answer.status, json.dumps(job).encode(), answer.content_type)

    proxy.on("GET jobs", over)
    proxy.on("GET pods", lambda _request, _forward: Answer(200, b'{"items": []}', "application/json"))
    with pytest.raises(Permanent, match="DeadlineExceeded: active too long") as failed:
        cluster.build(site.service, SOURCE, 1, 1)
    assert [one.kind for one in failed.value.blockers] == ["Job"]


def test_a_build_that_tells_no_digest_fails(cluster: KubernetesCluster, site: Site, proxy: FaultProxy) -> None:
    settled(lambda: cluster.build(site.service, SOURCE, 1, 1))
    proxy.on("GET pods", replace(b"sha256:", b"sha1:"))
    with pytest.raises(Permanent, match="without telling the digest"):
        cluster.build(site.service, SOURCE, 1, 1)


def test_cancelling_stops_the_build_of_that_revision_only(
    cluster: KubernetesCluster, site: Site, namespace: str
) -> None:
    for revision in (1, 2):
        with pytest.raises(NotYet):
            cluster.fetch_source(site.service, SOURCE, revision, revision)
    for _ in range(2):
        cluster.cancel_build(site.service, 1)

    assert [name_of(job).startswith("web-r2-") for job in jobs(site, namespace)] == [True]
    query = {"labelSelector": labels.query(site.service.environment, site.service)}
    while len(site.api.items(POD.path(namespace), query=query)) > 1:
        pass
    cluster.cancel_build(site.service, 3)


def test_each_operation_has_its_own_build(cluster: KubernetesCluster, site: Site, namespace: str) -> None:
    for fence in (1, 2):
        settled(lambda fence=fence: cluster.build(site.service, SOURCE, 1, fence))
    assert len(jobs(site, namespace)) == 2


def test_a_build_that_somebody_deleted_is_started_anew(cluster: KubernetesCluster, site: Site, namespace: str) -> None:
    built = settled(lambda: cluster.build(site.service, SOURCE, 1, 1))
    (job,) = jobs(site, namespace)
    body = {"propagationPolicy": "Background"}
    site.api.call("DELETE", JOB.path(namespace, name_of(job)), body=body)
    assert settled(lambda: cluster.build(site.service, SOURCE, 1, 1)).image == built.image


def test_a_job_of_that_name_that_is_not_ours_is_left_alone(
    cluster: KubernetesCluster, site: Site, namespace: str
) -> None:
    settled(lambda: cluster.build(site.service, SOURCE, 1, 1))
    (job,) = jobs(site, namespace)
    site.api.call("DELETE", JOB.path(namespace, name_of(job)), body={"propagationPolicy": "Background"})
    template = {"spec": {"restartPolicy": "Never", "containers": [{"name": "theirs", "image": "theirs:1"}]}}
    theirs = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name_of(job)},
        "spec": {"template": template},
    }
    site.api.call("POST", JOB.path(namespace), query={"fieldManager": "kubectl-create"}, body=theirs)

    with pytest.raises(Permanent, match=f"Job {name_of(job)} .* kubectl-create"):
        cluster.build(site.service, SOURCE, 1, 1)
    cluster.cancel_build(site.service, 1)
    assert len(jobs(site, namespace)) == 1


def test_a_lost_answer_starts_no_second_build(
    cluster: KubernetesCluster, site: Site, namespace: str, proxy: FaultProxy
) -> None:
    proxy.on("POST jobs", lose_answer)
    with pytest.raises(Transient):
        cluster.fetch_source(site.service, SOURCE, 1, 1)
    settled(lambda: cluster.build(site.service, SOURCE, 1, 1))
    assert len(jobs(site, namespace)) == 1


def test_a_log_that_cannot_be_read_keeps_nothing_back(
    cluster: KubernetesCluster, site: Site, proxy: FaultProxy
) -> None:
    settled(lambda: cluster.build(site.service, SOURCE, 1, 1))
    proxy.on("GET pods", lambda request, forward: forward(request))
    proxy.on("GET pods", refuse(404, "NotFound"))
    assert cluster.build(site.service, SOURCE, 1, 1).log == ""
