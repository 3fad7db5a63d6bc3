"""How far a build has come, as its Job and its pod tell."""

from dataclasses import dataclass

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.builds.log import log_of
from jobs.adapters.kubernetes.json import JsonObject, condition, name_of, part, parts
from jobs.adapters.kubernetes.kinds import POD
from jobs.adapters.kubernetes.objects import Found
from jobs.errors import Blocker, Permanent

#: Reasons for which a container waits in vain: https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff
_STUCK = frozenset({"ImagePullBackOff", "InvalidImageName", "CreateContainerConfigError"})


@dataclass(frozen=True)
class BuildState:
    api: Api
    job: Found
    #: None before there is one, and after the Job's deadline has taken it away.
    pod: Found | None

    def result(self, container: str) -> str | None:
        """The termination message of a container that has succeeded, None before.

        Raises Permanent with the end of its log when it failed or can't run.
        """
        state = self._state(container)
        ended = part(state, "terminated")
        if ended.get("exitCode") == 0:
            return str(ended.get("message") or "").strip()
        if ended:
            why = f"exit code {ended.get('exitCode')}, {ended.get('reason', 'no reason given')}"
            raise self._failure(container, why)
        waiting = part(state, "waiting")
        if waiting.get("reason") in _STUCK:
            raise self._failure(container, f"{waiting['reason']}: {waiting.get('message', '')}")
        failed = condition(self.job.thing, "Failed")
        if failed.get("status") == "True":
            raise self._failure(container, f"{failed.get('reason')}: {failed.get('message', '')}")
        return None

    def log(self, container: str, lines: int) -> str:
        """The end of the container's log; empty where there is none."""
        return log_of(self.api, self.pod, container, lines) if self.pod else ""

    def _state(self, container: str) -> JsonObject:
        if self.pod is None:
            return {}
        kinds = ("initContainerStatuses", "containerStatuses")
        statuses = [status for kind in kinds for status in parts(self.pod.thing, "status", kind)]
        return next((part(status, "state") for status in statuses if status.get("name") == container), JsonObject())

    def _failure(self, container: str, why: str) -> Permanent:
        log = self.log(container, 50)
        text = f"The build failed in container {container} ({why})." + (f"\n{log}" if log else "")
        name = name_of(self.pod.thing) if self.pod else self.job.name
        return Permanent(text, blockers=[Blocker("Pod" if self.pod else "Job", name, why)])


def state_of(api: Api, job: Found, namespace: str) -> BuildState:
    query = {"labelSelector": f"batch.kubernetes.io/job-name={job.name}"}
    pods = api.items(POD.path(namespace), query=query)
    return BuildState(api, job, Found(POD, pods[0]) if pods else None)
