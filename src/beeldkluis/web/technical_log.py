"""The operators' technical log: one JSON object a line on stderr, with ids and no personal data."""

from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

QUIET = ("django.server", "django_tasks_db", "httpx", "botocore", "boto3", "urllib3")


def _without_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Drop what a request carried along: only its kind and status stay."""
    event.pop("request", None)
    text = event.get("event")
    if isinstance(text, str):
        event["event"] = text.split("?", 1)[0]
    return event


def configuration() -> dict[str, Any]:
    """For Django's LOGGING setting; our own loggers (structlog.get_logger) go the same way."""
    shared: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _without_words,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "django.request": {"level": "ERROR"},  # a page that is not there or not allowed is the asker's matter
            **{name: {"level": "WARNING"} for name in QUIET},
        },
    }
