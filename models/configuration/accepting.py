"""From what a caller sent to a configuration that may be kept: parsed, merged, sealed, checked."""

from collections.abc import Mapping
from typing import Any

from models.configuration.change import ConfigurationChange, apply_change
from models.configuration.credentials import with_credentials
from models.configuration.parsing import parse_change
from models.configuration.rules import Place, check
from models.configuration.rules.variables import check_said_variables
from models.configuration.shape import ServiceConfiguration
from models.refusals import InvalidInput, Issue
from models.sealing import Sealer
from models.vocabulary import ServiceKind

Said = Mapping[str, Any]
_ROOT = "configuration"


def accept_blueprint(said: Said, *, kind: ServiceKind, sealer: Sealer) -> ServiceConfiguration:
    """A service of a project, for any of its environments. Raises InvalidInput."""
    configuration = _merged(None, said, kind, sealer)
    _refuse(_said_issues(said) + check(configuration, kind, None, None, said))
    return configuration


def accept_first(
    blueprint: ServiceConfiguration, said: Said, *, kind: ServiceKind, place: Place, sealer: Sealer
) -> ServiceConfiguration:
    """The configuration that a service begins with: the project's with the caller's changes over it, and for a
    datasource the credentials that nobody gave. Raises InvalidInput."""
    configuration = with_credentials(_merged(blueprint, said, kind, sealer), None, sealer.seal)
    _refuse(_said_issues(said) + check(configuration, kind, place, None, said))
    return configuration


def accept_change(
    current: ServiceConfiguration, said: Said, *, kind: ServiceKind, place: Place, sealer: Sealer
) -> ServiceConfiguration:
    """The configuration of a deployed service with the caller's changes over it. Raises InvalidInput."""
    configuration = with_credentials(_merged(current, said, kind, sealer), current, sealer.seal)
    _refuse(_said_issues(said) + check(configuration, kind, place, current, said))
    return configuration


def _merged(base: ServiceConfiguration | None, said: Said, kind: ServiceKind, sealer: Sealer) -> ServiceConfiguration:
    try:
        return apply_change(base, parse_change(said), kind, sealer.seal)
    except InvalidInput as invalid:
        raise InvalidInput(_rooted(invalid.issues)) from invalid


def _said_issues(said: Said) -> list[Issue]:
    change: ConfigurationChange = parse_change(said)
    return [Issue(finding.path, finding.message) for finding in check_said_variables(change.variables or ())]


def _refuse(issues: list[Issue]) -> None:
    if issues:
        raise InvalidInput(_rooted(issues))


def _rooted(issues: list[Issue] | tuple[Issue, ...]) -> list[Issue]:
    return [Issue((_ROOT, *issue.path), issue.message) for issue in issues]
