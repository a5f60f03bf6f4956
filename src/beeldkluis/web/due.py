"""What is due, for each role: the start page shows this and nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from beeldkluis.cases import giving_queries as givings
from beeldkluis.cases import queries as cases
from beeldkluis.cases import records_queries as records
from beeldkluis.cases import waiting_queries as unanswered
from beeldkluis.cases.models import Case
from beeldkluis.devices import incident_queries as incidents
from beeldkluis.devices import queries as devices
from beeldkluis.documents.letters import KINDS
from beeldkluis.footage import observation_queries as observations
from beeldkluis.footage import queries as footage
from beeldkluis.governance import queries as governance
from beeldkluis.governance.queries import in_force
from beeldkluis.outbox import queries as outbox
from beeldkluis.people import account_queries as accounts
from beeldkluis.people import account_words
from beeldkluis.people import acknowledgement_queries as acknowledgements
from beeldkluis.people import notice_queries as notices
from beeldkluis.people import queries as people
from beeldkluis.people import review_queries as reviews
from beeldkluis.people.models import Person, TeamKey
from beeldkluis.people.municipality_queries import contact
from beeldkluis.protocol.access import Act, may
from beeldkluis.protocol.cases import CaseState
from beeldkluis.protocol.incident import deadline
from beeldkluis.protocol.letters import DECISIONS, SENDERS
from beeldkluis.protocol.observation import late_when_received_by
from beeldkluis.protocol.retention import announced_until
from beeldkluis.protocol.roles import Role
from beeldkluis.retention import queries as retention
from beeldkluis.viewing import appointment_queries as appointments
from beeldkluis.viewing import queries as viewings
from beeldkluis.web import doctor

WEEK = timedelta(days=7)
MOST = 100  # lines on the page
CASES = 50  # of these; of more than that, how many


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do: what, why or until when, and where."""

    title: str
    note: str
    address: str
    urgent: bool = False


def for_person(person: Person, now: datetime) -> list[Due]:
    """Everything this person can do something about, what is late first."""
    found = [*_journal(person), *_notices(person), *_accounts(person, now), *_keys(person), *_cases(person, now)]
    found += [*_brakes(person), *_footage(person, now), *_apart(person), *_findings(person)]
    found += [*_observations(person, now), *_viewings(person, now), *_late_periods(person)]
    found += [
        *_succession(person),
        *_signatures(person),
        *_versions(person),
        *_cameras(person, now),
        *_incidents(person, now),
        *_messages(person),
        *_reviews(person, now),
    ]
    found += [*_terms(person, now), *_installation(person)]
    return sorted(found, key=lambda one: not one.urgent)


def shown(found: list[Due]) -> tuple[list[Due], int]:
    """What the page shows, what is late first, and how many there are more: nobody reads a thousand lines."""
    return found[:MOST], len(found[MOST:])


def _can(person: Person, act: Act) -> bool:
    return may(Role(person.acting), act).allowed


def _journal(person: Person) -> Iterator[Due]:
    """Before anything else, and until somebody wrote down what happened and closed the incident."""
    if _can(person, Act.READ_JOURNAL) and (one := incidents.open_of_journal()) is not None:
        handles = _can(person, Act.HANDLE_INCIDENT)
        address = reverse("devices:incident", args=[one.number]) if handles else "/logboek/"
        yield Due("Het logboek klopt niet", one.told or f"Incident {one}.", address, urgent=True)


def _notices(person: Person) -> Iterator[Due]:
    if (count := notices.count_unseen(person)) and (newest := notices.newest_unseen(person)):
        title = "U moet één ding weten" if count == 1 else f"U moet {count} dingen weten"
        yield Due(title, newest.subject, reverse("people:notices"), urgent=True)
    if person.role == Role.DPO and (stuck := outbox.stuck_for_watchers()):
        title = (
            "Een e-mail voor wie toeziet komt niet aan"
            if stuck == 1
            else f"{stuck} e-mails voor wie toeziet komen niet aan"
        )
        note = "Ze staan wel op het overzicht van wie het aangaat. Vraag de beheerder naar de mailserver."
        yield Due(title, note, reverse("people:notices"), urgent=True)


def _accounts(person: Person, now: datetime) -> Iterator[Due]:
    for one in accounts.waiting():
        if accounts.may_see(one, person).allowed and accounts.is_open(one, now=now):
            note = f"{one.person.name}: {account_words.state(one)}."
            address = reverse("people:account-change", args=[one.pk])
            yield Due(f"Kijk of dit klopt: {one.get_kind_display()}", note, address, urgent=True)


def _keys(person: Person) -> Iterator[Due]:
    if _can(person, Act.HOLD_KEY_CEREMONY) and people.active_key(TeamKey.Kind.TEAM) is None:
        note = "Zonder sleutels kan geen dockingstation opnames verzegelen."
        yield Due("Maak de sleutels van het team", note, "/sleutels/", urgent=True)


