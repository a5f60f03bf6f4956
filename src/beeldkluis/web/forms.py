"""Forms for arriving: the first inrichting, an invitation, a new person."""

from copy import deepcopy
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from beeldkluis.governance.registers import base, by_name, can_be_chosen, check, municipality_of
from beeldkluis.journal.typed import Form
from beeldkluis.people.models import Person
from beeldkluis.protocol.accounts import Change
from beeldkluis.protocol.register import RegisterError
from beeldkluis.protocol.roles import Role
from beeldkluis.web.actions import NewPerson
from beeldkluis.web.contact_forms import DPO, OBJECTION

FIRST_PEOPLE = (
    ("administrator", Role.ADMINISTRATOR),
    ("dpo", Role.DPO),
    ("team_manager", Role.TEAM_MANAGER),
)


OWN_FILE = "own"
LONGEST_PROTOCOL = 500_000  # bytes


class SetUpForm(Form):
    """The set-up code, the protocol that holds here, the three people without whom nothing works, and where objections go."""

    register: bytes | None = None

    code = forms.CharField(
        label="Inrichtingscode", help_text="De code die `beeldkluis setup` op de server liet zien.", max_length=100
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if can_be_chosen():
            on_server = Path(settings.CHOSEN_PROTOCOL_FILE).exists()
            here = [("", f"{base().municipality} (op de server gekozen)")] if on_server else []
            files = [(name, f"{municipality_of(name)} (meegeleverd)") for name in settings.SHIPPED["files"]]
            self.fields["protocol"] = forms.ChoiceField(
                label="Welk protocol geldt hier?",
                choices=[*here, *files, (OWN_FILE, "Een eigen bestand")],
                initial="" if on_server else settings.SHIPPED["first"],
                required=False,
                help_text="Hierin staat hoe lang beelden blijven, wie erbij is en hoe de rollen heten.",
            )
            self.fields["protocol_file"] = forms.FileField(
                label="Eigen protocolbestand",
                required=False,
                help_text="Alleen als u hierboven een eigen bestand koos.",
            )
        for name, role in FIRST_PEOPLE:
            self.fields[f"{name}_name"] = forms.CharField(label=f"Naam van de {role.dutch}", max_length=120)
            self.fields[f"{name}_email"] = forms.EmailField(label=f"E-mailadres van de {role.dutch}")
        self.fields["objection"], self.fields["dpo_lines"] = deepcopy(OBJECTION), deepcopy(DPO)

    def clean(self) -> dict[str, Any]:
        """Three different people: one person has one role."""
        cleaned = super().clean() or {}
        addresses = [cleaned.get(f"{name}_email", "").lower() for name, _ in FIRST_PEOPLE]
        if all(addresses) and len(set(addresses)) < len(addresses):
            raise forms.ValidationError("Een persoon heeft één rol. Vul drie verschillende mensen in.")
        self._read_protocol(cleaned)
        return cleaned

    def _read_protocol(self, cleaned: dict[str, Any]) -> None:
        """Keep the bytes of the file that was chosen; what is wrong with it is an error beside the field."""
        chosen, file = cleaned.get("protocol", ""), cleaned.get("protocol_file")
        if chosen != OWN_FILE:
            self.register = by_name(chosen) if chosen else None
        elif file is None:
            self.add_error("protocol_file", "Kies het bestand.")
        elif file.size > LONGEST_PROTOCOL:
            self.add_error("protocol_file", "Dit bestand is te groot voor een protocol.")
        else:
            self.register = file.read()
            try:
                check(self.register, file.name)
            except RegisterError as error:
                self.add_error("protocol_file", str(error))

    def newcomers(self) -> list[NewPerson]:
        """The three people as typed."""
        typed = self.cleaned_data
        return [NewPerson(typed[f"{name}_name"], typed[f"{name}_email"].lower(), role) for name, role in FIRST_PEOPLE]

    def addresses(self) -> dict[str, list[str]]:
        """The addresses that were typed; what was left empty can be filled in afterwards."""
        typed = {"objection": self.cleaned_data["objection"], "dpo": self.cleaned_data["dpo_lines"]}
        return {name: text.splitlines() for name, text in typed.items() if text}


class InvitationForm(Form):
    """Somebody's own password, twice."""

    password = forms.CharField(
        label="Wachtwoord",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text="Minstens 12 tekens. Een paar gewone woorden achter elkaar is goed.",
    )
    again = forms.CharField(
        label="Wachtwoord nog een keer", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), strip=False
    )

    def clean_password(self) -> str:
        """Long enough and not a well-known one."""
        typed: str = self.cleaned_data["password"]
        validate_password(typed)
        return typed

    def clean_again(self) -> str:
        """The same twice."""
        again: str = self.cleaned_data["again"]
        if self.cleaned_data.get("password") not in (None, again):
            raise forms.ValidationError("De twee wachtwoorden zijn niet gelijk.")
        return again


class PersonForm(Form):
    """Somebody who gets an account."""

    name = forms.CharField(label="Naam", max_length=120)
    email = forms.EmailField(label="E-mailadres")
    role = forms.ChoiceField(
        label="Rol",
        choices=[(role.value, role.dutch.capitalize()) for role in Role if role is not Role.OFFICER],
        widget=forms.RadioSelect,
        help_text="Eén persoon heeft één rol.",
    )

    def clean_email(self) -> str:
        """An address belongs to one person, for ever."""
        typed: str = self.cleaned_data["email"].lower()
        if Person.objects.filter(email__iexact=typed).exists():
            raise forms.ValidationError("Er is al iemand met dit e-mailadres.")
        return typed

    def newcomer(self) -> NewPerson:
        """The person as typed."""
        return NewPerson(self.cleaned_data["name"], self.cleaned_data["email"], Role(self.cleaned_data["role"]))


class NewAccessForm(Form):
    """What somebody lost, and how we know."""

    lost = forms.ChoiceField(
        label="Wat is er kwijt?",
        choices=[
            (Change.RENEW.value, "Het wachtwoord, of de link. De tweede stap blijft."),
            (Change.RESET.value, "Ook de tweede stap: de telefoon of de sleutel."),
        ],
        widget=forms.RadioSelect,
    )
    because = forms.CharField(
        label="Waarom?",
        help_text="Ook hoe u vaststelde dat het echt om deze persoon gaat.",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def chosen(self, *, active: bool) -> tuple[Change, str]:
        """What to ask for, and why. An account that was never in use is asked for once more."""
        return Change(self.cleaned_data["lost"]) if active else Change.ADD, self.cleaned_data["because"]


class CloseForm(Form):
    """Why somebody leaves."""

    because = forms.CharField(label="Waarom?", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
