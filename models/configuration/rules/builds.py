"""What a build of a git source is given besides its source."""

import re
from collections.abc import Sequence

from models.configuration.rules.commands import MAX_TEXT
from models.configuration.rules.finding import Finding, Findings, repeated
from models.configuration.shape import BuildArgument
from models.names import quote

_ARGUMENTS = ("source", "git", "buildArguments")
_MAX_ARGUMENTS = 100
_MAX_NAME = 253
#: What BuildKit takes for a stage's name, in either case, or for its number.
_STAGE = re.compile(r"[a-z][a-z0-9_.-]{0,127}|[0-9]{1,3}", re.ASCII | re.IGNORECASE)
_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII | re.IGNORECASE)


def check_target(target: str | None) -> str | None:
    if target is None or _STAGE.fullmatch(target):
        return None
    return (
        f"{quote(target)} is no stage of a Dockerfile: give the name behind AS, a letter and then letters, digits, "
        "'_', '.' or '-', at most 128 characters, or the stage's number."
    )


def check_build_arguments(arguments: Sequence[BuildArgument]) -> Findings:
    for index, argument in enumerate(arguments):
        if not _NAME.fullmatch(argument.name) or len(argument.name) > _MAX_NAME:
            yield Finding(
                (*_ARGUMENTS, str(index), "name"),
                f"{quote(argument.name)} is no build argument's name: use letters, digits and '_', no digit first, "
                f"at most {_MAX_NAME} characters.",
            )
    yield from repeated(_ARGUMENTS, "The build argument", [argument.name for argument in arguments], "name")
    if len(arguments) > _MAX_ARGUMENTS:
        yield Finding(_ARGUMENTS, f"{len(arguments)} build arguments; a build takes at most {_MAX_ARGUMENTS}.")
    size = sum(len(argument.name) + len(argument.value.encode()) for argument in arguments)
    if size > MAX_TEXT:
        yield Finding(_ARGUMENTS, f"All build arguments have {size} bytes together; at most {MAX_TEXT} are allowed.")
