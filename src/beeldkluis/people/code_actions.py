"""Personal codes of officers at the dock's screen: give, check, change.

Wrong tries are counted for one screen, for one number at that screen, and for one number at all screens together where it was
never shown right: where an officer was before, nobody elsewhere can shut that officer out. They are counted in the cache, under
the lock that every step takes first, so that tries at once do not slip past each other.
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
from beeldkluis.protocol.codes import (
    DIGITS,
    KNOWN,
    REMEMBERED,
    Try,
    is_obvious,
    may_choose,
    wait_before_next,
)
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.token import hash_token

RULE = "web.code-at-dock"
WRONG = "Dit nummer en deze code horen niet bij elkaar."
MOST_SCREENS = 40  # remembered for one officer


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
        _forget_screens(locked.number)  # whoever gave the code may have shown it anywhere
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
        _note_right(counted.number, sender, now)
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
        _forget_screens(locked.number)
        _know(hash_token(locked.number), sender, now)
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
        tries, strange = _tries(sender), _strange(this.number)
        is_known = _is_known(this.number, sender, now)
        wait = wait_before_next(tries, this.number, now, () if is_known else strange)
        if not wait:
            recent = [one for one in tries if now - one.at < REMEMBERED]
            _keep(sender, [*recent, this])
            if not is_known:
                _keep_strange(this.number, [*(at for at in strange if now - at < REMEMBERED), now])
    if wait:
        seconds = -(-wait // timedelta(seconds=1))
        reason = f"Wacht nog {seconds} {'seconde' if seconds == 1 else 'seconden'} en probeer het dan opnieuw."
        raise Refused(Verdict(allowed=False, rule=RULE, reason=reason))
    return this


def _note_right(mark: str, sender: str, now: datetime) -> None:
    """Whoever knows the code did not guess: this try and those before it at this screen do not count. Tries for other numbers
    stay, so that nobody clears the way with an own code, and so do those that somebody made elsewhere.
    """
    with in_turn():
        own = [one.at for one in _tries(sender) if one.number == mark]
        _keep(sender, [one for one in _tries(sender) if one.number != mark])
        if not _is_known(mark, sender, now):
            left = _strange(mark)
            for at in own:
                if at in left:
                    left.remove(at)
            _keep_strange(mark, left)
        _know(mark, sender, now)


def _tries(sender: str) -> list[Try]:
    return [Try(*one) for one in cache.get(_key(sender), [])]


def _keep(sender: str, tries: list[Try]) -> None:
    cache.set(_key(sender), [(one.number, one.at) for one in tries], timeout=REMEMBERED.total_seconds())


def _key(sender: str) -> str:
    return f"code-tries-{hash_token(sender)}"


def _strange(mark: str) -> list[datetime]:
    """When wrong codes were typed for the number with this mark at screens where it was never shown right."""
    return list(cache.get(f"code-tries-of-{mark}", []))


def _keep_strange(mark: str, tries: list[datetime]) -> None:
    cache.set(f"code-tries-of-{mark}", tries, timeout=REMEMBERED.total_seconds())


def _known(mark: str) -> dict[str, datetime]:
    """Where the right code for the number with this mark was typed, and when last."""
    return dict(cache.get(f"code-screens-of-{mark}", {}))


def _is_known(mark: str, sender: str, now: datetime) -> bool:
    at = _known(mark).get(hash_token(sender))
    return at is not None and now - at < KNOWN


def _know(mark: str, sender: str, now: datetime) -> None:
    known = _known(mark) | {hash_token(sender): now}
    newest = sorted(known, key=lambda one: known[one])[-MOST_SCREENS:]
    kept = {one: known[one] for one in newest}
    cache.set(f"code-screens-of-{mark}", kept, timeout=KNOWN.total_seconds())


def _forget_screens(number: str) -> None:
    cache.delete(f"code-screens-of-{hash_token(number)}")
