"""The log list (loglijst) on screen, and signing with an account or a personal link."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.governance import queries as governance
from beeldkluis.governance.models import ProtocolVersion
from beeldkluis.journal import clock
from beeldkluis.people import acknowledgement_actions as actions
from beeldkluis.people import acknowledgement_forms as forms
from beeldkluis.people import acknowledgement_queries as queries
from beeldkluis.people import queries as people
from beeldkluis.people.models import Acknowledgement, SigningLink
from beeldkluis.people.signed_in import person_for, show_to
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.roles import Role

PROVEN_FOR = 1800  # seconds between the code and the signature: time to read the protocol
SALT = "beeldkluis.signing-link"


def _version(number: str | None) -> ProtocolVersion | None:
    found = governance.version(number) if number else governance.current()
    if number and found is None:
        raise Http404
    return found


@require_GET
def register(request: HttpRequest) -> HttpResponse:
    """The list of one version; without a choice of the one in force."""
    person = person_for(request, Act.READ_ACKNOWLEDGEMENTS)
    version = _version(request.GET.get("versie"))
    manages = may(Role(person.acting), Act.MANAGE_ACKNOWLEDGEMENTS).allowed
    lines = queries.lines(version) if version else []
    page = {"version": version, "lines": lines, "manages": manages, "versions": governance.versions()}
    return render(request, "people/register.html", page | {"missing": sum(one.signature is None for one in lines)})


@require_GET
def scan(request: HttpRequest, signature: int) -> HttpResponse:
    """The scan of one signature, as a file: it is never shown within a page."""
    person_for(request, Act.READ_ACKNOWLEDGEMENTS)
    found = queries.acknowledgement(signature)
    if found is None or found.scan is None:
        raise Http404
    answer = HttpResponse(bytes(found.scan), content_type=found.scan_type)
    answer["Content-Disposition"] = f'attachment; filename="handtekening-{found.pk}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def make_link(request: HttpRequest, number: str) -> HttpResponse:
    """A personal link and its code, shown once."""
    person = person_for(request, Act.MANAGE_ACKNOWLEDGEMENTS)
    officer, version = people.officer(number), _version(None)
    if version is None:
        raise Http404
    token, code = actions.make_signing_link(version, officer, actor=person.as_actor, now=clock.now())
    address = settings.ADDRESS.rstrip("/") + reverse("people:sign-by-link", args=[token])
    return render(request, "people/link_made.html", {"officer": officer, "address": address, "code": code})


@require_http_methods(["GET", "POST"])
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """Record an officer's signature on paper."""
    person, version = person_for(request, Act.MANAGE_ACKNOWLEDGEMENTS), _version(None)
    officer = people.officer(number)
    if version is None:
        raise Http404
    form = forms.PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        actions.sign_as_officer(version, officer, form.receipt(), actor=person.as_actor, now=clock.now())
        return redirect("people:register")
    return render(request, "people/paper.html", {"form": form, "name": officer.name, "version": version})


@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest) -> HttpResponse:
    """Sign with one's own account."""
    person = person_for(request, Act.READ_PROTOCOL_VERSIONS)
    version, now = queries.owed_by_person(person), clock.now()
    form = forms.SignForm(request.POST or None, initial=forms.signing_today(timezone.localdate(now)))
    if version is not None and form.is_valid():
        receipt = form.receipt(Acknowledgement.How.ACCOUNT)
        actions.sign_as_person(version, person, receipt, actor=person.as_actor, now=now)
        return redirect("people:sign")
    return render(request, "people/sign.html", {"version": version, "form": form})


def _link(token: str) -> SigningLink:
    found = queries.signing_link(token)
    if found is None:
        raise Http404
    return found


@login_not_required
@require_http_methods(["GET", "POST"])
def sign_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The personal link: first the code, then the text and the signature."""
    link, now = _link(token), clock.now()
    if link.used_at is not None or link.expires_at <= now:
        return _by_link(request, link, {"over": True})
    if "proven" not in request.POST:
        form = forms.LinkCodeForm(request.POST or None)
        if form.is_valid() and actions.code_fits(link, form.cleaned_data["code"].strip(), now=now):
            return _by_link(request, link, {"proven": signing.dumps(link.pk, salt=SALT), "form": _blank(now)})
        return _by_link(request, link, {"code_form": form, "wrong": form.is_bound and form.is_valid()})
    if not _is_proven(request.POST["proven"], link):
        return _by_link(request, link, {"code_form": forms.LinkCodeForm(), "late": True})
    signed = forms.SignForm(request.POST)
    if signed.is_valid():
        actions.sign_by_link(link, signed.receipt(Acknowledgement.How.LINK), now=now)
        return _by_link(request, link, {"done": True})
    return _by_link(request, link, {"proven": request.POST["proven"], "form": signed})


def _blank(now: Any) -> forms.SignForm:
    return forms.SignForm(initial=forms.signing_today(timezone.localdate(now)))


def _is_proven(told: str, link: SigningLink) -> bool:
    try:
        return bool(signing.loads(told, salt=SALT, max_age=PROVEN_FOR) == link.pk)
    except signing.BadSignature:
        return False


def _by_link(request: HttpRequest, link: SigningLink, page: dict[str, Any]) -> HttpResponse:
    if "form" in page or "done" in page:  # after the code; before it the page says nothing
        show_to(request, actions.officer_actor(link.officer))
    answer = render(request, "people/sign_by_link.html", page | {"version": link.version})
    answer["Cache-Control"] = "no-store"
    return answer
