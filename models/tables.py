"""Every table, so that importing this module completes the metadata."""

from models.api_token import ApiToken
from models.audit.entry import AuditEntry, AuditRetention
from models.environment import Environment, PhaseTransition
from models.operation import IdempotencyKey, Inquiry, Installation, Operation, OperationStep
from models.project import Project, ProjectService
from models.service import Release, Service, ServiceRevision
from models.workflow import Workflow

TABLES = (
    Project,
    ProjectService,
    Environment,
    PhaseTransition,
    Service,
    ServiceRevision,
    Release,
    Workflow,
    Operation,
    OperationStep,
    IdempotencyKey,
    Inquiry,
    Installation,
    ApiToken,
    AuditEntry,
    AuditRetention,
)
