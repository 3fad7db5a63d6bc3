"""Command and arguments, within what Linux takes to start a process (`execve`: MAX_ARG_STRLEN)."""

from models.configuration.rules.finding import Finding, Findings, Subject

#: 128 KiB with the final NUL.
MAX_TEXT = 128 * 1024 - 1
_MAX_TOTAL = 256 * 1024


def check_commands(subject: Subject) -> Findings:
    command, arguments = subject.configuration.command, subject.configuration.arguments
    if command and not command[0].strip():
        yield Finding(("command", "0"), "The first item is the program to run, and it is empty.")
    yield from _check_sizes("command", command)
    yield from _check_sizes("arguments", arguments)


def _check_sizes(field: str, texts: tuple[str, ...]) -> Findings:
    sizes = [len(text.encode()) for text in texts]
    for index, size in enumerate(sizes):
        if size > MAX_TEXT:
            yield Finding((field, str(index)), f"The item has {size} bytes; Linux takes at most {MAX_TEXT}.")
    if sum(sizes) > _MAX_TOTAL:
        yield Finding((field,), f"All items have {sum(sizes)} bytes together; at most {_MAX_TOTAL} are allowed.")
