"""Noting what belongs to this installation and may be there only once. See belongings.py."""

from datetime import datetime

from beeldkluis.journal.actions import serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.people.notice_actions import tell_dpo
from beeldkluis.web import belongings
from beeldkluis.web.events import BelongingNoted
from beeldkluis.web.models import Belonging

MAY_CHANGE = (belongings.SECRET,)  # the others stay what they are for as long as the database lasts


class ForeignError(Exception):
    """This machine cannot be the one whose marks are noted. The sentence (Dutch) says why."""


def note(*, actor: Actor, now: datetime) -> list[str]:
    """Note what was never noted, each with its entry. The names that were. ForeignError when the journal in the database was
    signed by another key: then this machine is not the one to go by.
    """
    before = belongings.noted()
    new = {name: mark for name, mark in belongings.here().items() if name not in before}
    if belongings.SIGNING_KEY in new and (sentence := belongings.signed_by_another()):
        raise ForeignError(sentence)
    for name, mark in new.items():
        _set(name, mark, actor, now)
    return list(new)


def complete(*, actor: Actor, now: datetime) -> None:
    """Note what could not be noted at set-up, such as whose protocol holds before anybody was added."""
    if belongings.noted():
        note(actor=actor, now=now)


def accept(name: str, *, actor: Actor, now: datetime) -> bool:
    """From now on what this machine has is the database's; who oversees is told. Whether it was another before. KeyError for
    what never changes.
    """
    if name not in MAY_CHANGE:
        raise KeyError(name)
    mark = belongings.here()[name]
    if belongings.noted().get(name) == mark:
        return False
    with serialised():
        _set(name, mark, actor, now)
        text = "Op de server is vastgelegd dat het geheim van de inlogsessies is vernieuwd. Klopt dat niet, vraag het dan na."
        tell_dpo(subject="Het geheim van de server is vernieuwd", text=text, actor=actor, now=now)
    return True


def _set(name: str, mark: str, actor: Actor, now: datetime) -> None:
    with step("web.note_belonging", actor=actor) as record:
        Belonging.objects.update_or_create(name=name, defaults={"mark": mark, "noted_at": now})
        record(BelongingNoted(name=name))
