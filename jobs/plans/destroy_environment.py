"""destroyEnvironment: everything, in the order of the product's promise.

A step that fails does not keep those from running that do not need it: what can go, goes.
"""

from jobs.plans.plan import Plan, PlannedStep
from jobs.steps import removal, verify

DESTROY_ENVIRONMENT: Plan = {
    "inventory": PlannedStep(removal.take_inventory),
    "pods": PlannedStep(removal.remove_pods, needs=("inventory",)),
    "resources": PlannedStep(removal.remove_resources, needs=("inventory", "pods")),
    "namespace": PlannedStep(removal.remove_namespace, needs=("resources",)),
    "dns": PlannedStep(removal.withdraw_dns, needs=("inventory",)),
    "secrets": PlannedStep(removal.remove_secrets, needs=("inventory",)),
    "records": PlannedStep(removal.remove_records, needs=("pods", "resources", "namespace", "dns", "secrets")),
    "verify": PlannedStep(verify.verify_absence, needs=("records",)),
}
