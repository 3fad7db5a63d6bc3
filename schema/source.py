"""Where the image that a service runs comes from."""

from typing import Annotated, TypeAlias

import strawberry

from models import configuration as stored
from schema.vocabulary import Engine


@strawberry.type(description="An image that is there already. It is deployed as it is.")
class ImageSource:
    image: str = strawberry.field(description="Its name with registry and tag or digest.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        return isinstance(value, stored.ImageSource)


@strawberry.type(
    description="What an ARG of a Dockerfile is set to. The image's history shows it: it is no place for a secret."
)
class BuildArgument:
    name: str = strawberry.field(description="The name behind ARG.")
    value: str = strawberry.field(description="What it is set to.")


@strawberry.type(description="Built in the cluster and pushed to `image`.")
class GitSource:
    repository: str = strawberry.field(description="The repository's URL.")
    ref: str = strawberry.field(description="The branch, tag or commit.")
    dockerfile: str = strawberry.field(description="The path of the Dockerfile in the repository.")
    context: str = strawberry.field(description="The folder of the repository that the build sees.")
    target: str | None = strawberry.field(description="The stage of the Dockerfile that is built. Null: its last one.")
    build_arguments: list[BuildArgument] = strawberry.field(description="What the Dockerfile's ARGs are set to.")
    image: str = strawberry.field(description="Where the built image is pushed to.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        return isinstance(value, stored.GitSource)


@strawberry.type(description="A DATASOURCE's engine.")
class EngineSource:
    engine: Engine = strawberry.field(description="Which one.")
    version: str = strawberry.field(description="Its version, as the tag of its official image spells it.")

    @classmethod
    def is_type_of(cls, value: object, _info: object) -> bool:
        return isinstance(value, stored.EngineSource)


Source: TypeAlias = Annotated[
    ImageSource | GitSource | EngineSource,
    strawberry.union("Source", description="Where the image that a service runs comes from."),
]
