import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import HttpRequest

from beeldkluis.journal.moments import MomentField
from beeldkluis.journal.text import read_json
from beeldkluis.journal.typed import Form
from beeldkluis.people.handover_actions import NewKeys
from beeldkluis.people.models import Person
from beeldkluis.protocol.roles import Role

MAX_BODY = 1_048_576  # bytes: the headers of one recording are far smaller
LONGEST_ANSWER = 200
MOST_TRIED = 100  # recordings in one answer; the browser asks for fewer at a time


class DeputationForm(Form):
    """Who acts as team manager, until when, and why."""

    deputy = forms.ModelChoiceField(
        label="Plaatsvervanger",
        queryset=Person.objects.filter(role=Role.DEPUTY.value, is_active=True).order_by("name"),
    )
    until = MomentField(label="Tot en met")
    because = forms.CharField(label="Waarom?", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def chosen(self) -> tuple[Person, datetime, str]:
        """Deputy, end and reason."""
        typed = self.cleaned_data
        return typed["deputy"], typed["until"], typed["because"]


class _Receiver(forms.ModelChoiceField[Person]):
    """Deputies by name, and oneself for new keys."""

    me: Person | None = None

    def label_from_instance(self, obj: Person) -> str:
        """What stands in the list."""
        return "Mijzelf: nieuwe sleutels" if obj == self.me else str(obj)


class AnnouncementForm(Form):
    """To whom the keys go, why, and whether the recovery sheet was shown."""

    receiver = _Receiver(label="Aan wie?", queryset=Person.objects.none(), empty_label=None)
    because = forms.CharField(
        label="Waarom?", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Verplicht met de herstelsleutel. Dit staat in het bericht aan iedereen.",
    )  # fmt: skip
    with_recovery = forms.BooleanField(required=False, widget=forms.HiddenInput())

    def __init__(self, *words: Any, person: Person, **named: Any) -> None:
        super().__init__(*words, **named)
        deputies = Q(role=Role.DEPUTY.value, is_active=True)
        receiver = self.fields["receiver"]
        assert isinstance(receiver, _Receiver)  # noqa: S101 - declared above
        receiver.queryset, receiver.me = Person.objects.filter(Q(pk=person.pk) | deputies).order_by("name"), person

    def chosen(self) -> tuple[Person, bool, str]:
        """Receiver, whether the recovery sheet is used, and why."""
        typed = self.cleaned_data
        return typed["receiver"], typed["with_recovery"], typed["because"]


def read_body(request: HttpRequest) -> Mapping[str, Any]:
    """A small JSON object. BadRequest when it is anything else."""
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
        return base64.b64decode(str(read_body(request)["sealed_identity"]), validate=True)
    except (KeyError, ValueError) as error:
        raise BadRequest("De kopie is niet goed aangekomen.") from error


def read_beginning(request: HttpRequest) -> tuple[int, NewKeys]:
    """To whom, and the new keys. BadRequest when it is anything else."""
    told = read_body(request)
    try:
        keys = NewKeys(
            team_recipient=str(told["team_recipient"]),
            axis_sealed_private=base64.b64decode(str(told["axis_sealed_private"]), validate=True),
            sealed_identity=base64.b64decode(str(told["sealed_identity"]), validate=True),
        )
        return int(told["receiver"]), keys
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De nieuwe sleutels zijn niet goed aangekomen.") from error


def read_headers(request: HttpRequest) -> dict[UUID, bytes] | None:
    """The headers of one recording that were sealed anew; None when the browser could not open the old ones."""
    told = read_body(request)
    if told.get("unreadable") is True:
        return None
    try:
        sent = dict(told["headers"])
        return {UUID(key): base64.b64decode(str(value), validate=True) for key, value in sent.items()}
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("De zegels zijn niet goed aangekomen.") from error


def read_answer(request: HttpRequest) -> str:
    """What the browser read with the key for Axis cameras; empty when it could not. BadRequest when it is anything else."""
    answer = read_body(request).get("answer")
    if not isinstance(answer, str) or len(answer) > LONGEST_ANSWER:
        raise BadRequest("Het antwoord is niet goed aangekomen.")
    return answer


def read_tried(request: HttpRequest) -> list[tuple[int, str, dict[UUID, bytes]]]:
    """Item, which headers, and what came of each file (empty: it does not open). BadRequest when it is anything else."""
    try:
        return [
            (
                int(one["item"]),
                str(one["seal"]),
                {UUID(key): base64.b64decode(str(proof), validate=True) for key, proof in dict(one["proofs"]).items()},
            )
            for one in list(read_body(request)["items"])[:MOST_TRIED]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise BadRequest("Wat de controle opleverde, is niet goed aangekomen.") from error
