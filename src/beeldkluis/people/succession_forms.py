import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import BadRequest
from django.http import HttpRequest

from beeldkluis.journal.text import read_json
from beeldkluis.journal.typed import Form
from beeldkluis.people.handover_actions import NewKeys
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role

MAX_BODY = 1_048_576  # bytes: the headers of one recording are far smaller


class DeputationForm(Form):
    """Who acts as team manager, until when, and why."""

    deputy = forms.ModelChoiceField(
        label="Plaatsvervanger",
        queryset=Person.objects.filter(role=Role.DEPUTY.value, is_active=True).order_by("name"),
    )
    until = forms.DateTimeField(
        label="Tot en met",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    because = forms.CharField(label="Waarom?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def chosen(self) -> tuple[Person, datetime, str]:
        """Deputy, end and reason."""
        typed = self.cleaned_data
        return typed["deputy"], typed["until"], typed["because"]


def _body(request: HttpRequest) -> Mapping[str, Any]:
    if len(request.body) > MAX_BODY:
        raise BadRequest("Het verzoek is te groot.")
    try:
        content = read_json(request.body)
    except ValueError as error:
        raise BadRequest("Het verzoek is geen JSON.") from error
    if not isinstance(content, dict):
        raise BadRequest("Het verzoek is geen JSON-object.")
    return content


def read_sealed(request: HttpRequest) -> bytes:
    """One sealed key. BadRequest when it is anything else."""
    try:
        return base64.b64decode(str(_body(request)["sealed_identity"]), validate=True)
    except (KeyError, ValueError) as error:
        raise BadRequest("De kopie is niet goed aangekomen.") from error


def read_beginning(request: HttpRequest) -> tuple[int, NewKeys, bool, str]:
    """To whom, the new keys, whether the recovery key is used, and why. BadRequest when it is anything else."""
    told = _body(request)
    try:
        keys = NewKeys(
            team_recipient=str(told["team_recipient"]),
            axis_sealed_private=base64.b64decode(str(told["axis_sealed_private"]), validate=True),
            sealed_identity=base64.b64decode(str(told["sealed_identity"]), validate=True),
        )
        return int(told["receiver"]), keys, told.get("with_recovery") is True, str(told.get("because", ""))[:1000]
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De nieuwe sleutels zijn niet goed aangekomen.") from error


def read_headers(request: HttpRequest) -> dict[UUID, bytes] | None:
    """The headers of one recording that were sealed anew; None when the browser could not open the old ones."""
    told = _body(request)
    if told.get("unreadable") is True:
        return None
    try:
        sent = dict(told["headers"])
        return {UUID(key): base64.b64decode(str(value), validate=True) for key, value in sent.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De zegels zijn niet goed aangekomen.") from error
