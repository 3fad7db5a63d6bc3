"""destroyEnvironment: everything, in the order of the product's promise.

A step that fails does not keep those from running that do not need it: what can go, goes. Cluster, DNS and secret
store are emptied side by side: each step starts what it can and waits without holding anybody up. A cluster that does
not answer holds the rest up too, until an admin gives it up: what is in it may still be in use.
"""

from jobs.context import Step
from jobs.plans.plan import Plan, PlannedStep
from jobs.steps import removal, verify


def _in_cluster(step: Step, *needs: str) -> PlannedStep:
    return PlannedStep(removal.unless_abandoned(step), needs)


DESTROY_ENVIRONMENT: Plan = {
    "inventory": _in_cluster(removal.take_inventory),
    "pods": _in_cluster(removal.remove_pods, "inventory"),
    "resources": _in_cluster(removal.remove_resources, "inventory", "pods"),
    "namespace": _in_cluster(removal.remove_namespace, "resources"),
    "dns": PlannedStep(removal.withdraw_dns, needs=("inventory",)),
    "secrets": PlannedStep(removal.remove_secrets, needs=("inventory",)),
    "records": PlannedStep(removal.remove_records, needs=("pods", "resources", "namespace", "dns", "secrets")),
    "verify": PlannedStep(verify.verify_absence, needs=("records",)),
}
