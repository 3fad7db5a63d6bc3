"""addService: from the source to a running service with its hostnames."""

from jobs.plans.plan import one_after_the_other
from jobs.steps import deploy, dns, pipeline, preparation

ADD_SERVICE = one_after_the_other(
    own_deadlines=("source", "build", "rollout"),
    namespace=preparation.ensure_namespace,
    secrets=preparation.store_secrets,
    source=pipeline.fetch_source,
    build=pipeline.build_image,
    push=pipeline.record_push,
    deploy=deploy.apply,
    rollout=deploy.await_rollout,
    prune=deploy.prune,
    dns=dns.publish,
)
