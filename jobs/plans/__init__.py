"""What each mutation has a worker do: steps by name, in order. Plain data; the names are those of `models.steps`."""

from jobs.plans.add_service import ADD_SERVICE
from jobs.plans.delete_service import DELETE_SERVICE
from jobs.plans.destroy_environment import DESTROY_ENVIRONMENT
from jobs.plans.plan import Plan, PlannedStep
from jobs.plans.rollback_service import ROLLBACK_SERVICE
from jobs.plans.update_service import UPDATE_SERVICE
from models.vocabulary import OperationKind

PLANS: dict[OperationKind, Plan] = {
    OperationKind.ADD_SERVICE: ADD_SERVICE,
    OperationKind.UPDATE_SERVICE: UPDATE_SERVICE,
    OperationKind.ROLLBACK_SERVICE: ROLLBACK_SERVICE,
    OperationKind.DELETE_SERVICE: DELETE_SERVICE,
    OperationKind.DESTROY_ENVIRONMENT: DESTROY_ENVIRONMENT,
}

__all__ = ["PLANS", "Plan", "PlannedStep"]
