"""The journal on screen, and its checkpoint for everybody."""

import base64

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from beeldkluis.journal import anchor, forms, queries, shield
from beeldkluis.journal.signer import signer
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role
from beeldkluis.protocol.verdict import require
from beeldkluis.sealed.merkle import leaf_hash

NO_CASE = "-"  # no case is called so: nothing is found


def _reader(request: HttpRequest) -> tuple[bool, bool]:
    """Whoever reads the journal: with the erasable details, and with what is shielded? Refused for other roles."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    role = Role(request.user.acting)
    require(may(role, Act.READ_JOURNAL))
    return may(role, Act.READ_JOURNAL_DETAILS).allowed, may(role, Act.READ_SHIELDED).allowed


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The journal, newest first."""
    details, everything = _reader(request)
    form = forms.FilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    number, case = request.GET.get("pagina", "1"), chosen.get("zaak", "")
    if case and not everything and shield.shielded({case}):
        case = NO_CASE
    listed = queries.page(
        int(number) if number.isdecimal() else 1,
        details=details,
        recording=chosen.get("opname"),
        case=case,
    )
    lines = listed.lines if everything else shield.hidden(listed.lines)
    if chosen.get("opname"):
        lines = [line for line in lines if line.sentence != shield.WORDS]
    wrong = [sentence for line in listed.lines for sentence in line.wrong]
    page = {"page": listed.page, "lines": lines, "remarks": listed.remarks, "wrong": wrong, "filter": form}
    return render(request, "journal/list.html", page)


@require_GET
def entry(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: what it says, the leaf as it is hashed, and the proof that it stands in the journal."""
    details, everything = _reader(request)
    found = queries.entry(number)
    if found is None and number >= queries.size():
        raise Http404
    data = bytes(found.data) if found else b""
    line = queries.line(number, details=details)
    told = line if everything else shield.hidden([line])[0]
    covered = told != line or (line.time is None and not everything)  # unreadable: nobody can say of which case it is
    words = {"line": told, "leaf": shield.WORDS if covered else data.decode(errors="replace")}
    return render(request, "journal/entry.html", words | _proof(number, data))


def _proof(number: int, data: bytes) -> dict[str, object]:
    """The way from this very text to the root over everything; in words what is wrong with it when it does not lead there."""
    hashed = leaf_hash(data)
    try:
        size, root = anchor.proved()
        path = anchor.inclusion(number, hashed, size, root)
    except anchor.NotSignedError as error:
        return {"unproved": str(error), "leaf_hash": base64.b64encode(hashed).decode()}
    proof = [base64.b64encode(one).decode() for one in path]
    return {"proof": proof, "root": base64.b64encode(root).decode(), "leaf_hash": base64.b64encode(hashed).decode()}


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
def checkpoint_of(_request: HttpRequest, size: int) -> HttpResponse:
    """The checkpoint over so many entries, for everybody who wants to keep it."""
    found = queries.checkpoint(size)
    if found is None:
        raise Http404
    return HttpResponse(found.note, content_type="text/plain; charset=utf-8")


@login_not_required
@require_GET
def key(_request: HttpRequest) -> HttpResponse:
    """The key that verifies checkpoints and receipts."""
    return HttpResponse(signer().vkey + "\n", content_type="text/plain; charset=utf-8")
