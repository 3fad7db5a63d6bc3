"""Starts, follows and stops builds."""

import re

from jobs.adapters.kubernetes import labels
from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.apply.preconditions import require_ours, require_staying
from jobs.adapters.kubernetes.builds.state import BuildState, state_of
from jobs.adapters.kubernetes.json import JsonObject, annotations_of, name_of, uid_of
from jobs.adapters.kubernetes.kinds import JOB, NAMESPACE, kind_of
from jobs.adapters.kubernetes.manifests import (
    BUILD_CONTAINER,
    FETCH_CONTAINER,
    BuildSettings,
    build_namespace_of,
    build_objects_of,
)
from jobs.adapters.kubernetes.objects import Found
from jobs.adapters.kubernetes.refusals import Conflict, Refused
from jobs.errors import NotYet, Permanent, Transient
from jobs.ports import Built, ServiceRef
from models.configuration import GitSource

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)


class Builds:
    """The builds of a cluster. A build belongs to one operation: another one's never takes its place."""

    def __init__(self, api: Api, settings: BuildSettings) -> None:
        self._api = api
        self._settings = settings

    def fetch_source(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> str:
        state = self._started(service, source, revision, fence)
        commit = state.result(FETCH_CONTAINER)
        if commit is None:
            raise NotYet(f"fetching {source.ref} of {source.repository}")
        return f"Fetched {source.repository} at {commit or source.ref}."

    def build(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> Built:
        state = self._started(service, source, revision, fence)
        state.result(FETCH_CONTAINER)
        told = state.result(BUILD_CONTAINER)
        if told is None:
            raise NotYet(f"building: {state.log(BUILD_CONTAINER, 1)}".rstrip(": "))
        digest = _DIGEST.search(told)
        if digest is None:
            raise Permanent(f"The build ended without telling the digest of what it pushed, but {told[:100]!r}.")
        return Built(f"{_repository(source.image)}@{digest[0]}", state.log(BUILD_CONTAINER, 50))

    def cancel_build(self, service: ServiceRef, revision: int) -> None:
        query = {"labelSelector": labels.query(service.environment, service)}
        for job in self._api.items(JOB.path(self._settings.namespace), query=query):
            if annotations_of(job).get(labels.REVISION) == str(revision):
                self._delete(job)

    def _started(self, service: ServiceRef, source: GitSource, revision: int, fence: int) -> BuildState:
        """Also started anew when somebody has deleted its Job."""
        self._ensure_namespace()
        wanted = build_objects_of(service, source, revision, fence, self._settings)
        *_, job = [self._ensure(one, service) for one in wanted]
        require_staying(job)
        return state_of(self._api, job, self._settings.namespace)

    def _ensure(self, wanted: JsonObject, service: ServiceRef) -> Found:
        kind, name = kind_of(wanted["kind"]), name_of(wanted)
        path = kind.path(self._settings.namespace, name)
        made = self._api.find(path)
        if made is None:
            query = {"fieldManager": labels.MANAGER}
            try:
                made = self._api.call("POST", kind.path(self._settings.namespace), query=query, body=wanted)
            except Conflict:
                made = self._api.find(path)
        if made is None:
            raise Transient(f"{kind.kind} {name} comes and goes.")
        found = Found(kind, made)
        require_ours(found, service)
        return found

    def _ensure_namespace(self) -> None:
        """One that is there already is taken as it is: its Secrets are the operator's."""
        wanted = build_namespace_of(self._settings)
        if self._api.find(NAMESPACE.path(name=self._settings.namespace)) is not None:
            return
        try:
            self._api.call("POST", NAMESPACE.path(), query={"fieldManager": labels.MANAGER}, body=wanted)
        except Conflict:
            return

    def _delete(self, job: JsonObject) -> None:
        body = {"preconditions": {"uid": uid_of(job)}, "propagationPolicy": "Background"}
        try:
            self._api.call("DELETE", JOB.path(self._settings.namespace, name_of(job)), body=body)
        except Conflict:
            return  # gone, and another of its name is there
        except Refused as refused:
            if refused.code != 404:
                raise


def _repository(image: str) -> str:
    """The image's name without its tag: what a digest follows."""
    path, slash, name = image.rpartition("/")
    return f"{path}{slash}{name.partition(':')[0]}"
