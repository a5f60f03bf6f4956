"""The journal on screen, and its checkpoint for everybody."""

import base64

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beeldkluis.journal import forms, queries
from beeldkluis.journal.signer import signer
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require


def _reads_details(request: HttpRequest) -> bool:
    """Whoever reads the journal; True when with the erasable details. Refused for other roles."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    role = Role(request.user.acting)
    require(may(role, Act.READ_JOURNAL))
    return may(role, Act.READ_JOURNAL_DETAILS).allowed


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The journal, newest first."""
    details = _reads_details(request)
    form = forms.FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    number = request.GET.get("pagina", "1")
    page = queries.page(
        int(number) if number.isdecimal() else 1,
        recording=chosen.get("opname"),
        case=chosen.get("zaak", ""),
    )
    lines = [queries.line(entry, details=details) for entry in page.object_list]
    return render(request, "journal/list.html", {"page": page, "lines": lines, "filter": form})


@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says, the leaf as it is hashed, and the proof that it stands in the journal."""
    details = _reads_details(request)
    found = queries.entry(number)
    if found is None:
        raise Http404
    size = queries.size()
    proof = [base64.b64encode(one).decode() for one in queries.inclusion_proof(number, size)]
    return render(
        request,
        "journal/entry.html",
        {
            "line": queries.line(found, details=details),
            "leaf": bytes(found.data).decode(),
            "proof": proof,
            "size": size,
            "leaf_hash": base64.b64encode(bytes(found.leaf_hash)).decode(),
            "root": base64.b64encode(queries.root(size)).decode(),
        },
    )


@login_not_required
@require_GET
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """The newest checkpoint, for everybody: it holds a count and hashes, no more."""
    newest = queries.newest_checkpoint()
    if newest is None:
        raise Http404
    return HttpResponse(newest.note, content_type="text/plain; charset=utf-8")


@login_not_required
@require_GET
def key(_request: HttpRequest) -> HttpResponse:
    """The key that verifies checkpoints and receipts."""
    return HttpResponse(signer().vkey + "\n", content_type="text/plain; charset=utf-8")
