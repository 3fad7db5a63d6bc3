"""What a service runs."""

from models.configuration.engines import known_versions, parse_version
from models.configuration.rules.builds import check_build_arguments, check_target
from models.configuration.rules.finding import Finding, Findings, Subject
from models.configuration.rules.git import check_inner_path, check_ref, check_repository
from models.configuration.rules.images import check_image, check_push_target
from models.configuration.rules.upgrades import check_upgrade
from models.configuration.shape import EngineSource, GitSource, ImageSource
from models.names import quote
from models.vocabulary import ServiceKind

_ENGINE = ("source", "engine")


def check_source(subject: Subject) -> Findings:
    source = subject.configuration.source
    if subject.kind is ServiceKind.DATASOURCE and not isinstance(source, EngineSource):
        yield Finding(("source", source.type), "A DATASOURCE runs an engine: give source.engine instead.")
        return
    match source:
        case ImageSource():
            yield from _text(("source", "image", "image"), check_image(source.image))
        case GitSource():
            yield from _check_git(source)
        case EngineSource() if subject.kind is ServiceKind.DATASOURCE:
            yield from _check_engine(source, subject)
        case EngineSource():
            yield Finding(_ENGINE, f"Only a DATASOURCE runs an engine; a {subject.kind} runs an image or a git source.")


def _check_git(source: GitSource) -> Findings:
    yield from _text(("source", "git", "repository"), check_repository(source.repository))
    yield from _text(("source", "git", "ref"), check_ref(source.ref))
    yield from _text(("source", "git", "dockerfile"), check_inner_path(source.dockerfile))
    yield from _text(("source", "git", "context"), check_inner_path(source.context))
    yield from _text(("source", "git", "target"), check_target(source.target))
    yield from check_build_arguments(source.build_arguments)
    yield from _text(("source", "git", "image"), check_push_target(source.image))


def _check_engine(source: EngineSource, subject: Subject) -> Findings:
    version = parse_version(source.engine, source.version)
    if version is None:
        yield Finding(
            (*_ENGINE, "version"),
            f"{source.engine} {quote(source.version)} is not known. Known: {known_versions(source.engine)}, "
            "and their releases.",
        )
        return
    previous = subject.previous.source if subject.previous is not None else None
    if not isinstance(previous, EngineSource):
        return
    if previous.engine is not source.engine:
        yield Finding(
            (*_ENGINE, "engine"),
            f"A deployed datasource keeps its engine, {previous.engine}: the data is in its format. "
            f"Add another service for {source.engine}.",
        )
    else:
        yield from _text((*_ENGINE, "version"), check_upgrade(source.engine, previous.version, source.version))


def _text(path: tuple[str, ...], problem: str | None) -> Findings:
    if problem:
        yield Finding(path, problem)
