"""previewServiceUpdate."""

from typing import Annotated, TypeAlias

import strawberry

import models.mutations.preview_service_update as model
from models.service_preview import ServicePreview
from resolvers.answers import refusals_answered
from resolvers.context import Info
from resolvers.inputs import configuration_said, request_of, require_texts
from resolvers.inquiries import answer_to
from schema.inputs.configuration import ServiceConfigurationInput
from schema.inputs.mutations import UpdateServiceInput
from schema.results import PreviewServiceUpdateResult
from schema.service_preview import ServiceUpdatePreview

OfService: TypeAlias = Annotated[strawberry.ID, strawberry.argument(description="The deployed service.")]
Change: TypeAlias = Annotated[
    ServiceConfigurationInput, strawberry.argument(description="What is to change, as updateService takes it.")
]


@refusals_answered
async def preview_service_update(
    info: Info, service_id: OfService, configuration: Change
) -> PreviewServiceUpdateResult:
    context = info.context
    asked = UpdateServiceInput(service_id=service_id, configuration=configuration)
    require_texts(asked)
    request = request_of(context, "preview_service_update", asked)
    inquiry = await context.write(
        model.preview_service_update,
        request,
        service_id=service_id,
        change=configuration_said(configuration),
        sealer=context.process.sealer,
    )
    answer = await answer_to(context.process, context.read, inquiry.id)
    return ServiceUpdatePreview.of(ServicePreview.model_validate_json(answer))
