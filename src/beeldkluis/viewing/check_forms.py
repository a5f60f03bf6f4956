"""What is typed at the daily check."""

from django import forms

from beeldkluis.journal.typed import Form


class CheckAgainForm(Form):
    """Why headers are needed once more."""

    because = forms.CharField(
        label="Waarom is het nog een keer nodig?",
        max_length=300,
        help_text="Bijvoorbeeld: de browser sloot tijdens de controle.",
        error_messages={"required": "Schrijf op waarom de zegels nog een keer nodig zijn."},
    )
