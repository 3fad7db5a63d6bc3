"""Jobs, builds, and CronJobs."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from embedded.kubernetes.controllers.cron_jobs import due_time, next_time
from tests.embedded.kubernetes.client import Client, Object


def _job(name: str = "j", container: Object | None = None, init: Object | None = None, **spec: Any) -> Object:
    told = {"terminationMessagePolicy": "FallbackToLogsOnError"}
    pod: Object = {
        "restartPolicy": "Never",
        "containers": [{"name": "main", "image": "b:1", **told, **(container or {})}],
    }
    if init:
        pod["initContainers"] = [{"name": "source", **told, **init}]
    return {"metadata": {"name": name}, "spec": {"template": {"spec": pod}, **spec}}


def _condition(job: Object, kind: str) -> Object:
    return next((one for one in job.get("status", {}).get("conditions", []) if one["type"] == kind), Object())


def _ended(job: Object) -> bool:
    return bool(_condition(job, "Complete") or _condition(job, "Failed"))


def test_runs_to_completion(client: Client, batch: str, core: str) -> None:
    client.post(f"{batch}/jobs", _job())
    job = client.until(f"{batch}/jobs/j", _ended)
    assert _condition(job, "Complete")["status"] == "True"
    assert job["status"]["succeeded"] == 1
    assert job["status"]["completionTime"] >= job["status"]["startTime"]
    (pod,) = client.get(f"{core}/pods", labelSelector="batch.kubernetes.io/job-name=j")["items"]
    assert pod["status"]["phase"] == "Succeeded"


def test_runs_as_many_as_it_should(client: Client, batch: str, core: str) -> None:
    client.post(f"{batch}/jobs", _job(completions=3, parallelism=2))
    job = client.until(f"{batch}/jobs/j", _ended)
    assert job["status"]["succeeded"] == 3
    assert len(client.names(f"{core}/pods")) == 3


def test_gives_up_after_so_many_failures(client: Client, batch: str, core: str) -> None:
    client.post(f"{batch}/jobs", _job(container={"command": ["false"]}, backoffLimit=1))
    job = client.until(f"{batch}/jobs/j", _ended)
    failed = _condition(job, "Failed")
    assert (failed["reason"], failed["message"]) == (
        "BackoffLimitExceeded",
        "Job has reached the specified backoff limit",
    )
    assert job["status"]["failed"] == 2
    assert len(client.names(f"{core}/pods")) == 2
    assert "completionTime" not in job["status"]


def test_a_deadline_ends_it(client: Client, batch: str, core: str) -> None:
    job = _job(activeDeadlineSeconds=1, container={"image": "missing:1"})
    client.post(f"{batch}/jobs", job)
    late = client.until(f"{batch}/jobs/j", _ended)
    assert _condition(late, "Failed")["reason"] == "DeadlineExceeded"
    client.until_all(f"{core}/pods", lambda pods: not pods)


def test_goes_after_its_time_to_live(client: Client, batch: str, core: str) -> None:
    client.post(f"{batch}/jobs", _job(ttlSecondsAfterFinished=0))
    client.until_gone(f"{batch}/jobs/j")
    assert client.names(f"{core}/pods") == []


def test_a_suspended_one_waits(client: Client, batch: str, core: str) -> None:
    client.post(f"{batch}/jobs", _job(suspend=True))
    job = client.until(f"{batch}/jobs/j", lambda job: bool(_condition(job, "Suspended")))
    assert "startTime" not in job["status"]
    assert client.names(f"{core}/pods") == []
    client.patch(f"{batch}/jobs/j", {"spec": {"suspend": False}})
    client.until(f"{batch}/jobs/j", _ended)


_CLONE: Object = {
    "image": "alpine/git:2",
    "command": ["git"],
    "args": ["clone", "https://git.test/team/app.git", "/src"],
}
_BUILD: Object = {
    "image": "moby/buildkit:rootless",
    "args": ["build", "--output", "type=image,name=registry.test/app:1"],
}


def test_a_script_tells_the_commit_and_the_digest_alone(client: Client, batch: str, core: str) -> None:
    clone = {**_CLONE, "command": ["sh", "-c", "git fetch; git rev-parse HEAD > $RESULT || exit 1"], "args": []}
    script = "buildctl build; sed -n s/containerimage.digest//p $METADATA > $RESULT || exit 1"
    client.post(f"{batch}/jobs", _job("build", {**_BUILD, "command": ["sh", "-c", script]}, clone))
    client.until(f"{batch}/jobs/build", lambda job: bool(_condition(job, "Complete")))
    status = client.get(f"{core}/pods")["items"][0]["status"]
    commit = status["initContainerStatuses"][0]["state"]["terminated"]["message"]
    digest = status["containerStatuses"][0]["state"]["terminated"]["message"]
    assert re.fullmatch("[0-9a-f]{40}", commit)
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest)


def test_a_build_tells_its_digest(client: Client, batch: str, core: str) -> None:
    digests: list[str] = []
    for name in ("first", "second"):
        client.post(f"{batch}/jobs", _job(name, _BUILD, _CLONE, backoffLimit=0))
        client.until(f"{batch}/jobs/{name}", lambda job: bool(_condition(job, "Complete")))
        (pod,) = client.get(f"{core}/pods", labelSelector=f"job-name={name}")["items"]
        message = json.loads(pod["status"]["containerStatuses"][0]["state"]["terminated"]["message"])
        digests.append(message["containerimage.digest"])
        assert message["image.name"] == "registry.test/app:1"
        log = client.call("GET", f"{core}/pods/{pod['metadata']['name']}/log").body
        assert f"pushing manifest {digests[-1]}" in log
    assert digests[0] == digests[1]
    assert digests[0].startswith("sha256:")
    assert len(digests[0]) == 71


@pytest.mark.parametrize(
    ("build", "clone", "status", "code", "line"),
    [
        (
            _BUILD,
            {**_CLONE, "args": ["clone", "https://git.test/team/missing.git", "/src"]},
            "initContainerStatuses",
            128,
            "fatal: repository 'https://git.test/team/missing.git' not found",
        ),
        (
            {**_BUILD, "env": [{"name": "CONTEXT", "value": "https://git.test/team/failing.git"}]},
            _CLONE,
            "containerStatuses",
            1,
            "error: failed to solve: process",
        ),
    ],
)
def test_a_build_fails(
    client: Client, batch: str, core: str, build: Object, clone: Object, status: str, code: int, line: str
) -> None:
    client.post(f"{batch}/jobs", _job("build", build, clone, backoffLimit=0))
    job = client.until(f"{batch}/jobs/build", _ended)
    assert _condition(job, "Failed")["reason"] == "BackoffLimitExceeded"
    (pod,) = client.get(f"{core}/pods")["items"]
    assert pod["status"]["phase"] == "Failed"
    failed = pod["status"][status][0]
    assert failed["state"]["terminated"]["exitCode"] == code
    log = client.call("GET", f"{core}/pods/{pod['metadata']['name']}/log", container=failed["name"]).body
    assert line in log
    assert failed["state"]["terminated"]["message"] == log


def _cron_job(**spec: Any) -> Object:
    return {
        "metadata": {"name": "cj"},
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": _job()["spec"]}, **spec},
    }


def test_a_missed_time_is_made_up_for(client: Client, batch: str) -> None:
    path = f"{batch}/cronjobs/cj"
    client.post(f"{batch}/cronjobs", _cron_job())
    assert client.names(f"{batch}/jobs") == []
    yesterday = (datetime.now(UTC) - timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    client.patch(f"{path}/status", {"status": {"lastScheduleTime": yesterday}})
    done = client.until(path, lambda one: "lastSuccessfulTime" in one.get("status", {}))
    assert done["status"]["lastScheduleTime"] > yesterday
    (job,) = client.get(f"{batch}/jobs")["items"]
    due = datetime.fromisoformat(done["status"]["lastScheduleTime"])
    assert job["metadata"]["name"] == f"cj-{int(due.timestamp()) // 60}"
    assert job["metadata"]["ownerReferences"][0]["kind"] == "CronJob"


def test_a_suspended_one_makes_no_job(client: Client, batch: str) -> None:
    client.post(f"{batch}/cronjobs", _cron_job(suspend=True))
    client.patch(f"{batch}/cronjobs/cj/status", {"status": {"lastScheduleTime": "2020-01-01T00:00:00Z"}})
    client.patch(f"{batch}/cronjobs/cj", {"metadata": {"labels": {"x": "1"}}})
    assert client.names(f"{batch}/jobs") == []


@pytest.mark.parametrize(
    ("spec", "last", "now", "due", "following"),
    [
        ({}, "2026-03-01T02:59:00Z", "2026-03-01T03:00:00Z", "2026-03-01T03:00:00Z", "2026-03-02T03:00:00Z"),
        ({}, "2026-03-01T03:00:00Z", "2026-03-01T03:00:30Z", None, "2026-03-02T03:00:00Z"),
        ({}, "2026-03-01T03:00:00Z", "2026-03-09T12:00:00Z", "2026-03-09T03:00:00Z", "2026-03-10T03:00:00Z"),
        ({"startingDeadlineSeconds": 60}, "2026-03-01T03:00:00Z", "2026-03-09T12:00:00Z", None, "2026-03-10T03:00:00Z"),
        ({"timeZone": "Asia/Tokyo"}, "2026-03-01T00:00:00Z", "2026-03-01T18:30:00Z", "2026-03-01T18:00:00Z",
         "2026-03-02T18:00:00Z"),
    ],
)  # fmt: skip
def test_times_of_a_schedule(spec: Object, last: str, now: str, due: str | None, following: str) -> None:
    cron_job = {
        "metadata": {"creationTimestamp": "2020-01-01T00:00:00Z"},
        "spec": {"schedule": "0 3 * * *", **spec},
        "status": {"lastScheduleTime": last},
    }
    moment = datetime.fromisoformat(now)
    assert due_time(cron_job, moment) == (datetime.fromisoformat(due) if due else None)
    assert next_time(cron_job, moment) == datetime.fromisoformat(following)