def _cases(person: Person, now: datetime) -> Iterator[Due]:
    wanted = {CaseState.RECEIVED: Act.FORWARD_CASE, CaseState.FORWARDED: Act.DECIDE_CASE}
    waiting = cases.undecided([state for state, act in wanted.items() if _can(person, act)])
    first = list(waiting[:CASES])
    for case in first:
        late = case.decide_by < now
        when = f"{timezone.localtime(case.decide_by):%d-%m-%Y}"
        note = f"De termijn is op {when} verlopen." if late else f"Uiterlijk {when}."
        urgent = late or case.decide_by - now < WEEK
        yield Due(_wanted(case, person), note, f"/verzoeken/{case.reference}/", urgent=urgent)
    if len(first) == CASES and (more := waiting.count() - CASES):
        title = "Nog één verzoek wacht op u" if more == 1 else f"Nog {more} verzoeken wachten op u"
        yield Due(title, "Die hebben een latere termijn dan de verzoeken hierboven.", reverse("cases:list"))
    yield from _others(person, now)


def _wanted(case: Case, person: Person) -> str:
    if case.state == CaseState.FORWARDED:
        if case.about_team_manager and person.role == Role.TEAM_MANAGER:
            return f"Verzoek {case.reference} gaat over u: laat de plaatsvervanger waarnemen"
        return f"Besluit over verzoek {case.reference}"
    return f"Vraag om aanvulling van {case.reference}" if cases.missing(case) else f"Zet door verzoek {case.reference}"


def _others(person: Person, now: datetime) -> Iterator[Due]:
    if _can(person, Act.FORWARD_CASE):
        for case in unanswered.in_vain(now):
            note = "De verzoeker heeft niet op tijd geantwoord. Zet het verzoek door zoals het is."
            yield Due(f"Ga verder met verzoek {case.reference}", note, f"/verzoeken/{case.reference}/", urgent=True)
    if _can(person, Act.DECIDE_CASE):
        for case in cases.closable(now):
            note = "Het besluit is definitief. Tot u de zaak sluit, blijven de beelden bewaard."
            yield Due(f"Sluit verzoek {case.reference}", note, _page(case))
        for one in records.silent(now):
            note = "De tijd voor een zienswijze is voorbij. Leg vast wat er kwam; dan loopt de termijn weer."
            yield Due(f"Ga verder met Woo-verzoek {one.case.reference}", note, _page(one.case), urgent=True)
        for owed in givings.all_owed():
            last = f"{timezone.localtime(owed.until - timedelta(seconds=1)):%d-%m-%Y}"
            late = now >= owed.until
            note = f"De termijn is op {last} verlopen." if late else f"Uiterlijk {last}."
            title = f"Geef de inzage bij verzoek {owed.case.reference}"
            yield Due(title, note, _page(owed.case), urgent=late or owed.until - now < WEEK)
        for case in cases.reviewable(now):
            note = "Kijk of de beelden nog nodig zijn. Zo niet, sluit dan de zaak."
            yield Due(f"Bekijk zaak {case.reference} opnieuw", note, _page(case), urgent=True)
    for letter in cases.unsent():
        if Role(person.acting) in SENDERS[letter.kind]:
            reference = letter.case.reference
            address = reverse("cases:letter", args=[reference, letter.pk])
            title = f"Verstuur de brief bij {reference}: {KINDS[letter.kind].title.lower()}"
            yield Due(title, "De brief is klaar.", address, urgent=letter.kind in DECISIONS)


def _page(case: Case) -> str:
    return reverse("cases:case", args=[case.reference])


def _late_periods(person: Person) -> Iterator[Due]:
    if _can(person, Act.CONFIRM_WEARER) and (found := footage.late_periods()):
        title = f"Vraag na wie bodycam {found[0][0].bodycam} droeg"
        note = "De uitgifte is ingevoerd nadat er al was gefilmd."
        yield Due(title, note, reverse("footage:late-periods"))


def _brakes(person: Person) -> Iterator[Due]:
    if _can(person, Act.CONFIRM_DESTRUCTION):
        for brake in retention.waiting_brakes():
            if str(person.pseudonym) not in retention.confirmed_by(brake):
                address = reverse("retention:brake", args=[brake.pk])
                yield Due("Kijk een gestopte vernietiging na", brake.because, address, urgent=True)


