"""The project files of `examples/`, in the words of the models."""

import json
import re
from pathlib import Path
from typing import Any, cast

from models.mutations.create_project import NewProjectService
from models.vocabulary import ServiceKind

_FOLDER = Path(__file__).parents[2] / "examples"
_OWN_SPELLINGS = {"sizeGiB": "size_gib"}


def example_names() -> list[str]:
    return sorted(file.stem for file in _FOLDER.glob("*.json"))


def read_example(name: str) -> tuple[str, list[NewProjectService]]:
    """The project's name and its services."""
    said = json.loads((_FOLDER / f"{name}.json").read_text())["input"]
    services = [
        NewProjectService(service["name"], ServiceKind(service["kind"]), _snake_case(service["configuration"]))
        for service in said["services"]
    ]
    return said["name"], services


def _snake_case(value: Any) -> Any:
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        return {_field(name): _snake_case(inner) for name, inner in fields.items()}
    return [_snake_case(inner) for inner in cast("list[object]", value)] if isinstance(value, list) else value


def _field(name: str) -> str:
    return _OWN_SPELLINGS.get(name) or re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
