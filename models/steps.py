"""The steps of each kind of operation, by name and in order. What a step does is in `jobs/plans`."""

from models.configuration import GitSource, ServiceConfiguration
from models.vocabulary import OperationKind, StageKind

_FETCH = ("namespace", "secrets", "source")
_BUILD = ("build", "push")
_DEPLOY = ("deploy", "rollout", "prune", "dns")
_DELETE = ("pods", "resources", "dns", "secrets", "records", "verify")
_DESTROY = ("inventory", "pods", "resources", "namespace", "dns", "secrets", "records", "verify")

#: Steps that take something away; the first of them ends the time in which a removal can be cancelled.
REMOVALS = frozenset({"pods", "resources", "namespace", "dns", "secrets", "records"})

#: The stage of a pipeline run that a step belongs to.
STAGE_OF: dict[str, StageKind] = {
    "source": StageKind.SOURCE,
    "build": StageKind.BUILD,
    "push": StageKind.PUSH,
    **dict.fromkeys(_DEPLOY, StageKind.DEPLOY),
}


def steps_of(kind: OperationKind, configuration: ServiceConfiguration | None) -> tuple[str, ...]:
    """The names of the steps of an operation that deploys `configuration` (None where it deploys nothing)."""
    match kind:
        case OperationKind.DELETE_SERVICE:
            return _DELETE
        case OperationKind.DESTROY_ENVIRONMENT:
            return _DESTROY
        case _:
            builds = configuration is not None and isinstance(configuration.source, GitSource)
            return (*_FETCH, *(_BUILD if builds else ()), *_DEPLOY)


def stages_of(steps: tuple[str, ...]) -> tuple[StageKind, ...]:
    """The stages that these steps belong to, in order, each once."""
    return tuple(dict.fromkeys(STAGE_OF[step] for step in steps if step in STAGE_OF))
