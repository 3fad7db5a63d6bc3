"""Where the image that a service runs is to come from."""

import strawberry

from schema.vocabulary import Engine


@strawberry.input(description="An image that is there already. It is deployed as it is.")
class ImageSourceInput:
    image: str = strawberry.field(description="Its name with registry and tag or digest.")


@strawberry.input(
    description="What an ARG of a Dockerfile is to be. The image's history shows it: it is no place for a secret."
)
class BuildArgumentInput:
    name: str = strawberry.field(description="The name behind ARG.")
    value: str = strawberry.field(description="What it is to be.")


@strawberry.input(description="Built in the cluster and pushed to `image`.")
class GitSourceInput:
    repository: str = strawberry.field(description="The repository's URL.")
    ref: str = strawberry.field(description="The branch, tag or commit.")
    dockerfile: str = strawberry.field(
        default="Dockerfile", description="The path of the Dockerfile in the repository."
    )
    context: str = strawberry.field(default=".", description="The folder of the repository that the build sees.")
    target: str | None = strawberry.field(
        default=strawberry.UNSET, description="The stage of the Dockerfile to build. Absent: its last one."
    )
    build_arguments: list[BuildArgumentInput] = strawberry.field(
        default_factory=list,
        description="What the Dockerfile's ARGs are to be. BuildKit ignores what it has no ARG for.",
    )
    image: str = strawberry.field(description="Where the built image is pushed to.")


@strawberry.input(description="A DATASOURCE's engine.")
class EngineSourceInput:
    engine: Engine = strawberry.field(description="Which one. A deployed one keeps its engine.")
    version: str = strawberry.field(description="Its version, as the tag of its official image spells it.")


@strawberry.input(one_of=True, description="Exactly one of them.")
class SourceInput:
    image: ImageSourceInput | None = strawberry.field(
        default=strawberry.UNSET, description="An image that is there already."
    )
    git: GitSourceInput | None = strawberry.field(
        default=strawberry.UNSET, description="Sources that are built in the cluster."
    )
    engine: EngineSourceInput | None = strawberry.field(
        default=strawberry.UNSET, description="DATASOURCE only: the engine that it runs."
    )
