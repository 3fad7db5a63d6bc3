"""Volumes whose claims are gone."""

from jobs.adapters.kubernetes.api import Api
from jobs.adapters.kubernetes.removal.deleting import delete_each
from jobs.adapters.kubernetes.volumes import abandoned, our_volumes, state_of
from jobs.errors import Blocker, NotYet
from jobs.ports import EnvironmentRef, ServiceRef


def remove_volumes(api: Api, environment: EnvironmentRef, service: ServiceRef | None, fence: int) -> None:
    """Removes the volumes that nothing else will, but for those to be retained; raises NotYet until all are gone.

    With the reclaim policy Delete the storage driver removes the volume. With Retain we remove the volume's object;
    what becomes of the disk is up to whoever chose that policy for the storage class.
    """
    volumes = [one for one in our_volumes(api, environment, service) if not one.retained]
    if not volumes:
        return
    delete_each(api, [one for one in volumes if abandoned(one)], fence)
    left = [one for one in our_volumes(api, environment, service) if not one.retained]
    if left:
        blockers = [Blocker(one.kind.kind, one.name, state_of(one)) for one in left]
        raise NotYet(f"{left[0]} {state_of(left[0])}.", blockers=blockers, left=len(left), look_again=5.0)
