"""What a visitor of a page finds in place of a letter or paper that was erased."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beeldkluis.cases.models import Case


def erased(request: HttpRequest, case: Case, *, what: str, sha256: str) -> HttpResponse:
    """In place of a letter or paper that was erased: when, and the hash that it had."""
    page = {"case": case, "what": what, "sha256": sha256}
    return render(request, "cases/erased.html", page, status=HTTPStatus.GONE)
