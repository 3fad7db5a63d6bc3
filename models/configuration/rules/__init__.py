"""What a configuration must keep to, so that Kubernetes, Route53 and Secrets Manager take it.

Rules yield findings; `check` gives them ways into the caller's input.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, cast

from models.configuration.parsing import MAX_ISSUES
from models.configuration.paths import Path, is_said, locate
from models.configuration.rules.commands import check_commands
from models.configuration.rules.deployment import check_deployment
from models.configuration.rules.finding import Finding, Findings, Place, Subject
from models.configuration.rules.health import check_health
from models.configuration.rules.networking import check_networking
from models.configuration.rules.resources import check_resources
from models.configuration.rules.schedule import check_schedule
from models.configuration.rules.source import check_source
from models.configuration.rules.variables import check_variables
from models.configuration.rules.volumes import check_volumes
from models.configuration.shape import ServiceConfiguration
from models.refusals import Issue
from models.vocabulary import ServiceKind

#: After that of the source.
_RULES: tuple[Callable[[Subject], Findings], ...] = (
    check_commands,
    check_deployment,
    check_variables,
    check_resources,
    check_networking,
    check_health,
    check_volumes,
    check_schedule,
)

__all__ = ["Finding", "Place", "check", "to_issue"]


def check(
    configuration: ServiceConfiguration,
    kind: ServiceKind,
    place: Place | None = None,
    previous: ServiceConfiguration | None = None,
    said: Mapping[str, Any] | None = None,
) -> list[Issue]:
    """All that is wrong with a configuration, at most MAX_ISSUES.

    place: the environment; without it the configuration is a project's, for any environment.
    previous: what is deployed and can't be changed in every way.
    said: the caller's change, in snake case. With it paths lead into the change, else into the configuration.
    """
    subject = Subject(configuration, kind, place, previous)
    findings = islice(_findings(subject), MAX_ISSUES)
    if said is None:
        return [Issue(finding.path, finding.message) for finding in findings]
    return [to_issue(finding, configuration, said) for finding in findings]


def to_issue(finding: Finding, configuration: ServiceConfiguration, said: Mapping[str, Any]) -> Issue:
    """Blames the first of the finding's fields that the caller said."""
    paths = [_in_input(path, configuration, said) for path in (finding.path, *finding.others)]
    path = next((path for path in paths if is_said(path, said)), paths[0])
    return Issue(locate(path, said), finding.message)


def _findings(subject: Subject) -> Iterator[Finding]:
    """A datasource whose engine can't be had is not compared with the deployed one: what follows of it is no fault."""
    of_source = list(check_source(subject))
    yield from of_source
    if of_source and subject.kind is ServiceKind.DATASOURCE:
        subject = replace(subject, previous=None)
    for rule in _RULES:
        yield from rule(subject)


def _in_input(path: Path, configuration: ServiceConfiguration, said: Mapping[str, Any]) -> Path:
    """Variables are merged by name: their number in the configuration is not their number in the input."""
    if path[0] != "variables" or len(path) == 1:
        return path
    name = configuration.variables[int(path[1])].name
    items = cast("list[Mapping[str, Any]]", said.get("variables") or [])
    index = next((index for index, item in enumerate(items) if item.get("name") == name), None)
    return ("variables",) if index is None else ("variables", str(index), *path[2:])
