"""Taking away what is ours: of one service, or of a whole environment."""

from jobs.context import Done, Outcome, Skipped, Step, StepContext
from jobs.errors import Blocker
from jobs.ports import PartlyKnown
from models.operation import MOST_SEEN, SeenObject


def take_inventory(context: StepContext) -> Outcome:
    """What is seen here is kept with the operation: it is all that is known should the cluster be gone for good.

    Where a part of the cluster's API does not answer, what can be seen is removed: the last step looks again.
    """
    try:
        inventory, unknown = context.ports.cluster.inventory(context.environment, context.service_or_none), ""
    except PartlyKnown as partly:
        inventory, unknown = partly.found, f" {partly.message}"
    count = len(inventory.removals)
    seen = [SeenObject(kind=ref.kind, name=ref.name) for ref in inventory.removals[:MOST_SEEN]]
    stay = f" {len(inventory.keeps)} stay." if inventory.keeps else ""
    facts = context.facts.model_copy(update={"seen": seen})
    return Done(f"{count} objects to remove.{stay}{unknown}", count=count, facts=facts)


def remove_pods(context: StepContext) -> Outcome:
    context.ports.cluster.remove_workloads(context.environment, context.service_or_none, context.number)
    return Done("The pods and what makes them are gone.")


def remove_resources(context: StepContext) -> Outcome:
    context.ports.cluster.remove_resources(context.environment, context.service_or_none, context.number)
    return Done("The other Kubernetes objects are gone.")


def remove_namespace(context: StepContext) -> Outcome:
    stays = context.ports.cluster.remove_namespace(context.environment, context.number)
    if stays is not None:
        return Skipped(f"Namespace {context.environment.namespace} stays: {stays}.")
    return Done(f"Namespace {context.environment.namespace} is gone.")


def unless_abandoned(step: Step) -> Step:
    """The same step, which leaves everything in the cluster alone when an admin has given the cluster up."""

    def run(context: StepContext) -> Outcome:
        if not context.cluster_abandoned:
            return step(context)
        seen = context.facts.seen or [SeenObject(kind="Namespace", name=context.environment.namespace)]
        left = [Blocker(one.kind, one.name, "its cluster was given up") for one in seen]
        return Skipped(f"The cluster was given up. {_what_is_left(context)}", left)

    return run


def _what_is_left(context: StepContext) -> str:
    environment = context.environment
    seen = f"{len(context.facts.seen)} objects were last seen" if context.facts.seen else "Its objects were never seen"
    return f"{seen}: what is in namespace {environment.namespace} or labelled {environment.id} is left there."


def withdraw_dns(context: StepContext) -> Outcome:
    context.ports.dns.withdraw(context.environment, _service_id(context))
    return Done("The DNS records are gone.")


def remove_secrets(context: StepContext) -> Outcome:
    context.ports.secrets.remove(context.environment, _service_id(context))
    return Done("The cloud secrets are gone.")


def remove_records(context: StepContext) -> Outcome:
    removed = context.records.remove_history()
    return Done("The workflows and releases are gone.", count=removed)


def _service_id(context: StepContext) -> str | None:
    return context.service_or_none.id if context.service_or_none else None
