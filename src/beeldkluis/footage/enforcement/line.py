"""A short HTTP exchange with another system: bounded in time and size, no redirects, nothing secret in what went wrong."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

TIMEOUT = 10.0  # seconds for each part of an exchange
MOST = 1_048_576  # bytes of an answer
LOCAL = {"localhost", "127.0.0.1", "::1"}


class OtherSideError(Exception):
    """The other system is away, refuses, or answers with something that is no answer. Says what, without secrets."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status


def exchange(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str],
    body: bytes | None = None,
    query: Mapping[str, str] | None = None,
) -> bytes:
    """The body of a 2xx answer. OtherSideError for anything else, for http outside this machine, and for an endless answer."""
    parts = urlsplit(address)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise OtherSideError("het adres begint niet met https")
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(method, address, headers=dict(headers), content=body, params=query) as answer,
        ):
            content = _read(answer)
            if not answer.is_success:
                raise OtherSideError(f"antwoord {answer.status_code}{_code(content)}", answer.status_code)
            return content
    except httpx.HTTPError as error:
        raise OtherSideError(f"geen verbinding ({type(error).__name__})") from error


def _read(answer: httpx.Response) -> bytes:
    content = b""
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > MOST:
            raise OtherSideError("het antwoord is te groot")
    return content


def _code(content: bytes) -> str:
    """The code of a problem as the Dutch API strategy writes it; never its free text, which may repeat what was sent."""
    told = as_json(content)
    code = told.get("code") if isinstance(told, dict) else None
    return f" ({code})" if isinstance(code, str) and code.isascii() and len(code) < 60 else ""


def as_json(content: bytes) -> Any:
    """The JSON in an answer; None when it is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
