"""createProject."""

import models.mutations.create_project as model
from resolvers.answers import answering
from resolvers.carrying_out import carry_out
from resolvers.context import Info
from resolvers.inputs import Input, configuration_said
from schema.accepted import ProjectCreated
from schema.inputs.mutations import CreateProjectInput
from schema.project import Project
from schema.results import CreateProjectResult


@answering
async def create_project(info: Info, asked: Input[CreateProjectInput]) -> CreateProjectResult:
    services = [
        model.NewProjectService(service.name, service.kind, configuration_said(service.configuration))
        for service in asked.services
    ]
    context = info.context
    project = await carry_out(
        context, model.create_project, asked, name=asked.name, services=services, sealer=context.process.sealer
    )
    return ProjectCreated(project=Project.of(project))
