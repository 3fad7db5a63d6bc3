"""What no environment owns in a cluster, and the removal of what was named of it."""

from collections.abc import Collection

from jobs.ports import Known, Leftover
from jobs.runner import PortsOf
from models.database import Database
from models.installation import installation_token
from models.leftovers import (
    KeptLeftover,
    LeftoverObject,
    Leftovers,
    LeftoversToRemove,
    RemovedLeftovers,
    owning_environments,
)

_NONE = "Nothing with this uid is left over: it is gone, or an environment owns it."


def answer_leftovers(database: Database, ports_of: PortsOf, cluster: str) -> Leftovers:
    """Raises Permanent and Transient when it can't be found out."""
    found = ports_of(cluster).cluster.leftovers(_known(database))
    return Leftovers(objects=[_shown(one) for one in found])


def remove_leftovers(database: Database, ports_of: PortsOf, cluster: str, details: str) -> RemovedLeftovers:
    """Looks for them again and removes those of them that were named, and nothing else.

    Raises Permanent and Transient when nobody can tell what is left over: nothing is removed then.
    """
    named = LeftoversToRemove.model_validate_json(details).uids
    removal = ports_of(cluster).cluster.remove_leftovers(_known(database), named)
    gone = {one.object.uid for one in removal.removed}
    kept = [KeptLeftover(uid=uid, reason=removal.refused.get(uid, _NONE)) for uid in named if uid not in gone]
    return RemovedLeftovers(removed=[_shown(one) for one in removal.removed], kept=kept)


def _known(database: Database) -> Known:
    def environments() -> Collection[str]:
        with database.reading() as session:
            return owning_environments(session)

    with database.reading() as session:
        return Known(installation_token(session), environments)


def _shown(one: Leftover) -> LeftoverObject:
    ref = one.object
    return LeftoverObject(
        environment_id=one.environment_id,
        namespace=one.namespace,
        api_version=ref.api_version,
        kind=ref.kind,
        name=ref.name,
        uid=ref.uid,
    )