def _footage(person: Person, now: datetime) -> Iterator[Due]:
    if _can(person, Act.REPORT_OPENABLE) and (waiting := footage.count_unchecked()):
        note = f"{waiting} nog niet gecontroleerd. Er worden geen beelden opgehaald."
        yield Due("Controleer of nieuwe opnames opengaan", note, reverse("viewing:check"))
    if _can(person, Act.READ_RECORDINGS):
        coming = footage.due_soon(now, announced_until(protocol=in_force(), now=now))
        if (first := coming.first()) is not None:
            note = f"De eerste op {timezone.localtime(first.due_at):%d-%m-%Y %H:%M}. U hoeft niets te doen."
            one = "opname wordt" if (count := coming.count()) == 1 else "opnames worden"
            yield Due(f"{count} {one} binnenkort vernietigd", note, reverse("retention:overview"))


def _apart(person: Person) -> Iterator[Due]:
    """What is set apart and nobody judged yet: it can be looked at under a case, and taken back."""
    if _can(person, Act.JUDGE_SET_APART):
        found = footage.apart_unjudged()
        if (first := found.first()) is not None:
            since = f"Sinds {timezone.localtime(first.set_at):%d-%m-%Y %H:%M}"
            note = f"{first.reason} {since}. Onder een zaak kunt u kijken of zij afspeelt. U kunt haar ook terugnemen."
            address = reverse("footage:recording", args=[first.recording_id])
            count = found.values("recording").distinct().count()
            title = f"Opname {first.recording} is apart gezet"
            if count > 1:
                title, note = f"{count} opnames zijn apart gezet", f"De oudste: {first.recording}. {note}"
                address = f"{reverse('footage:list')}?status=quarantined"
            yield Due(title, note, address)


def _observations(person: Person, now: datetime) -> Iterator[Due]:
    if _can(person, Act.OBSERVE_RECORDING):
        late = observations.late_count(late_when_received_by(protocol=in_force(), now=now))
        if late:
            title = "Bij één opname ontbreekt de waarneming"
            if late > 1:
                title = f"Bij {late} opnames ontbreekt de waarneming"
            note = "Of het nummer in het handhavingssysteem. Vraag de handhaver, of vul het zelf in."
            yield Due(title, note, reverse("footage:wanting"), urgent=True)


def _viewings(person: Person, now: datetime) -> Iterator[Due]:
    if not _can(person, Act.OPEN_RECORDING):
        return
    for one in appointments.tomorrows(now):
        when = f"{timezone.localtime(one.at):%d-%m-%Y %H:%M}, {one.room}" if one.at else ""
        yield Due(f"Inzage bij {one.case.reference}", when, reverse("viewing:appointment", args=[one.case.reference]))
    for viewing in viewings.unreported(person):
        note = "Opmerkingen, en of er een kopie is meegegeven."
        title = f"Maak het verslag van de inzage bij {viewing.case.reference}"
        yield Due(title, note, reverse("viewing:report", args=[viewing.pk]))


def _signatures(person: Person) -> Iterator[Due]:
    version = acknowledgements.owed_by_person(person)
    if version is not None:
        title = f"Teken voor versie {version.number} van het protocol"
        yield Due(title, "Lees het protocol en de werkinstructie, en teken.", reverse("people:sign"), urgent=True)
    current = governance.current()
    if not _can(person, Act.READ_ACKNOWLEDGEMENTS) or current is None or not current.sections:
        return
    if gaps := acknowledgements.gaps(current):
        title = "Eén mens moet nog tekenen" if len(gaps) == 1 else f"{len(gaps)} mensen moeten nog tekenen"
        yield Due(title, f"Voor versie {current.number} van het protocol.", reverse("people:register"))


def _succession(person: Person) -> Iterator[Due]:
    yield from _handover(person)
    running = people.running_deputation()
    if running is not None and (_can(person, Act.END_DEPUTATION) or _can(person, Act.REVIEW_RIGHTS)):
        until = f"{timezone.localtime(running.until):%d-%m-%Y %H:%M}"
        address = reverse("people:deputation") if _can(person, Act.END_DEPUTATION) else "/logboek/"
        title = (
            "Een plaatsvervanger neemt waar in een noodgeval" if running.emergency else "Een plaatsvervanger neemt waar"
        )
        yield Due(title, f"{running.deputy.name}, tot {until}.", address, urgent=running.emergency)


def _handover(person: Person) -> Iterator[Due]:
    """Everybody who can stop a handover sees it for as long as it lasts."""
    plan, running = people.running_plan(), people.running_handover()
    if plan is None or not _can(person, Act.SEE_HANDOVER):
        return
    title, address = "De teamsleutel wordt overgedragen", reverse("people:handover")
    note = f"Door {plan.giver.name} aan {plan.receiver.name}. Klopt dit niet? Stop het dan."
    if running is not None and plan.receiver_id == person.pk and people.count_to_check(running, most=1):
        title, address = "Controleer de nieuwe sleutel", reverse("people:handover-check")
        note = f"{plan.giver.name} heeft opnames opnieuw verzegeld voor u."
    elif running is not None and plan.giver_id == person.pk and running.sealed_at is None:
        title, note = "Maak de overdracht van de sleutels af", "Ga verder waar u was."
    elif plan.agreed_at is None and person.pk not in (plan.giver_id, plan.receiver_id):
        title = "Kijk of u akkoord gaat met een overdracht van de teamsleutel"
    yield Due(title, note, address, urgent=True)


