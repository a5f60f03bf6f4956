"""What is due of recordings."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from beeldkluis.footage import observation_queries, queries
from beeldkluis.governance.queries import in_force
from beeldkluis.people.due import Due, can
from beeldkluis.people.models import Person
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.observation import late_when_received_by


def apart(person: Person, _now: datetime) -> Iterator[Due]:
    """What is set apart and nobody judged yet: it can be looked at under a case, and taken back."""
    if can(person, Act.JUDGE_SET_APART):
        found = queries.apart_unjudged()
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


def observations(person: Person, now: datetime) -> Iterator[Due]:
    """Recordings of which nobody told in time why the camera was on."""
    if can(person, Act.OBSERVE_RECORDING):
        late = observation_queries.late_count(late_when_received_by(protocol=in_force(), now=now))
        if late:
            title = "Bij één opname ontbreekt de waarneming"
            if late > 1:
                title = f"Bij {late} opnames ontbreekt de waarneming"
            note = "Of het nummer in het handhavingssysteem. Vraag de handhaver, of vul het zelf in."
            yield Due(title, note, reverse("footage:wanting"), urgent=True)


def late_periods(person: Person, _now: datetime) -> Iterator[Due]:
    """Issues that were entered after there was film."""
    if can(person, Act.CONFIRM_WEARER) and (found := queries.late_periods()):
        title = f"Vraag na wie bodycam {found[0][0].bodycam} droeg"
        note = "De uitgifte is ingevoerd nadat er al was gefilmd."
        yield Due(title, note, reverse("footage:late-periods"))
