"""What everybody may read and ask without signing in: how the municipality works with bodycams, and the form (work-8)."""

import secrets
from datetime import timedelta
from http import HTTPStatus

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from beeldkluis.cases import actions as cases
from beeldkluis.cases import queries
from beeldkluis.cases.questions import open_questions
from beeldkluis.documents import render as documents
from beeldkluis.findings.actions import raise_finding
from beeldkluis.governance import queries as governance
from beeldkluis.journal import clock
from beeldkluis.journal.actions import serialised
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.signer import signer
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol.cases import PUBLIC_FORM
from beeldkluis.protocol.never import WHY, Never, refusal
from beeldkluis.protocol.public import public_facts
from beeldkluis.web import errors, journal_watch, papers
from beeldkluis.web.public_forms import PublicRequestForm

ACTOR = Actor.system(PUBLIC_FORM)
REACH = ("postal", "phone", "email", "website")
SALT = "beeldkluis.public-request"
FLOOD = "De website kreeg meer verzoeken dan zij aanneemt. Kijk of het echte verzoeken zijn."


@login_not_required
@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """How the municipality works with bodycams."""
    register = governance.in_force()
    known = contact()
    page = {
        "facts": public_facts(register),
        "dpo": known.get("dpo", ()),
        "objection": known.get("objection", ()),
        "contact": known,
        "reach": [known[name] for name in REACH if known.get(name)],
        "pdf": governance.current() is not None,
        "earlier": governance.earlier_terms(clock.now()),
    }
    return render(request, "web/public.html", page)


@login_not_required
@require_GET
def journal(request: HttpRequest) -> HttpResponse:
    """The last checkpoints of the journal, the key, and how anybody checks: whoever keeps one holds us to it."""
    return render(request, "web/public_journal.html", {"checkpoints": journal_watch.public(), "key": signer().vkey})


@login_not_required
@require_GET
def cannot(request: HttpRequest) -> HttpResponse:
    """What the program cannot do, for whoever asks: the works council, an officer, somebody who was filmed."""
    lines = [(refusal(one).reason, WHY[one]) for one in Never]
    return render(request, "web/public_cannot.html", {"lines": lines})


@login_not_required
@require_GET
def protocol_pdf(_request: HttpRequest) -> HttpResponse:
    """The protocol in force as a document."""
    current = governance.current()
    if current is None:
        raise Http404
    return papers.answer(papers.version_pdf(current, clock.now()), f"protocol-bodycams-versie-{current.number}.pdf")


@login_not_required
@require_GET
def form_pdf(_request: HttpRequest) -> HttpResponse:
    """The same form to fill in by hand."""
    made = documents.request_form(papers.request_form_facts(), made_at=clock.now())
    return papers.answer(made, "verzoek-bodycambeelden.pdf")


@login_not_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to see footage. Nothing on the page or after it tells whether there is any. Where the municipality has a way of its own
    for it, the page about bodycams says which.
    """
    if not public_facts(governance.in_force()).own_form:
        return redirect(f"{reverse('web:public')}#vragen")
    form = PublicRequestForm(request.POST or None, initial={"once": secrets.token_urlsafe(16)}, now=clock.now())
    if not form.is_valid():
        return render(request, "web/public_request.html", {"form": form})
    if form.cleaned_data["website"]:
        return redirect("web:public")
    with serialised():  # ten at once are counted as ten, and the same one sent ten times is one
        reference = _register(request, form)
    if not reference:
        return errors.page(HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(f"{reverse('web:public-received')}?{urlencode({'n': signing.dumps(reference, salt=SALT)})}")


def _register(request: HttpRequest, form: PublicRequestForm) -> str:
    """The reference of what was asked, also when it was sent before; empty when there is no room for more."""
    if not _has_room(request):
        return ""
    once = f"public-request/{form.cleaned_data['once']}"
    if (known := cache.get(once)) is None:
        made = cases.receive(**form.asked(), received_by_channel="form", actor=ACTOR, now=clock.now())
        known = made.reference
        cache.set(once, known, timedelta(hours=12).total_seconds())
    return str(known)


def _has_room(request: HttpRequest) -> bool:
    """A few from one address, and not endlessly many in all: each request holds footage until somebody decides."""
    if not ratelimit.consume(request, action="public_request"):
        return False
    if ratelimit.consume(request, action="public_requests", key="all"):
        return True
    raise_finding(
        rule="public.information", key="flood", text=FLOOD, recording=None, bodycam=None, actor=ACTOR, now=clock.now()
    )
    return False


@login_not_required
@require_GET
def received(request: HttpRequest) -> HttpResponse:
    """The number of the request, and what happens now."""
    try:
        reference = signing.loads(request.GET.get("n", ""), salt=SALT, max_age=timedelta(days=1))
    except signing.BadSignature as error:
        raise Http404 from error
    case = queries.get(str(reference))
    if case is None:
        raise Http404
    page = {"case": case, "missing": queries.missing(case), "facts": public_facts(governance.in_force())}
    page |= {"questions": open_questions(case)}
    return render(request, "web/public_received.html", page)


@login_not_required
@require_GET
def security_txt(_request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116); not there while no address was filled in."""
    addresses = contact().get("email", ())
    if not addresses:
        raise Http404
    expires = clock.now() + timedelta(days=180)
    told = [f"Contact: mailto:{addresses[0]}", f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}", "Preferred-Languages: nl, en"]
    return HttpResponse("\n".join(told) + "\n", content_type="text/plain; charset=utf-8")
