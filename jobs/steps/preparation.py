"""What an environment needs before a service can be deployed in it."""

from jobs.context import Done, Outcome, Skipped, StepContext


def ensure_namespace(context: StepContext) -> Outcome:
    namespace = context.ports.cluster.ensure_namespace(context.environment)
    if namespace.ours and context.environment.namespace_uid != namespace.uid:
        context.records.keep_namespace(namespace.uid)
    whose = "ours" if namespace.ours else "not ours: only our objects in it will ever be removed"
    return Done(f"Namespace {context.environment.namespace} is there ({whose}).")


def store_secrets(context: StepContext) -> Outcome:
    secrets = context.open_secrets()
    context.ports.secrets.put(context.service, secrets, context.number)
    if not secrets:
        return Skipped("No secret variables.")
    return Done("Stored the secret variables.", count=len(secrets))
