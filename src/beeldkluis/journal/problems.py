"""Answers to machines: problem details (RFC 9457) in Dutch, so that a dock can show them as they are."""

from http import HTTPStatus

from django.http import JsonResponse


def problem(status: int, detail: str, *, rule: str = "") -> JsonResponse:
    """A problem+json answer; `rule` is the register's rule that said no, where one did."""
    title = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Checksum Mismatch"
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if rule:
        body["rule"] = rule
    return JsonResponse(body, status=status, content_type="application/problem+json")
