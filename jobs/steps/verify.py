"""Looks for everything once more. Only when all was asked for and nothing found may anybody say that it is gone."""

from jobs.context import Done, Outcome, StepContext
from jobs.errors import Blocker, Permanent


def verify_absence(context: StepContext) -> Outcome:
    """Raises Permanent that lists the leftovers."""
    leftovers = _leftovers(context)
    if leftovers:
        listed = ", ".join(f"{left.kind} {left.name}" for left in leftovers[:10])
        more = f" and {len(leftovers) - 10} more" if len(leftovers) > 10 else ""
        raise Permanent(f"Still there after everything was removed: {listed}{more}.", blockers=leftovers)
    if context.cluster_abandoned:
        return Done("Everything outside of the cluster was looked for, and nothing found. The cluster was given up.")
    return Done("Everything was looked for, and nothing found.")


def _leftovers(context: StepContext) -> list[Blocker]:
    environment, service = context.environment, context.service_or_none
    service_id = service.id if service else None
    found: list[Blocker] = []
    if not context.cluster_abandoned:
        inventory = context.ports.cluster.inventory(environment, service)
        found += [Blocker(ref.kind, ref.name, "came back or was not removed") for ref in inventory.removals]
    found += [
        Blocker("DnsRecord", f"{record.name} {record.type}", "came back or was not removed")
        for record in context.ports.dns.records(environment, service_id)
    ]
    found += [
        Blocker("CloudSecret", name, "came back or was not removed")
        for name in context.ports.secrets.names(environment, service_id)
    ]
    found += [Blocker(record.kind, record.name, "was not removed") for record in context.records.history()]
    return found
