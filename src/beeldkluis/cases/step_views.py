"""Single steps of a case, each on a page of its own that says first what will happen; letters and papers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from beeldkluis.cases import (
    actions,
    decision_actions,
    email_actions,
    giving_actions,
    law_forms,
    letter_actions,
    letter_pages,
    letting_go_actions,
    queries,
    records_actions,
    remedy_actions,
    step_forms,
)
from beeldkluis.cases.erased import erased
from beeldkluis.cases.models import Case, Letter, Remedy
from beeldkluis.cases.offers import SLUGS, offered
from beeldkluis.cases.views import back_to, named, viewer
from beeldkluis.documents.letters import KINDS
from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.outbox.mail import is_configured
from beeldkluis.people.signed_in import person_for
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.cases import Step
from beeldkluis.protocol.letters import SENDERS
from beeldkluis.protocol.verdict import require

Do = Callable[[Case, dict[str, Any], Actor, datetime], object]


@dataclass(frozen=True, slots=True)
class StepPage:
    """The page of a step: its title, what will happen, what it asks, the word on its button, and what it does."""

    title: str
    happens: str
    form: type[django_forms.Form]
    button: str
    do: Do


def _remedy(kind: Remedy.Kind) -> Do:
    return lambda case, typed, actor, now: remedy_actions.register(case, kind=kind, **typed, actor=actor, now=now)


PAGES: dict[Step, StepPage] = {
    Step.ASK: StepPage(
        "Om aanvulling vragen",
        "Er komt een brief klaar met wat ontbreekt en waarom. De termijn staat stil tot het antwoord er is, of tot de dag "
        "die in de brief staat. De beelden blijven bewaard.",
        step_forms.NothingForm, "Brief maken en termijn stilzetten",
        lambda case, _typed, actor, now: actions.ask(case, actor=actor, now=now),
    ),
    Step.REFER: StepPage(
        "Verwijzen en sluiten",
        "Dit kan als het verzoek niet over beelden gaat. Er komt een brief klaar die zegt waar het verzoek hoort, en de zaak "
        "gaat dicht. Gaat het wel over beelden, vraag dan om een dag en tijd.",
        step_forms.NothingForm, "Verwijzen en sluiten",
        lambda case, _typed, actor, now: actions.refer(case, actor=actor, now=now),
    ),
    Step.CONSULT: StepPage(
        "Zienswijze vragen",
        "Wie belang heeft bij de beelden, mag zeggen wat die van openbaar maken vindt. Er komen twee brieven klaar: een voor die "
        "ander en een voor de verzoeker. De termijn staat stil tot de zienswijze er is, of tot de dag die in de brieven staat.",
        law_forms.ConsultForm, "Brieven maken en termijn stilzetten",
        lambda case, typed, actor, now: records_actions.consult(case, **typed, actor=actor, now=now),
    ),
    Step.HEAR: StepPage(
        "Zienswijze vastleggen",
        "De termijn loopt daarna weer. Er komt een brief klaar die de verzoeker de nieuwe dag vertelt.",
        law_forms.HearForm, "Vastleggen",
        lambda case, typed, actor, now: records_actions.hear(case, **typed, actor=actor, now=now),
    ),
    Step.SET_LAW: StepPage(
        "Welke wet geldt?",
        "Met de wet veranderen de termijn en de gronden om te weigeren. Er komt een brief klaar met de wet, uw reden en de "
        "nieuwe dag.",
        law_forms.LawForm, "Vastleggen",
        lambda case, typed, actor, now: records_actions.set_law(case, **typed, actor=actor, now=now),
    ),
    Step.EXTEND: StepPage(
        "Termijn verlengen",
        "Dit kan één keer. De verzoeker krijgt een brief met de nieuwe datum en uw reden.",
        step_forms.BecauseForm, "Verlengen",
        lambda case, typed, actor, now: decision_actions.extend(case, **typed, actor=actor, now=now),
    ),
    Step.IDENTIFY: StepPage(
        "Identiteit vastleggen",
        "U hebt het document gezien. Maak geen kopie en schrijf geen nummer op: alleen de soort wordt bewaard.",
        step_forms.IdentityForm, "Vastleggen",
        lambda case, typed, actor, now: actions.identify(case, **typed, actor=actor, now=now),
    ),
    Step.REOPEN: StepPage(
        "Heropenen",
        "Er is na het besluit toch een opname binnengekomen. U beoordeelt het verzoek opnieuw, binnen vier weken.",
        step_forms.NothingForm, "Heropenen",
        lambda case, _typed, actor, now: decision_actions.reopen(case, actor=actor, now=now),
    ),
    Step.REVIEW: StepPage(
        "Opnieuw bekijken",
        "Zijn de beelden nog nodig? Schrijf op waarom. Over een tijd vraagt het programma het weer. Zijn ze niet meer nodig, "
        "sluit dan de zaak.",
        step_forms.BecauseForm, "De beelden blijven nodig",
        lambda case, typed, actor, now: decision_actions.look_again(case, **typed, actor=actor, now=now),
    ),
    Step.GIVE: StepPage(
        "Inzage vastleggen",
        "De verzoeker mag de beelden zien, en daar is een termijn voor. Leg hier vast dat het is gebeurd, of waarom het niet "
        "meer hoeft. Daarna loopt die termijn niet meer. Wie niet kwam, kan nog een afspraak krijgen zolang de zaak open is.",
        step_forms.GivingForm, "Vastleggen",
        lambda case, typed, actor, now: giving_actions.note_given(case, **typed, actor=actor, now=now),
    ),
    Step.OBJECT: StepPage(
        "Bezwaar inschrijven",
        "De opnames blijven bewaard tot het college op het bezwaar heeft besloten. Was de zaak al gesloten, dan gaat zij weer "
        "open en blijft wat er nog is opnieuw bewaard. Ook een bezwaar dat te laat lijkt, schrijft u in.",
        step_forms.RemedyForm, "Bezwaar inschrijven", _remedy(Remedy.Kind.OBJECTION),
    ),
    Step.APPEAL: StepPage(
        "Beroep inschrijven",
        "De opnames blijven bewaard tot de rechter uitspraak heeft gedaan. Is er nog geen besluit, dan gaat het beroep over het "
        "uitblijven daarvan; de teammanager besluit dan gewoon nog.",
        step_forms.RemedyForm, "Beroep inschrijven", _remedy(Remedy.Kind.APPEAL),
    ),
    Step.DEFAULT: StepPage(
        "Ingebrekestelling inschrijven",
        "De verzoeker zegt dat het besluit te laat is. Vanaf de ontvangst zijn er nog twee weken om te besluiten en de brief te "
        "versturen. Daarna kan de verzoeker naar de rechter, en kan de gemeente een dwangsom moeten betalen (niet bij een "
        "Woo-verzoek). De teammanager en u krijgen daar bericht van.",
        step_forms.RemedyForm, "Ingebrekestelling inschrijven", _remedy(Remedy.Kind.DEFAULT),
    ),
    Step.COMPLAIN: StepPage(
        "Klacht inschrijven",
        "De opnames blijven bewaard tot de klacht is afgerond.",
        step_forms.RemedyForm, "Klacht inschrijven", _remedy(Remedy.Kind.COMPLAINT),
    ),
    Step.WITHDRAW: StepPage(
        "Verzoek intrekken",
        "De verzoeker wil niets meer. Er komt een brief klaar die dat bevestigt. De opnames blijven bewaard tot twee weken "
        "nadat die brief weg is. Laat de verzoeker in die tijd weten dat het niet klopt, dan gaat de zaak gewoon door.",
        step_forms.BecauseForm, "Intrekken",
        lambda case, typed, actor, now: letting_go_actions.withdraw(case, **typed, actor=actor, now=now),
    ),
    Step.RESUME: StepPage(
        "Toch doorgaan",
        "De verzoeker wilde het verzoek niet intrekken. De zaak gaat verder waar zij was; de dagen ertussen tellen niet mee.",
        step_forms.BecauseForm, "Doorgaan met het verzoek",
        lambda case, typed, actor, now: letting_go_actions.resume(case, **typed, actor=actor, now=now),
    ),
    Step.BY_EMAIL: StepPage(
        "Brieven per e-mail of per post",
        "Brieven gaan alleen per e-mail als de verzoeker heeft gezegd dat dat mag. Dat kan de verzoeker altijd weer"
        " veranderen. Wat al "
        "weg is, verandert niet.",
        step_forms.ByEmailForm, "Vastleggen",
        lambda case, typed, actor, now: email_actions.set_by_email(case, **typed, actor=actor, now=now),
    ),
}  # fmt: skip
BY_SLUG = {slug: step for step, slug in SLUGS.items()}


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """One step: what will happen, and then doing it."""
    person, found, now = person_for(request, Act.READ_CASES), named(reference), clock.now()
    if slug not in BY_SLUG:
        raise Http404
    move, page = BY_SLUG[slug], PAGES[BY_SLUG[slug]]
    require(offered(found, move, viewer(person), now))
    form = page.form(
        request.POST if request.method == "POST" else None, initial=step_forms.known(found) | {"received_at": now}
    )
    if form.is_valid():
        page.do(found, form.cleaned_data, person.as_actor, now)
        return back_to(found)
    return render(request, "cases/step.html", {"case": found, "page": page, "form": form})


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, reference: str, remedy: int) -> HttpResponse:
    """The outcome of an objection, an appeal or a complaint."""
    person, case = person_for(request, Act.REGISTER_CASE), named(reference)
    found = queries.remedy(case, remedy)
    if found is None:
        raise Http404
    form = step_forms.SettlingForm(request.POST or None, initial={"at": clock.now(), "since": found.received_at})
    if form.is_valid():
        remedy_actions.settle(found, **form.cleaned_data, actor=person.as_actor, now=clock.now())
        return back_to(case)
    return render(request, "cases/settle.html", {"case": case, "remedy": found, "form": form})


def _letter(reference: str, number: int) -> Letter:
    found = queries.letter(named(reference), number)
    if found is None:
        raise Http404
    return found


@require_GET
def letter(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One letter: to whom, whether it left, and the two ways to send it."""
    person = person_for(request, Act.READ_CASES)
    found = _letter(reference, number)
    can = not found.how and viewer(person).role in SENDERS[found.kind]
    page = {"case": found.case, "letter": found, "title": KINDS[found.kind].title, "can": can, "mail": is_configured()}
    page |= letter_pages.before_sending(found, clock.now())
    return render(request, "cases/letter.html", page)


@require_GET
def letter_pdf(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The letter itself: as it left, or as it would leave now."""
    person_for(request, Act.READ_CASES)
    found = _letter(reference, number)
    if not found.case.has_data:
        return erased(request, found.case, what="Deze brief", sha256=found.sha256)
    answer = HttpResponse(letter_actions.document(found, now=clock.now()), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{reference}-{found.kind}.pdf"'
    return answer


@require_POST
def send_letter(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Send it by e-mail, or say that it was posted."""
    person, found = person_for(request, Act.READ_CASES), _letter(reference, number)
    leave = letter_actions.send if request.POST.get("how") == Letter.How.MAIL else letter_actions.note_posted
    leave(found, actor=person.as_actor, now=clock.now())
    return redirect(reverse("cases:letter", args=[reference, number]))


@require_GET
def document(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Something that came in, as a file: it is never shown within a page."""
    person_for(request, Act.READ_CASES)
    found = queries.document(named(reference), number)
    if found is None:
        raise Http404
    if found.erased_at is not None:
        return erased(request, found.case, what="Dit stuk", sha256=found.sha256)
    answer = HttpResponse(bytes(found.data), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{reference}-{number}"'
    return answer
