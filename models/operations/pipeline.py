"""Shows an operation's steps as the stages of its pipeline run."""

from collections.abc import Sequence

from models.operation import OperationStep
from models.steps import STAGE_OF
from models.vocabulary import StepStatus, WorkflowStatus
from models.workflow import Stage, Workflow

_UNDER_WAY = (StepStatus.RUNNING, StepStatus.RETRYING)


def show_stage(workflow: Workflow, name: str, steps: Sequence[OperationStep]) -> None:
    """Brings the stage that the step of this name belongs to up to date."""
    kind = STAGE_OF[name]
    of_stage = [step for step in steps if STAGE_OF.get(step.name) is kind]
    workflow.stages = [_stage(stage, of_stage) if stage.kind is kind else stage for stage in workflow.stages]
    if workflow.status is WorkflowStatus.PENDING:
        workflow.status = WorkflowStatus.RUNNING


def _stage(stage: Stage, steps: Sequence[OperationStep]) -> Stage:
    status = _status(steps)
    current = next((s for s in steps if s.status in (*_UNDER_WAY, StepStatus.FAILED)), steps[-1])
    ended = status not in (StepStatus.PENDING, *_UNDER_WAY)
    started = [s.started_at for s in steps if s.started_at]
    finished = [s.finished_at for s in steps if s.finished_at]
    return Stage(
        kind=stage.kind,
        status=status,
        message=current.message,
        started_at=min(started, default=None),
        finished_at=max(finished, default=None) if ended else None,
    )


def _status(steps: Sequence[OperationStep]) -> StepStatus:
    found = {step.status for step in steps}
    if StepStatus.FAILED in found:
        return StepStatus.FAILED
    if found <= {StepStatus.SUCCEEDED, StepStatus.SKIPPED}:
        return StepStatus.SKIPPED if found == {StepStatus.SKIPPED} else StepStatus.SUCCEEDED
    if StepStatus.RETRYING in found:
        return StepStatus.RETRYING
    return StepStatus.PENDING if found == {StepStatus.PENDING} else StepStatus.RUNNING
