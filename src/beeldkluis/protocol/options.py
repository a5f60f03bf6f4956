"""What a protocol file may say beside whole numbers: named choices and lists, the law, names; each with what may stand there.

Each value stands here as the word that a file uses; tests hold the words against the kinds of the program.
"""

from collections.abc import Mapping

from beeldkluis.protocol.kinds import CaseKind, ListOf

_BOTH = ("team_manager", "officer")


LISTS: Mapping[tuple[str, str], ListOf] = {
    # access-2: which facts a request of this kind must name
    **{
        ("request.required-fields", kind.value): kind.facts.file_may_ask
        for kind in CaseKind
        if kind.facts.file_may_ask is not None
    },
    # access-6: who must be there before there are pictures
    ("access.presence", "assess_request"): ListOf(_BOTH, ("team_manager",)),
    ("access.presence", "redact"): ListOf(_BOTH, ("team_manager",)),  # I-67
    ("access.presence", "view_with_officer"): ListOf(_BOTH, _BOTH),
    ("access.presence", "view_with_data_subject"): ListOf((*_BOTH, "requester"), ("team_manager", "requester")),
    ("access.presence", "reflect"): ListOf(_BOTH, _BOTH),
    # purpose-1, purpose-2: what a municipality does not use footage for
    ("purpose.left-out", "purposes"): ListOf(("view_with_officer", "reflect")),
}
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    # work-8: where the public page sends whoever wants to ask: to the program's own form or to the municipality's own way
    ("public.information", "form"): ("own", "elsewhere"),
    # access-5: which redacted copies a second person looks at from beginning to end (I-67)
    ("redaction.second-look", "copies"): ("leaving", "every"),
}
# Choices that the program knows by number, the first is 1: a file may say the word or the number.
NAMED: Mapping[tuple[str, str], tuple[str, ...]] = {
    # work-11, governance-2: which term a recording has that was there before a new version (I-20)
    ("retention.new-version", "choice"): ("recorded", "shorter", "current"),
}
LEGAL: Mapping[str, tuple[str, ...]] = {
    "regime": ("avg", "wpg"),
    "ground": ("public-task", "legitimate-interest", "legal-obligation"),
}
LEGAL_LINES = (
    "controller",
    "basis",
    "purposes",
    "selection_list",
    "category",
    "destruction",
)  # texts of the municipality's own
GROUNDS: Mapping[str, str] = {
    "public-task": "een taak van algemeen belang (AVG artikel 6, eerste lid, onder e)",
    "legitimate-interest": "het gerechtvaardigd belang van de gemeente als werkgever (AVG artikel 6, eerste lid, onder f)",
    "legal-obligation": "een wettelijke plicht van de gemeente (AVG artikel 6, eerste lid, onder c)",
}


def allowed_of(rule: str) -> str:
    """In words: which choices and lists this rule has."""
    keys = [key for name, key in (*NAMED, *CHOICES, *LISTS) if name == rule]
    return f"Deze regel kent als woord of lijst: {', '.join(keys)}." if keys else "Deze regel kent alleen getallen."
