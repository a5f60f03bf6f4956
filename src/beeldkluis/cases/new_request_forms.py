"""The form by which the desk registers a request, also from a saved e-mail. What the mail says fills in what was left empty; what
it leaves in doubt is asked, with everything that was typed and chosen still there.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from beeldkluis.cases import kept, mail, papers
from beeldkluis.cases.actions import Paper
from beeldkluis.cases.forms import RequestForm, lines, moment_field, text_field
from beeldkluis.cases.sender_queries import is_own
from beeldkluis.documents.words import day
from beeldkluis.governance.queries import in_force
from beeldkluis.journal.moments import Ambiguous, ask_of_its_own
from beeldkluis.journal.text import clean
from beeldkluis.protocol.kinds import CaseKind, Default
from beeldkluis.protocol.requests import WRONG_PAPER, looks_like_records_request

AHEAD = timedelta(days=1)  # a clock of a sender, or of one who calls local time something else, is at most so far off
LONG_AGO = timedelta(days=365)
UNREAD = (
    "Dit programma kan deze mail van Outlook (.msg) niet lezen; het bestand wordt wel bewaard. Typ over wie het"
    " vraagt en wat er staat,"
    " of sla de mail op als .eml."
)


def when_received(dates: Sequence[datetime], now: datetime, period: timedelta) -> tuple[datetime | None, bool]:
    """When a mail with these dates came in, and whether that must be asked: not when one of them is in the past and the answer is
    not due yet. A little ahead is now; without a date nothing is known.
    """
    past = [one for one in dates if now - period <= one <= now]
    if past:
        return past[0], False
    if any(now < one <= now + AHEAD for one in dates):
        return now, False
    return None, bool(dates)


class NewRequestForm(RequestForm):
    """A request that is registered. A saved e-mail fills in what was left empty."""

    kind = forms.CharField(widget=forms.HiddenInput)
    received_at = moment_field(
        "Wanneer is het ontvangen?", help_text="Vanaf dan tellen de vier weken. Leeg: nu.", ambiguous=Ambiguous.FIRST
    )
    received_is_right = forms.BooleanField(
        label="De datum van ontvangst klopt, al is die lang geleden", required=False, widget=forms.HiddenInput
    )
    paper = forms.FileField(
        label="De brief of e-mail zelf", required=False, widget=forms.ClearableFileInput(attrs={"accept": papers.ACCEPT}),
        help_text="PDF, foto, tekst of mail, hoogstens 10 MB. Een .eml vult naam, adres, datum en tekst vanzelf in.",
    )  # fmt: skip
    paper_kept = forms.CharField(widget=forms.HiddenInput, required=False, max_length=kept.LONGEST_TOKEN)
    told = text_field("Of plak hier de tekst van het bericht", mail.LONGEST, widget=lines(6))
    not_records = forms.BooleanField(label="Het is geen Woo-verzoek, al noemt de tekst die wet", required=False)
    by_email = forms.BooleanField(
        label="De verzoeker heeft gezegd dat onze brieven per e-mail mogen", required=False,
        help_text="Zonder vinkje gaan ze per post. De verzoeker kan dit altijd veranderen.",
    )  # fmt: skip
    field_order = (
        "kind", "received_by_channel", "received_at", "received_is_right", "paper", "paper_kept", "told", "not_records",
        "requester_name", "requester_organisation", "requester_address", "requester_place", "requester_phone", "requester_email",
        "by_email",
    )  # fmt: skip

    def __init__(self, *words: Any, now: datetime, owner: str, **named: Any) -> None:
        super().__init__(*words, **named)
        self.now, self.owner = now, owner
        self.papers: Paper | None = None
        if "requester_email" not in self.fields:
            del self.fields["by_email"]
        ask_of_its_own(self, now)

    def extra(self) -> tuple[str, ...]:
        """What stands above the request itself."""
        return (
            "kind", "received_at", "received_is_right", "paper", "paper_kept", "told", "not_records", "by_email",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read the e-mail, ask for a name, and notice a request for public records."""
        cleaned = super().clean()
        self.papers = self._paper(cleaned)
        if self.papers is not None:
            self._read(cleaned, self.papers)
        if (
            "requester_name" in self.fields
            and not cleaned.get("requester_name")
            and "requester_name" not in self.errors
        ):
            unread = self.papers is not None and papers.ending(self.papers.name) == "msg"
            self.add_error("requester_name", UNREAD if unread else "Vul een naam in.")
        if "officer_number" in self.fields and not cleaned.get("officer_number"):
            self.add_error("officer_number", "Vul het nummer in.")
        if cleaned.get("by_email") and not cleaned.get("requester_email") and "requester_email" not in self.errors:
            self.add_error("requester_email", "Vul het e-mailadres in waar de brieven heen mogen.")
        self._check_receipt(cleaned)
        records = self.case_kind.facts.default is Default.BY_PART
        if not records and not cleaned.get("not_records") and looks_like_records_request(cleaned.get("told") or ""):
            self.add_error("told", "Dit lijkt een Woo-verzoek. Schrijf het zo in, of zet hieronder een vinkje.")
        return cleaned

    def _paper(self, cleaned: dict[str, Any]) -> Paper | None:
        """What was chosen now or before, when it may be kept; otherwise an error at its field."""
        upload = cleaned.get("paper")
        if upload is not None:
            name, data = clean(upload.name).strip(), upload.read(papers.MAX_DOCUMENT + 1)
        elif (before := kept.find(self.owner, cleaned.get("paper_kept") or "")) is not None:
            name, data = before
        else:
            return None
        if not papers.kind_of(name, data) and len(data) <= papers.MAX_DOCUMENT and mail.looks_like_mail(data):
            name = f"{name}.eml"
        if not papers.kind_of(name, data):
            self.add_error("paper", WRONG_PAPER)
            return None
        return Paper(name, data)

    def keep_paper(self) -> None:
        """Of a form that comes back: keep what was chosen, and say so."""
        if self.papers is None:
            return
        before = str(self.data.get(self.add_prefix("paper_kept")) or "")
        if self.files or not before:
            kept.forget(self.owner, before)
            self._put("paper_kept", kept.keep(self.owner, self.papers.name, self.papers.data))
        self["paper"].help_text = f"Al gekozen: {self.papers.name}. U hoeft het niet nog eens te kiezen."

    def forget_paper(self) -> None:
        """It is registered."""
        kept.forget(self.owner, self.cleaned_data.get("paper_kept") or "")

    def _read(self, cleaned: dict[str, Any], paper: Paper) -> None:
        if papers.ending(paper.name) == "eml":
            try:
                self._fill(cleaned, mail.read(paper.data))
            except ValueError:
                self.add_error("paper", "Dit bestand is geen e-mail.")
        elif papers.ending(paper.name) == "txt":
            self._take(cleaned, "told", clean(papers.text_of(paper.data) or "", lines=True).strip()[: mail.LONGEST])

    def _fill(self, cleaned: dict[str, Any], read: mail.Mail) -> None:
        sender = mail.Sender(read.name, read.email)
        passed_on = read.was_forwarded or is_own(read.email)
        asks = passed_on and "requester_name" in self.fields and not cleaned.get("requester_name")
        who = (read.first or mail.Sender("", "")) if passed_on else sender
        self._take(cleaned, "requester_name", who.name or (who.email if passed_on else ""))
        self._take(cleaned, "requester_email", who.email)
        self._take(cleaned, "told", read.text)
        if asks:
            self.add_error("requester_name", _who_asked(sender, read.first))
        if "received_at" in self.errors or cleaned.get("received_at"):
            return
        moment, ask = when_received(read.dates, self.now, in_force().days("request.decision-period"))
        if ask:
            told = day(read.dates[0])
            self.add_error(
                "received_at", f"De mail zegt dat zij van {told} is. Vul in wanneer het verzoek is ontvangen."
            )
        elif moment is not None:
            cleaned["received_at"] = moment
            if asks:
                self._put("received_at", self.fields["received_at"].widget.format_value(_local(moment)) or "")

    def _take(self, cleaned: dict[str, Any], name: str, value: str) -> None:
        """Fill a field that was left empty, in what is registered and in what is shown."""
        if name not in self.fields or not value or cleaned.get(name) or name in self.errors:
            return
        try:
            cleaned[name] = self.fields[name].clean(value)
        except forms.ValidationError:
            return
        self._put(name, value)

    def _put(self, name: str, value: str) -> None:
        assert isinstance(self.data, MultiValueDict)  # noqa: S101 - made so when it was read (journal.typed)
        self.data.setlist(self.add_prefix(name), [value])

    def _check_receipt(self, cleaned: dict[str, Any]) -> None:
        """A receipt that is still to come, or so long ago that the answer was due already, is asked about."""
        received = cleaned.get("received_at")
        if received is None:
            return
        if received > self.now:
            self.add_error("received_at", "De datum van ontvangst ligt in de toekomst.")
        elif received < self.now - LONG_AGO:
            self.add_error("received_at", "Dit is meer dan een jaar geleden. Vul in wanneer het verzoek is ontvangen.")
        elif received < self.now - in_force().days("request.decision-period") and not cleaned.get("received_is_right"):
            self.fields["received_is_right"].widget = forms.CheckboxInput()
            told = "Er had dan al een besluit moeten zijn. Klopt de datum? Zet dan hieronder een vinkje."
            self.add_error("received_at", told)

    def asked(self) -> dict[str, Any]:
        """Everything for the step of registering."""
        more = {
            "received_at": self.cleaned_data["received_at"],
            "told": self.cleaned_data["told"],
            "paper": self.papers,
            "by_email": bool(self.cleaned_data.get("by_email")),
        }
        return super().asked() | more


def _who_asked(sender: mail.Sender, first: mail.Sender | None) -> str:
    if first is None or not first.called:
        return f"Deze mail is doorgestuurd door {sender.called}. Vul in wie het verzoek deed."
    by = f"Deze mail is doorgestuurd door {sender.called}."
    return f"{by} Wij vulden in wie de eerste mail schreef. Klopt dat? Verstuur dan nog een keer."


def _local(moment: datetime) -> datetime:
    return timezone.make_naive(moment)


def new_request(
    kind: CaseKind,
    typed: Mapping[str, Any] | None,
    files: MultiValueDict[str, Any] | None,
    *,
    now: datetime,
    owner: str,
) -> NewRequestForm:
    """An empty form for a kind, or what was typed into it. `owner`: whose it is, so that a file that was chosen is kept for
    nobody
    else.
    """
    return NewRequestForm(kind, typed, files, initial={"kind": kind.value}, now=now, owner=owner)
