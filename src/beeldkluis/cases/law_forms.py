"""Forms of the steps that a law asks for: whose views are asked, what they were, and which law holds."""

from django import forms

from beeldkluis.cases.forms import lines, text_field
from beeldkluis.journal.typed import Form
from beeldkluis.protocol.laws import ABSOLUTE, OPEN, PARTS, RELATIVE
from beeldkluis.protocol.legal import Regime


def _part(name: str) -> forms.ChoiceField:
    """One part of what is asked: public, or the ground on which it is not. Images and sound begin with a no."""
    choices: list[tuple[str, object]] = [
        ("", "kies"),
        (OPEN, "wordt openbaar"),
        ("Niet openbaar, zonder weging", list(ABSOLUTE.items())),
        ("Niet openbaar, na weging", list(RELATIVE.items())),
    ]
    return forms.ChoiceField(label=f"Worden {name} openbaar?", choices=choices, required=False)


def part_fields() -> dict[str, forms.ChoiceField]:
    """A field for each part of a request for public records."""
    fields = {f"part-{part}": _part(name) for part, name in PARTS.items()}
    for part in ("sound", "facts"):
        fields[f"part-{part}"].label = f"Wordt {PARTS[part]} openbaar?"
    return fields


class ConsultForm(Form):
    """Whose views are asked."""

    third_party = text_field(
        "Wie vraagt u om een zienswijze?", 500, required=True, widget=lines(4),
        help_text="Naam en adres, elk op een eigen regel. De verzoeker staat niet in deze brief.",
    )  # fmt: skip
    email = forms.EmailField(
        label="E-mailadres, als de brief gemaild mag worden", required=False,
        help_text="Alleen als die ander heeft gezegd dat brieven per e-mail mogen. Laat het anders leeg.",
    )  # fmt: skip

    def clean_third_party(self) -> list[str]:
        """As lines."""
        return str(self.cleaned_data["third_party"]).splitlines()


class HearForm(Form):
    """What the third party said."""

    views = text_field(
        "Wat is de zienswijze?", 10_000, widget=lines(6),
        help_text="Leeg laten kan als de termijn voorbij is en er niets kwam.",
    )  # fmt: skip


class LawForm(Form):
    """Which law holds, and why."""

    regime = forms.ChoiceField(
        label="Welke wet geldt?", choices=[(one.value, one.dutch) for one in Regime], widget=forms.RadioSelect
    )
    because = text_field(
        "Waarom?", 2000, required=True, widget=lines(4),
        help_text="De Wpg geldt als een boa de beelden maakte om een strafbaar feit op te sporen (I-61). Dit komt in de brief.",
    )  # fmt: skip
