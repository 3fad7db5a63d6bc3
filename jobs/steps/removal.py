"""Taking away what is ours: of one service, or of a whole environment."""

from jobs.context import Done, Outcome, Skipped, StepContext


def take_inventory(context: StepContext) -> Outcome:
    inventory = context.ports.cluster.inventory(context.environment, context.service_or_none)
    kept = f" {len(inventory.keeps)} stay." if inventory.keeps else ""
    return Done(f"{len(inventory.removals)} objects to remove.{kept}", count=len(inventory.removals))


def remove_pods(context: StepContext) -> Outcome:
    context.ports.cluster.remove_workloads(context.environment, context.service_or_none)
    return Done("The pods and what makes them are gone.")


def remove_resources(context: StepContext) -> Outcome:
    context.ports.cluster.remove_resources(context.environment, context.service_or_none)
    return Done("The other Kubernetes objects are gone.")


def remove_namespace(context: StepContext) -> Outcome:
    context.ports.cluster.remove_namespace(context.environment)
    if context.environment.namespace_uid is None:
        return Skipped(f"Namespace {context.environment.namespace} stays: it was not created here.")
    return Done(f"Namespace {context.environment.namespace} is gone.")


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
