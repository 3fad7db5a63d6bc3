"""What a process writes about itself: one line an event, to stderr."""

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import Processor

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
#: `json` is for machines, `console` for people.
LogFormat = Literal["json", "console"]


def configure_logs(level: LogLevel, form: LogFormat) -> None:
    """To be called once, when a process starts. Tracebacks say where and never with which values: some are secret."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_rendering(form),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _rendering(form: LogFormat) -> list[Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    return [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
