"""The Job that builds a git source."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from jobs.adapters.kubernetes.json import JsonObject, annotations_of, labels_of, name_of, part
from jobs.adapters.kubernetes.labels import OPERATION, REVISION, is_ours, service_labels
from jobs.adapters.kubernetes.manifests import BuildSettings, build_name, build_namespace_of, build_objects_of
from jobs.adapters.kubernetes.manifests.build_scripts import BUILD, FETCH
from jobs.ports import ServiceRef
from models.configuration import BuildArgument, GitSource
from tests.jobs.adapters.kubernetes.desires import ENVIRONMENT, a_service
from tests.jobs.adapters.kubernetes.schemas import problems
from tests.strategies import service_names

_SOURCE = GitSource(
    repository="https://example.com/acme/web.git",
    ref="v1.2",
    dockerfile="docker/web.Dockerfile",
    context="src/web",
    image="registry.example.com/acme/web:1.2",
)
_SETTINGS = BuildSettings()
_WITH_SECRETS = replace(_SETTINGS, git_secret="git", registry_secret="registry")


def test_the_last_three_versions_of_kubernetes_take_a_build_and_its_namespace() -> None:
    for settings in (_SETTINGS, _WITH_SECRETS):
        for one in (build_namespace_of(settings), *build_objects_of(a_service(), _SOURCE, 3, 17, settings)):
            assert problems(one) == []


def test_a_build_is_tried_once_within_its_time_and_is_ours() -> None:
    settings = BuildSettings(namespace="builds", deadline_seconds=99, keep_seconds=77)
    [job] = build_objects_of(a_service(), _SOURCE, 3, 17, settings)
    assert job["metadata"]["namespace"] == "builds"
    assert is_ours(job, ENVIRONMENT, a_service())
    assert annotations_of(job) == {OPERATION: "17", REVISION: "3"}
    assert labels_of(job["spec"]["template"]) == service_labels(a_service())
    spec = {key: value for key, value in job["spec"].items() if key != "template"}
    assert spec == {"backoffLimit": 0, "activeDeadlineSeconds": 99, "ttlSecondsAfterFinished": 77}
    assert _pod()["restartPolicy"] == "Never"


def test_the_source_is_fetched_as_the_configuration_says() -> None:
    [container] = _pod()["initContainers"]
    said = {one["name"]: one["value"] for one in container["env"]}
    assert said["REPOSITORY"] == "https://example.com/acme/web.git"
    assert said["REF"] == "v1.2"
    assert (said["CONTEXT"], said["DOCKERFILE"]) == ("src/web", "docker/web.Dockerfile")
    assert container["command"] == ["sh", "-euc", FETCH, "fetch-source"]
    assert container["image"] == _SETTINGS.git_image


def test_the_image_is_built_from_context_and_dockerfile_and_pushed() -> None:
    [container] = _pod()["containers"]
    assert container["command"] == ["sh", "-euc", BUILD, "build-image"]
    assert set(container["args"]) == {
        "--progress=plain",
        "--frontend=dockerfile.v0",
        "--local=context=/workspace/source/src/web",
        "--local=dockerfile=/workspace/source/docker",
        "--opt=filename=web.Dockerfile",
        "--output=type=image,name=registry.example.com/acme/web:1.2,push=true",
    }


def test_the_target_and_the_arguments_are_told_to_buildkit() -> None:
    arguments = (BuildArgument(name="VERSION", value="1=2,3"), BuildArgument(name="EMPTY", value=""))
    source = _SOURCE.model_copy(update={"target": "runtime", "build_arguments": arguments})
    [job] = build_objects_of(a_service(), source, 3, 17, _SETTINGS)
    [container] = part(job, "spec", "template", "spec")["containers"]
    told = set(container["args"]) - set(_pod()["containers"][0]["args"])
    assert told == {"--opt=target=runtime", "--opt=build-arg:VERSION=1=2,3", "--opt=build-arg:EMPTY="}


def test_only_buildkit_runs_unconfined_and_nothing_runs_privileged() -> None:
    pod = _pod()
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"] == {"seccompProfile": {"type": "RuntimeDefault"}}
    [fetching], [building] = pod["initContainers"], pod["containers"]
    assert fetching["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert building["securityContext"] == {
        "runAsUser": 1000,
        "runAsGroup": 1000,
        "seccompProfile": {"type": "Unconfined"},
        "appArmorProfile": {"type": "Unconfined"},
    }


def test_both_containers_have_limits() -> None:
    settings = BuildSettings(cpu_request="1", cpu_limit="3", memory_request="1Gi", memory_limit="5Gi", disk_limit="7Gi")
    pod = _pod(settings)
    for container in (*pod["initContainers"], *pod["containers"]):
        assert container["resources"] == {
            "requests": {"cpu": "1", "memory": "1Gi"},
            "limits": {"cpu": "3", "memory": "5Gi"},
        }
    assert [volume["emptyDir"] for volume in pod["volumes"]] == [{"sizeLimit": "7Gi"}] * 2


def test_without_secrets_no_secret_is_mounted() -> None:
    pod = _pod()
    assert [volume["name"] for volume in pod["volumes"]] == ["workspace", "buildkit"]
    names = {one["name"] for container in pod["initContainers"] + pod["containers"] for one in container["env"]}
    assert not names & {"GIT_CONFIG_GLOBAL", "DOCKER_CONFIG"}


def test_each_container_sees_its_own_credentials_only() -> None:
    pod = _pod(_WITH_SECRETS)
    secrets = {volume["name"]: volume["secret"] for volume in pod["volumes"] if "secret" in volume}
    assert secrets == {
        "git-settings": {"secretName": "git", "defaultMode": 0o400},
        "registry-settings": {
            "secretName": "registry",
            "defaultMode": 0o444,
            "items": [{"key": ".dockerconfigjson", "path": "config.json"}],
        },
    }
    [fetching], [building] = pod["initContainers"], pod["containers"]
    assert {mount["name"] for mount in fetching["volumeMounts"]} == {"workspace", "git-settings"}
    assert {mount["name"] for mount in building["volumeMounts"]} == {"workspace", "buildkit", "registry-settings"}
    assert {"name": "DOCKER_CONFIG", "value": "/etc/registry-settings"} in building["env"]
    assert {"name": "GIT_CONFIG_GLOBAL", "value": "/etc/git-settings/gitconfig"} in fetching["env"]


def test_kubernetes_expands_nothing_in_a_build() -> None:
    """It takes `$(NAME)` for a variable's value, where there is one, and `$$` for a dollar."""
    source = _SOURCE.model_copy(update={"context": "$(RESULT)", "ref": "a$$b"})
    [job] = build_objects_of(a_service(), source, 3, 17, _SETTINGS)
    pod = job["spec"]["template"]["spec"]
    assert {"name": "REF", "value": "a$$$$b"} in pod["initContainers"][0]["env"]
    assert "--local=context=/workspace/source/$$(RESULT)" in pod["containers"][0]["args"]
    for script in (FETCH, BUILD):
        assert "$$" not in script
        assert not re.search(r"\$\([-._a-zA-Z0-9]*\)", script)


@given(service_names(), st.integers(1, 2**31 - 1), st.integers(1, 2**31 - 1))
def test_names_fit_a_label_and_tell_environments_and_operations_apart(name: str, revision: int, fence: int) -> None:
    here, there = (ServiceRef(ENVIRONMENT, service, name, a_service().kind) for service in ("svc_1", "svc_2"))
    names = {
        build_name(here, revision, fence),
        build_name(here, revision, fence + 1),
        build_name(here, revision + 1, fence),
        build_name(there, revision, fence),
    }
    assert len(names) == 4
    assert all(len(one) <= 63 for one in names)
    [job] = build_objects_of(here, _SOURCE, revision, fence, _SETTINGS)
    assert name_of(job) == build_name(here, revision, fence)


def _pod(settings: BuildSettings = _SETTINGS) -> JsonObject:
    [job] = build_objects_of(a_service(), _SOURCE, 3, 17, settings)
    return part(job, "spec", "template", "spec")
