"""What a browser sends when the recovery sheet is shown."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest

from beeldkluis.people.succession_forms import read_body

LONGEST_PURPOSE = 80


def read_purpose(request: HttpRequest) -> str:
    """Which step the sheet is shown for. BadRequest when it is anything else than a short text."""
    purpose = read_body(request).get("purpose")
    if not isinstance(purpose, str) or not 0 < len(purpose) <= LONGEST_PURPOSE:
        raise BadRequest("Waar de herstelsleutel voor is, is niet goed aangekomen.")
    return purpose


def read_answer(request: HttpRequest) -> tuple[int, str]:
    """The number of the question and its answer. BadRequest when it is anything else."""
    told = read_body(request)
    number, answer = told.get("number"), told.get("answer")
    if not isinstance(number, int) or not isinstance(answer, str):
        raise BadRequest("Het antwoord is niet goed aangekomen.")
    return number, answer
