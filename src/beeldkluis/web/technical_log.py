"""The operators' technical log: one JSON object a line on stderr, with ids and no personal data."""

import logging
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FROM_OUTSIDE = ("django.security.csrf", "django.security.DisallowedHost", "django.security.RequestDataTooBig")
MOST_A_MINUTE = 30  # lines, in one process, of one kind of thing that strangers can cause
QUIET = ("django.server", "django_tasks_db", "httpx", "botocore", "boto3", "urllib3")


LOGGERS: dict[str, dict[str, Any]] = {
    "django": {"handlers": [], "level": "INFO", "propagate": True},
    # a page that is not there or not allowed is the asker's matter
    "django.request": {"level": "ERROR", "filters": ["sparing"]},
    **{name: {"level": "WARNING", "filters": ["sparing"]} for name in FROM_OUTSIDE},
    **{name: {"level": "WARNING"} for name in QUIET},
}


def _without_words(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Drop what a request carried along: only its kind and status stay."""
    event.pop("request", None)
    text = event.get("event")
    if isinstance(text, str):
        event["event"] = text.split("?", 1)[0]
    return event


class Sparing(logging.Filter):
    """Lets so many lines a minute through: strangers may cause them, and must not fill the disk that the log lies on."""

    def __init__(self, most: int = MOST_A_MINUTE) -> None:
        super().__init__()
        self.most, self.minute, self.count = most, 0, 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Is this line one of the first of its minute? The last one says that more were left out."""
        minute = int(record.created) // 60
        if minute != self.minute:
            self.minute, self.count = minute, 0
        self.count += 1
        if self.count == self.most:
            record.msg, record.args = "more of these in this minute are left out", ()
            record.exc_info = None
        return self.count <= self.most


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
        "filters": {"sparing": {"()": Sparing}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": LOGGERS,
    }
