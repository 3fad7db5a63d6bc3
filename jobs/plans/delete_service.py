"""deleteService: pods, ingress rules and other objects, DNS records, secrets, history; then one more look."""

from jobs.plans.plan import one_after_the_other
from jobs.steps import removal, verify

DELETE_SERVICE = one_after_the_other(
    pods=removal.remove_pods,
    resources=removal.remove_resources,
    dns=removal.withdraw_dns,
    secrets=removal.remove_secrets,
    records=removal.remove_records,
    verify=verify.verify_absence,
)
