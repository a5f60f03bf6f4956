"""Forms for a version of the protocol: its number, its text, and a number for each rule that has one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

from beeldkluis.governance.text import LONGEST, sections
from beeldkluis.journal.text import clean
from beeldkluis.journal.typed import Form
from beeldkluis.people.forms import is_number
from beeldkluis.protocol.register import Protocol, write
from beeldkluis.protocol.retention import KeptUnder
from beeldkluis.web.templatetags.beeldkluis import unit as unit_in_dutch

MOST = 100_000
CHOICES = [one.value for one in KeptUnder]
MAX_FILE = 512 * 1024  # bytes


class TextForm(Form):
    """The municipality's own text, typed or from a file."""

    text = forms.CharField(
        label="Tekst van het protocol",
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text="Begin een kop met een hekje: # 1. Inleiding. Een lege regel begint een nieuwe alinea.",
    )
    file = forms.FileField(
        label="Of kies een tekstbestand (.txt of .md)", required=False, help_text="Dit vervangt wat hierboven staat."
    )

    def clean_file(self) -> str:
        """The text in the file; empty without one."""
        sent = self.cleaned_data.get("file")
        if not sent:
            return ""
        content = sent.read(MAX_FILE + 1)
        try:
            if len(content) > MAX_FILE:
                raise forms.ValidationError("Dit bestand is te groot. Kies alleen de tekst, zonder plaatjes.")
            return clean(content.decode("utf-8-sig"), lines=True)
        except UnicodeDecodeError as error:
            raise forms.ValidationError("Dit is geen tekstbestand (UTF-8).") from error

    def sections(self) -> list[dict[str, str]]:
        """What was typed or sent, in sections."""
        return sections(self.cleaned_data.get("file") or self.cleaned_data["text"])


class DraftForm(TextForm):
    """A draft: as the version in force, with what is changed."""

    number = forms.CharField(label="Nummer van de nieuwe versie", max_length=20, validators=[is_number])
    field_order: Sequence[str] = ["number"]

    def __init__(self, *words: Any, register: Protocol, **named: Any) -> None:
        super().__init__(*words, **named)
        self.register = register
        for rule in register.rules.values():
            for unit, value in rule.numbers.items():
                self.fields[f"{rule.name}:{unit}"] = forms.IntegerField(
                    label=f"{rule.sentence} ({unit_in_dutch(unit)})",
                    initial=value,
                    min_value=min(CHOICES) if unit == "choice" else 0,
                    max_value=max(CHOICES) if unit == "choice" else MOST,
                )

    def written(self) -> bytes:
        """The register of the draft: the one in force with the numbers that were typed."""
        typed: Mapping[str, Any] = self.cleaned_data
        rules = {
            name: replace(rule, numbers={unit: typed[f"{name}:{unit}"] for unit in rule.numbers})
            for name, rule in self.register.rules.items()
        }
        return write(replace(self.register, version=typed["number"], rules=rules)).encode()


class ProposeForm(Form):
    """The day on which a version takes effect."""

    takes_effect = forms.DateField(label="Dag van ingang", widget=forms.DateInput(attrs={"type": "date"}))

    def moment(self) -> datetime:
        """The first moment of that day in the municipality's own time."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["takes_effect"], time.min))


def first_moment(now: datetime) -> datetime:
    """The first moment of today in the municipality's own time."""
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
