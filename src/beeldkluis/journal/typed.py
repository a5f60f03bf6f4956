"""The form that every form of the house is: it reads what was typed as it was meant (journal.text)."""

from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

from beeldkluis.journal.text import clean

YEARS = range(1900, 2200)  # terms are added to a day, and no database or calendar goes on for ever


def possible(moment: date) -> None:
    """A day, with or without a time, that a calendar of the house can hold. ValidationError for one ages away."""
    if moment.year not in YEARS:
        raise forms.ValidationError("Dit jaar kan niet kloppen. Kijk de datum na.")


class ReadsCleanly(forms.BaseForm):
    """Takes from what was typed what nobody can have meant, before it is looked at, kept or shown again. A password stays as
    it is: it is hashed and never shown, and the one that was chosen must go on to fit.
    """

    def full_clean(self) -> None:
        """Clean the texts first."""
        for field in self.fields.values():
            if isinstance(field, forms.DateField | forms.DateTimeField) and possible not in field.validators:
                field.validators.append(possible)
        if self.is_bound:
            self.data = self._without_strange()
        super().full_clean()

    def _without_strange(self) -> MultiValueDict[str, Any]:
        data = MultiValueDict[str, Any]()
        for name in self.data:
            many = self.data.getlist(name) if isinstance(self.data, MultiValueDict) else [self.data[name]]
            data.setlist(name, many)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.PasswordInput):
                continue
            lines, key = isinstance(field.widget, forms.Textarea), self.add_prefix(name)
            if key in data:
                data.setlist(
                    key, [clean(one, lines=lines) if isinstance(one, str) else one for one in data.getlist(key)]
                )
        return data


class Form(ReadsCleanly, forms.Form):
    """A form of the house."""