def _versions(person: Person) -> Iterator[Due]:
    if _can(person, Act.PUBLISH_PROTOCOL):
        for one in governance.proposed():
            if one.proposed_by != str(person.pseudonym):
                note = "Een tweede persoon kijkt wat er verandert en stelt de versie vast."
                address = reverse("web:protocol-version", args=[one.number])
                yield Due(f"Kijk naar protocolversie {one.number}", note, address)
    current = governance.current()
    if _can(person, Act.PREPARE_PROTOCOL) and current is not None and not current.sections:
        address = reverse("web:protocol-text", args=[current.number])
        yield Due("Voeg de tekst van het protocol toe", "Zonder tekst kan niemand ervoor tekenen.", address)


def _cameras(person: Person, now: datetime) -> Iterator[Due]:
    if not _can(person, Act.ISSUE_BODYCAM):
        return
    for period in devices.issued_unsigned():
        title = f"Bodycam {period.bodycam} is bij iemand die niet heeft getekend"
        note = f"Reden bij de uitgifte: {period.unsigned_because}" if period.unsigned_because else "Laat tekenen."
        yield Due(title, note, reverse("people:register"), urgent=True)
    for period in devices.staying_away(now):
        last = period.bodycam.last_docked_at
        since = f"Sinds {timezone.localtime(last):%d-%m-%Y}." if last else "Nog nooit."
        title = f"Bodycam {period.bodycam} stond lang niet in een dockingstation"
        yield Due(title, since, reverse("devices:bodycams"))


def _incidents(person: Person, now: datetime) -> Iterator[Due]:
    if not _can(person, Act.HANDLE_INCIDENT):
        return
    protocol = in_force()
    for one in incidents.undecided():
        until = deadline(one.aware_at, protocol)
        hours = int((until - now).total_seconds() // 3600)
        over = f"De termijn is verlopen op {timezone.localtime(until):%d-%m-%Y %H:%M}."
        note = f"Nog {hours} uur." if now <= until else over
        address = reverse("devices:incident", args=[one.number])
        yield Due(f"Besluit of incident {one} wordt gemeld", note, address, urgent=True)
    for one in incidents.unfinished():
        address = reverse("devices:incident", args=[one.number])
        yield Due(f"Maak incident {one} af", f"{one.about.capitalize()}.", address)


def _messages(person: Person) -> Iterator[Due]:
    if _can(person, Act.SEE_OUTGOING) and (stuck := outbox.stuck()):
        title = "Eén bericht komt niet weg" if len(stuck) == 1 else f"{len(stuck)} berichten komen niet weg"
        yield Due(title, stuck[0].last_error, reverse("web:messages"), urgent=True)


def _reviews(person: Person, now: datetime) -> Iterator[Due]:
    if _can(person, Act.REVIEW_RIGHTS):
        for one in reviews.overdue(now):
            note = f"Had op {timezone.localtime(one.due_at):%d-%m-%Y} gedaan moeten zijn."
            yield Due(f"Controleer wie wat mag, per {one.dutch}", note, reverse("people:rights"), urgent=True)


def _findings(person: Person) -> Iterator[Due]:
    if _can(person, Act.SETTLE_FINDING) and (found := devices.open_findings()):
        title = "Kijk één bevinding na" if len(found) == 1 else f"Kijk {len(found)} bevindingen na"
        yield Due(title, found[0].text, "/bevindingen/", urgent=True)


def _terms(person: Person, now: datetime) -> Iterator[Due]:
    """Whoever counts terms hears in time that days may lack that a decree makes equal to holidays."""
    if _can(person, Act.DECIDE_CASE) or person.role == Role.DPO:
        for sentence in doctor.decree(now):
            note = (
                "Vraag de beheerder ze aan te vullen. Zonder die dagen kan een termijn voor bezwaar te vroeg eindigen."
            )
            yield Due(sentence, note, reverse("cases:list"), urgent=True)
    if _can(person, Act.SET_CONTACT) and not contact().get("objection"):
        note = "Zonder dat adres kan geen besluit op een verzoek worden vastgelegd."
        yield Due("Vul het adres voor bezwaar in", note, reverse("web:contact"), urgent=True)


def _installation(person: Person) -> Iterator[Due]:
    if _can(person, Act.SEE_INSTALLATION) and (found := doctor.findings()):
        title = "Er mankeert iets aan de installatie"
        yield Due(title, found[0], reverse("web:installation"), urgent=True)
