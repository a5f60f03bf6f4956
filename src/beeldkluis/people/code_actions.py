"""Personal codes of officers at the dock's screen: give, check, change.

Wrong tries are counted for one screen, and for one number at that screen; nobody elsewhere can shut anybody out. They are
counted in the cache, under the lock that every step takes first, so that tries at once do not slip past each other.
"""

import secrets
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache

from beeldkluis.journal.actions import in_turn, require, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.people import events
from beeldkluis.people.models import Officer
from beeldkluis.people.queries import officer_with_number
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.codes import DIGITS, REMEMBERED, Try, is_obvious, may_choose, wait_before_next
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.token import hash_token

RULE = "web.code-at-dock"
WRONG = "Dit nummer en deze code horen niet bij elkaar."


def give_code(officer: Officer, *, actor: Actor, now: datetime) -> str:
    """Six random digits, shown once and kept as a hash; the code before works no more. To be changed at first use.

    Refused for an officer who is out of service.
    """
    code = _fresh(officer.number)
    hashed = make_password(code)
    with step("people.give_code", actor=actor) as record:
        require(allowed(actor, Act.MANAGE_OFFICERS))
        locked = Officer.objects.select_for_update().get(pk=officer.pk)
        require(_serves(locked, now))
        locked.code_hash, locked.code_is_first = hashed, True
        locked.save(update_fields=["code_hash", "code_is_first"])
        record(events.CodeGiven(officer=str(locked.pseudonym), number=locked.number))
    return code


def check_code(number: str, code: str, *, sender: str, actor: Actor, now: datetime) -> Officer:
    """The officer with this number, when the code is right. `sender` is the screen, `actor` who writes a wrong try down.

    Refused with one and the same sentence for an unknown number, a wrong code, no code and somebody out of service, and
    hashed in each of them; with another sentence, and no hashing and no entry, while this screen must wait.
    """
    counted = _count_try(number, sender, now)
    officer = officer_with_number(number)
    hashed = officer.code_hash if officer is not None and _serves(officer, now).allowed else ""
    if not hashed:
        make_password(code)  # takes as long as looking at a real one
    elif officer is not None and check_password(code, hashed):
        _forget_tries(counted.number, sender)
        return officer
    refusal = Refused(Verdict(allowed=False, rule=RULE, reason=WRONG))
    with step("people.check_code", actor=actor) as record:
        record(events.CodeRefused(sender=sender, officer=str(officer.pseudonym) if officer else ""))
    refusal.journaled = True
    raise refusal


def change_code(officer: Officer, old: str, new: str, *, sender: str, actor: Actor, now: datetime) -> Officer:
    """The officer chooses a code. Refused when the old one is wrong (as `check_code` does) and for a code that is easily
    guessed or the old one.
    """
    known = check_code(officer.number, old, sender=sender, actor=actor, now=now)
    hashed = make_password(new)
    with step("people.change_code", actor=actor) as record:
        locked = Officer.objects.select_for_update().get(pk=known.pk)
        require(_serves(locked, now))
        require(Verdict(allowed=locked.code_hash == known.code_hash, rule=RULE, reason=WRONG))
        require(may_choose(new, number=locked.number, is_old=new == old))
        locked.code_hash, locked.code_is_first = hashed, False
        locked.save(update_fields=["code_hash", "code_is_first"])
        record(events.CodeChanged(officer=str(locked.pseudonym), number=locked.number))
    return locked


def _fresh(number: str) -> str:
    while is_obvious(code := f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", number):
        continue
    return code


def _serves(officer: Officer, now: datetime) -> Verdict:
    gone = officer.until is not None and officer.until <= now
    return Verdict(allowed=not gone, rule=RULE, reason=f"Handhaver {officer.number} is uit dienst.")


def _count_try(number: str, sender: str, now: datetime) -> Try:
    """Count a try as wrong before it is looked at, so that a hundred at once are a hundred. Refused while it must wait."""
    this = Try(hash_token(number), now)
    with in_turn():
        tries = _tries(sender)
        wait = wait_before_next(tries, this.number, now)
        if not wait:
            recent = [one for one in tries if now - one.at < REMEMBERED]
            _keep(sender, [*recent, this])
    if wait:
        seconds = -(-wait // timedelta(seconds=1))
        reason = f"Wacht nog {seconds} {'seconde' if seconds == 1 else 'seconden'} en probeer het dan opnieuw."
        raise Refused(Verdict(allowed=False, rule=RULE, reason=reason))
    return this


def _forget_tries(mark: str, sender: str) -> None:
    """Whoever knows the code did not guess; tries for other numbers stay, so that nobody clears the way with an own code."""
    with in_turn():
        _keep(sender, [one for one in _tries(sender) if one.number != mark])


def _tries(sender: str) -> list[Try]:
    return [Try(*one) for one in cache.get(_key(sender), [])]


def _keep(sender: str, tries: list[Try]) -> None:
    cache.set(_key(sender), [(one.number, one.at) for one in tries], timeout=REMEMBERED.total_seconds())


def _key(sender: str) -> str:
    return f"code-tries-{hash_token(sender)}"
