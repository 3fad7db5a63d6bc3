"""A caller's change becomes the configuration that is stored, or is refused."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from models.configuration.change import ConfigurationChange, apply_change
from models.configuration.credentials import with_credentials
from models.configuration.parsing import MAX_ISSUES, parse_change
from models.configuration.rules import Finding, Place, check, to_issue
from models.configuration.rules.variables import MAX_SECRET, check_said_variables
from models.configuration.shape import ServiceConfiguration, Variable
from models.refusals import InvalidInput, Issue
from models.sealing import SealBroken, Sealer, clear_size
from models.vocabulary import ServiceKind

_INPUT = "configuration"
#: JSON writes one byte as at most six: \\u0000.
_WORST_ESCAPE = 6
_JSON_MARKS = len('"": "", ')


def accept_blueprint(said: Mapping[str, Any], *, kind: ServiceKind, sealer: Sealer) -> ServiceConfiguration:
    """The configuration of a project's service. Raises InvalidInput with paths that begin with "configuration"."""
    try:
        change = parse_change(said)
        configuration = apply_change(None, change, kind, sealer.seal)
        _require(said, change, configuration, check(configuration, kind, said=said), sealer)
    except InvalidInput as invalid:
        raise _below_configuration(invalid) from None
    return configuration


def accept_configuration(
    base: ServiceConfiguration,
    said: Mapping[str, Any],
    *,
    kind: ServiceKind,
    domain: str | None,
    taken: Callable[[], Mapping[tuple[str, str], str]],
    sealer: Sealer,
    deployed: bool,
) -> ServiceConfiguration:
    """`base` with what the caller said, for an environment with this domain.

    deployed: `base` runs there, and some of it can't be changed any more. Raises InvalidInput with paths that begin
    with "configuration".
    """
    previous = base if deployed else None
    try:
        change = parse_change(said)
        configuration = apply_change(base, change, kind, sealer.seal)
        configuration = keep_sealed(configuration, base, sealer)
        if kind is ServiceKind.DATASOURCE:
            configuration = with_credentials(configuration, previous, sealer.seal)
        issues = check(configuration, kind, Place(domain, taken), previous, said)
        _require(said, change, configuration, issues, sealer)
    except InvalidInput as invalid:
        raise _below_configuration(invalid) from None
    return configuration


def keep_sealed(
    configuration: ServiceConfiguration, base: ServiceConfiguration, sealer: Sealer
) -> ServiceConfiguration:
    """A secret that was set to the value it has stays sealed as it is: setting it again changes nothing."""
    before = {variable.name: variable for variable in base.variables if variable.sealed is not None}
    variables = tuple(_unchanged(variable, before.get(variable.name), sealer) for variable in configuration.variables)
    return configuration.model_copy(update={"variables": variables})


def _unchanged(variable: Variable, before: Variable | None, sealer: Sealer) -> Variable:
    if before is None or before.sealed is None or variable.sealed is None or variable == before:
        return variable
    try:
        same = sealer.unseal(before.sealed) == sealer.unseal(variable.sealed)
    except SealBroken:
        return variable
    return before if same else variable


def _require(
    said: Mapping[str, Any],
    change: ConfigurationChange,
    configuration: ServiceConfiguration,
    issues: Sequence[Issue],
    sealer: Sealer,
) -> None:
    of_input = [Issue(finding.path, finding.message) for finding in check_said_variables(change.variables or ())]
    of_secrets = [to_issue(finding, configuration, said) for finding in _check_secret(configuration, sealer)]
    found = [*of_input, *of_secrets, *issues]
    if found:
        raise InvalidInput(found[:MAX_ISSUES])


def _check_secret(configuration: ServiceConfiguration, sealer: Sealer) -> Iterator[Finding]:
    """Secrets Manager holds all secret variables in one JSON object, whose size shows only in clear."""
    sealed = {variable.name: variable.sealed for variable in configuration.variables if variable.sealed is not None}
    if _WORST_ESCAPE * sum(len(name) + clear_size(text) + _JSON_MARKS for name, text in sealed.items()) <= MAX_SECRET:
        return
    size = len(json.dumps({name: sealer.unseal(text) for name, text in sealed.items()}))
    if size > MAX_SECRET:
        yield Finding(
            ("variables",),
            f"All secret variables have {size} bytes together as JSON; Secrets Manager takes at most {MAX_SECRET}.",
        )


def _below_configuration(invalid: InvalidInput) -> InvalidInput:
    return InvalidInput([Issue((_INPUT, *issue.path), issue.message) for issue in invalid.issues])
