"""What is deployed is what Kubernetes takes, and says what the product is told by."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from jobs.settings import WorkerSettings
from resolvers.settings import ApiSettings
from tests.jobs.adapters.kubernetes.schemas import problems

FOLDER = Path(__file__).parents[2] / "deploy"
MANIFESTS = sorted((FOLDER / "kubernetes").glob("*.yaml"))
#: Read by the libraries underneath.
THEIR_OWN = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text()))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
def test_every_object_is_valid(path: Path) -> None:
    assert [problem for thing in documents(path) for problem in problems(thing)] == []


def test_only_known_settings_are_given() -> None:
    known = {name.upper() for settings in (ApiSettings, WorkerSettings) for name in settings.model_fields} | THEIR_OWN
    config = next(
        thing for thing in documents(FOLDER / "kubernetes" / "phaseline.yaml") if thing["kind"] == "ConfigMap"
    )
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text())
    given = {name for service in ("api", "worker") for name in compose["services"][service]["environment"]}
    assert (set(config["data"]) | given) - known == set()


def test_the_image_holds_what_runs() -> None:
    """`tests` and `bench` stay outside; all else that is imported is copied."""
    copied = {line.split()[1] for line in (FOLDER / "Containerfile").read_text().splitlines() if line[:5] == "COPY "}
    assert {"app.py", "schema", "resolvers", "jobs", "models", "embedded"} <= copied
    assert not copied & {"tests", "bench"}
