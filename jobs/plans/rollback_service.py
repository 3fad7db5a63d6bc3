"""rollbackService: the same pipeline as at the first deploy, with another configuration."""

from jobs.plans.add_service import ADD_SERVICE

ROLLBACK_SERVICE = ADD_SERVICE
