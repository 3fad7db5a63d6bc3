"""updateService: the same pipeline as at the first deploy, with another configuration."""

from jobs.plans.add_service import ADD_SERVICE

UPDATE_SERVICE = ADD_SERVICE
