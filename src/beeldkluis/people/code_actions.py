"""Personal codes of officers at the dock's screen: give, check, change, confirm.

With such a code an officer also says to be at a viewing, so whoever opens footage must not be able to make one: somebody else
gives them, and of each that is given, changed or confirmed the officer and the data protection officer hear at once.

Wrong tries are counted for one screen, for one number at that screen, and for one number at all screens together where it was
never shown right: where an officer was before, nobody elsewhere can shut that officer out. They are counted in the cache, under
the lock that every step takes first, so that tries at once do not slip past each other.
"""

import secrets
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.cache import cache
from django.urls import reverse

from beeldkluis.governance.queries import in_force
from beeldkluis.journal.actions import require, serialised, step
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.rights import allowed
from beeldkluis.outbox.actions import queue_mail
from beeldkluis.people import events
from beeldkluis.people.models import CodeLink, Officer
from beeldkluis.people.notice_actions import tell_dpo, tell_officer
from beeldkluis.people.queries import officer_with_number
from beeldkluis.protocol.access import Act
from beeldkluis.protocol.codes import (
    DIGITS,
    KNOWN,
    REMEMBERED,
    Try,
    is_obvious,
    is_same_code,
    knows_address,
    may_choose,
    may_confirm_by_link,
    may_have_code,
    may_try,
    wait_before_next,
    wrong_code,
)
from beeldkluis.protocol.verdict import Refused, Verdict
from beeldkluis.sealed.token import hash_token, new_token

LINK = """Handhaver {number} koos een eigen code bij het dockingstation. Was u dat? Open dan deze link en bevestig het. Dan telt
de code meteen bij een inzage. Zonder bevestiging telt de code na {days} dagen.

{address}

Was u het niet? Open de link dan niet, en zeg het meteen tegen de functionaris gegevensbescherming.
"""
MOST_SCREENS = 40  # remembered for one officer


def give_code(officer: Officer, *, actor: Actor, now: datetime) -> str:
    """Six random digits, shown once and kept as a hash; the code before works no more. To be changed at first use, and worth
    nothing at a viewing. Refused for an officer who is out of service.
    """
    code = _fresh(officer.number)
    hashed = make_password(code)
    with step("people.give_code", actor=actor) as record:
        require(allowed(actor, Act.GIVE_CODE))
        locked = Officer.objects.select_for_update().get(pk=officer.pk)
        require(_serves(locked, now))
        again = bool(locked.code_hash)
        _set(locked, hashed, now, given=True)
        _forget_screens(locked.number)  # whoever gave the code may have shown it anywhere
        record(events.CodeGiven(officer=str(locked.pseudonym), number=locked.number))
        _tell_of_code(locked, "kreeg een nieuwe code" if again else "kreeg voor het eerst een code", actor, now)
    return code


def _set(officer: Officer, hashed: str, now: datetime, *, given: bool) -> None:
    """Another code: whatever was confirmed of the one before says nothing of this one."""
    officer.code_hash, officer.code_is_first = hashed, given
    officer.code_set_at, officer.code_confirmed_at = now, None
    officer.save(update_fields=["code_hash", "code_is_first", "code_set_at", "code_confirmed_at"])


def _tell_of_code(officer: Officer, what: str, actor: Actor, now: datetime, *, own: str = "") -> None:
    """The officer and the data protection officer hear it at once. `own` is for the officer alone."""
    days = in_force().number("access.own-code", "days")
    by = f" Gedaan door: {actor.name}." if actor.name else ""
    text = f"Handhaver {officer.number} {what}, voor het scherm bij het dockingstation en voor inzagen.{by}{own}"
    tell_officer(officer, subject="Uw code bij het dockingstation", text=text, actor=actor, now=now)
    told = (
        f"Handhaver {officer.number} ({officer.name}) {what}.{by} Een code telt bij een inzage pas als de handhaver hem zelf"
        f" koos, en dan na {days} dagen of na een bevestiging uit de mail van de handhaver."
    )
    tell_dpo(subject="Er is iets gedaan met de code van een handhaver", text=told, actor=actor, now=now)


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
    refusal = Refused(wrong_code())
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
        require(is_same_code(same=locked.code_hash == known.code_hash))
        require(may_choose(new, number=locked.number, is_old=new == old))
        _set(locked, hashed, now, given=False)
        _forget_screens(locked.number)
        _know(hash_token(locked.number), sender, now)
        record(events.CodeChanged(officer=str(locked.pseudonym), number=locked.number))
        _tell_of_code(locked, "koos een eigen code", actor, now)
        if locked.email and knows_address(locked.email_set_at, protocol=in_force(), now=now).allowed:
            _mail_link(locked, actor, now)
    return locked


def _mail_link(officer: Officer, actor: Actor, now: datetime) -> None:
    """The other way: to the address that was known long before, and to no former one."""
    token = new_token()
    CodeLink.objects.create(officer=officer, token_hash=hash_token(token), made_at=now)
    address = settings.ADDRESS.rstrip("/") + reverse("people:confirm-code", args=[token])
    text = LINK.format(number=officer.number, days=in_force().number("access.own-code", "days"), address=address)
    queue_mail(to=officer.email, subject="Bevestig uw nieuwe code", text=text, actor=actor, now=now)


def usable(link: CodeLink) -> bool:
    """Is the link unused, and the code still the one that it was made for?"""
    return link.used_at is None and not link.officer.code_is_first and link.officer.code_set_at == link.made_at


def confirm_code(link: CodeLink, *, actor: Actor, now: datetime) -> None:
    """Whoever has the officer's mail says that the code is the officer's own: it counts from now on. Once, and only for the code
    that it was made for.
    """
    with step("people.confirm_code", actor=actor) as record:
        locked = CodeLink.objects.select_for_update(of=("self",)).select_related("officer").get(pk=link.pk)
        officer = Officer.objects.select_for_update().get(pk=locked.officer_id)
        require(may_confirm_by_link(usable=usable(locked)))
        require(_serves(officer, now))
        locked.used_at = officer.code_confirmed_at = now
        locked.save(update_fields=["used_at"])
        officer.save(update_fields=["code_confirmed_at"])
        record(events.CodeConfirmed(officer=str(officer.pseudonym), number=officer.number))
        _tell_of_code(officer, "bevestigde de eigen code met de link in de mail", actor, now)


def _fresh(number: str) -> str:
    while is_obvious(code := f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", number):
        continue
    return code


def _serves(officer: Officer, now: datetime) -> Verdict:
    return may_have_code(number=officer.number, gone=officer.until is not None and officer.until <= now)


def _count_try(number: str, sender: str, now: datetime) -> Try:
    """Count a try as wrong before it is looked at, so that a hundred at once are a hundred. Refused while it must wait."""
    this = Try(hash_token(number), now)
    with serialised():
        tries, strange = _tries(sender), _strange(this.number)
        is_known = _is_known(this.number, sender, now)
        wait = wait_before_next(tries, this.number, now, () if is_known else strange)
        if not wait:
            recent = [one for one in tries if now - one.at < REMEMBERED]
            _keep(sender, [*recent, this])
            if not is_known:
                _keep_strange(this.number, [*(at for at in strange if now - at < REMEMBERED), now])
    require(may_try(wait))
    return this


def _note_right(mark: str, sender: str, now: datetime) -> None:
    """Whoever knows the code did not guess: this try and those before it at this screen do not count. Tries for other numbers
    stay, so that nobody clears the way with an own code, and so do those that somebody made elsewhere.
    """
    with serialised():
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
