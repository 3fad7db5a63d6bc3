"""The stages before a deploy: where the image comes from."""

from jobs.context import Done, Outcome, StepContext
from models.configuration import EngineSource, GitSource, ImageSource
from models.operation import Facts
from models.vocabulary import Engine

#: The official images of the engines.
ENGINE_IMAGES = {
    Engine.POSTGRES: "postgres",
    Engine.MYSQL: "mysql",
    Engine.REDIS: "redis",
    Engine.MONGODB: "mongo",
}


def image_named(source: ImageSource | EngineSource) -> str:
    """The image of a source that nothing is built from."""
    match source:
        case ImageSource(image=image):
            return image
        case EngineSource(engine=engine, version=version):
            return f"{ENGINE_IMAGES[engine]}:{version}"


def fetch_source(context: StepContext) -> Outcome:
    source = context.configuration.source
    if isinstance(source, GitSource):
        return Done(context.ports.cluster.fetch_source(context.service, source, context.revision, context.number))
    image = image_named(source)
    return Done(f"Image {image}.", facts=Facts(image=image))


def build_image(context: StepContext) -> Outcome:
    built = context.ports.cluster.build(context.service, _git(context), context.revision, context.number)
    return Done(built.log or "Built.", facts=Facts(image=built.image))


def record_push(context: StepContext) -> Outcome:
    """BuildKit pushes as it ends: what it pushed is told by its digest."""
    return Done(f"Pushed {context.facts.image}.")


def _git(context: StepContext) -> GitSource:
    source = context.configuration.source
    if not isinstance(source, GitSource):
        raise LookupError("only a git source is built")
    return source
