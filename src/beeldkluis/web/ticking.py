"""What time brings: every minute, whatever is due or was left half done. Each job stands alone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from beeldkluis.appointments import tasks as appointments
from beeldkluis.cases.tasks import hold_before_destruction, hold_late_recordings, let_go, remind_of_cases
from beeldkluis.devices.incident_actions import erase_words
from beeldkluis.findings.actions import raise_finding
from beeldkluis.findings.handover_tasks import tell_of_doubts
from beeldkluis.footage.enforcement_actions import send_to_webhook, send_to_zgw
from beeldkluis.footage.tasks import find_joined, find_wearers, remind_of_observations
from beeldkluis.footage.term_actions import reassess
from beeldkluis.governance import queries as governance
from beeldkluis.governance.actions import adopt, share_registers, take_effect
from beeldkluis.governance.registers import base_path
from beeldkluis.intake import actions as intake
from beeldkluis.intake.axis_actions import register_abandoned
from beeldkluis.intake.limit_actions import drop_empty_containers
from beeldkluis.jobs.tasks import watch_workers
from beeldkluis.journal import clock
from beeldkluis.journal import queries as journal
from beeldkluis.journal.actions import make_checkpoint
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.anchor import NotSignedError
from beeldkluis.journal.examination import Fault
from beeldkluis.outbox import mail
from beeldkluis.outbox.tasks import send_due
from beeldkluis.people.account_actions import carry_out_due
from beeldkluis.people.deputation_actions import end_expired
from beeldkluis.people.handover_check_actions import clear_rest
from beeldkluis.people.handover_plan_actions import count_minute
from beeldkluis.people.tasks import remind_to_review, remind_to_sign
from beeldkluis.redaction.erasing_actions import erase_drafts_of_destroyed
from beeldkluis.retention.clock_actions import clock_is_believed
from beeldkluis.retention.tasks import round_
from beeldkluis.vault.actions import sweep
from beeldkluis.viewing.erasing_tasks import erase_what_is_over
from beeldkluis.viewing.tasks import close_what_is_over
from beeldkluis.web import journal_watch, key_places, looked_over
from beeldkluis.web.actions import clear_links, clear_sessions
from beeldkluis.web.belonging_actions import complete
from beeldkluis.web.queries import is_empty
from beeldkluis.web.strangers import tell_of_flood

CHECKPOINT_EVERY = timedelta(hours=1)
ACTOR = Actor.system("tick")
log = structlog.get_logger("beeldkluis.tick")


def protocol(now: datetime) -> list[str]:
    """Take over the version that applied before the program did, and complete and share the registers. Comes first of all."""
    if governance.current() is None and not is_empty():  # before anybody is there, set-up may still choose another file
        adopt(base_path().read_bytes(), takes_effect_at=now, actor=ACTOR, now=now)
    share_registers(actor=ACTOR)
    complete(actor=ACTOR, now=now)
    return []


def new_version(now: datetime) -> list[str]:
    """Let a published version apply from its day on; then ask anew when footage is due."""
    take_effect(actor=ACTOR, now=now)
    while reassess(governance.in_force(), actor=ACTOR):
        pass
    return []


def machine_clock(now: datetime) -> list[str]:
    """Hold the clock against the machine's own running time: when it jumped, nothing is destroyed until two people looked."""
    clock_is_believed(actor=Actor.system("retention"), now=now, uptime=clock.uptime())
    return []


def wearers(now: datetime) -> list[str]:
    """Let recordings find a camera or an officer that was entered after they came in; before requests ask whose they are."""
    find_wearers(now)
    return []


def requests(now: datetime) -> list[str]:
    """Hold what was docked after the request that waits for it; comes before anything is destroyed."""
    hold_late_recordings(now)
    return []


def letting_go(now: datetime) -> list[str]:
    """Let go what a case does not ask for any more: withdrawn requests, and what does not belong to one that is final."""
    let_go(now)
    return []


def places(now: datetime) -> list[str]:
    """Look whether the key folder, its standby and the store are what belongs there; comes before anything is destroyed."""
    return key_places.look(now)


def retention(now: datetime) -> list[str]:
    """Destroy what is due, and what people drew of films that are gone."""
    problems = round_(now, last_look=hold_before_destruction).problems
    erase_drafts_of_destroyed(actor=ACTOR)
    return problems


def unfinished(now: datetime) -> list[str]:
    """Finish what a stopped process left half done in the vault, and look at a part of what lies on the disks."""
    swept = sweep(actor=ACTOR, now=now, first=looked_over.look_at_next(now))
    key_places.tell_of_keys(swept.returned, swept.keyless, now)
    return list(swept.problems)


def uploads(now: datetime) -> list[str]:
    """Give up uploads that nobody has continued for long; the camera still has the file."""
    intake.sweep_uploads(actor=ACTOR, now=now)
    register_abandoned(actor=ACTOR, now=now)
    return []


def leftovers(now: datetime) -> list[str]:
    """Clear away what nobody needs any more: sessions and links that are over, recordings that never began. And tell when
    strangers tried more than the journal keeps.
    """
    clear_sessions(now - clock.demonstration_offset())  # sessions go by the machine's own clock
    clear_links(now)
    drop_empty_containers(now=now)
    tell_of_flood(now)
    return []


def openings(now: datetime) -> list[str]:
    """Close viewings and openings that expired or whose page sends no heartbeat, and appointments that are past."""
    close_what_is_over(now)
    appointments.close_what_is_over(now)
    watch_workers(now)
    return []


def observations(now: datetime) -> list[str]:
    """Remind of recordings that still want their observation, and name what was put together and does not belong together."""
    remind_of_observations(now)
    find_joined(now)
    return []


def personal_data(now: datetime) -> list[str]:
    """Erase personal data whose term expired: of cases, papers, people who left, names in old entries."""
    erase_what_is_over(now)
    return []


def incident_words(now: datetime) -> list[str]:
    """Erase the words of incidents whose years are over."""
    erase_words(now, actor=ACTOR)
    return []


def messages(now: datetime) -> list[str]:
    """Send what waits to leave the house."""
    senders = {"zgw": send_to_zgw, "webhook": send_to_webhook}
    return send_due(now, senders | ({"mail": mail.send} if mail.is_configured() else {}))


def deputations(now: datetime) -> list[str]:
    """End the deputation that expired."""
    end_expired(actor=ACTOR, now=now)
    return []


def accounts(now: datetime) -> list[str]:
    """Do what was asked for accounts and waited long enough."""
    carry_out_due(actor=ACTOR, now=now)
    return []


def handovers(now: datetime) -> list[str]:
    """Count a minute of the wait before a handover of the keys, tell what its check found wrong, and clear away old shred keys
    after one.
    """
    count_minute(now=now)
    tell_of_doubts(now)
    clear_rest(actor=ACTOR, now=now)
    return []


def reminders(now: datetime) -> list[str]:
    """Remind of signatures, reviews and decisions that are still to come."""
    remind_to_sign(now)
    remind_to_review(now)
    remind_of_cases(now)
    appointments.remind_of_appointments(now)
    return []


def look(now: datetime) -> list[str]:
    """Hold the journal against what was signed, every minute, and look through all of it every night."""
    journal_watch.look(now)
    return []


def checkpoint(now: datetime) -> list[str]:
    """Sign the journal's state when it grew and the last signature is an hour old; let it leave the house once a day."""
    newest = journal.newest_checkpoint()
    try:
        if newest is None or (newest.size < journal.size() and not _just_made(newest.made, now)):
            make_checkpoint(now=now)
        journal_watch.send_out(now)
    except NotSignedError as error:
        journal_watch.alarm([Fault(error.number, str(error))], now=now)
    return []


def _just_made(made: datetime, now: datetime) -> bool:
    """One from a time to come was signed by a clock that ran ahead then: it says nothing about the hours until there."""
    return timedelta(0) <= now - made < CHECKPOINT_EVERY


JOBS: dict[str, Callable[[datetime], list[str]]] = {
    "protocol": protocol,
    "ingang": new_version,
    "uitgiften": wearers,
    "verzoeken": requests,
    "loslaten": letting_go,
    "plaatsen": places,
    "bewaartermijn": retention,
    "afmaken": unfinished,
    "uploads": uploads,
    "opruimen": leftovers,
    "openingen": openings,
    "waarnemingen": observations,
    "vervanging": deputations,
    "accounts": accounts,
    "overdracht": handovers,
    "incidenten": incident_words,
    "persoonsgegevens": personal_data,
    "herinneringen": reminders,
    "logboek": look,
    "controlepunt": checkpoint,
    "berichten": messages,  # last: what the jobs before it queued goes along
}


# What these end, erase or let apply does not come back when the clock is put right: they wait until it is believed (I-49).
BY_A_TRUE_CLOCK = frozenset({"ingang", "loslaten", "accounts", "incidenten", "persoonsgegevens"})
HERE = {"klok": machine_clock} | JOBS  # on the machine whose clock it is; before any job goes by what that clock says


def tick(now: datetime, jobs: dict[str, Callable[[datetime], list[str]]] = JOBS) -> list[str]:
    """Do every job once; while the clock is not believed, not those whose work does not come back. Returns what went wrong, one
    sentence each; each also becomes a finding, once.
    """
    problems: list[tuple[str, str]] = []  # the key and the text of a finding
    believed: bool | None = None
    for name, job in jobs.items():
        if name in BY_A_TRUE_CLOCK and believed is None:
            believed, found = _believed(now)
            problems += found
        if believed or name not in BY_A_TRUE_CLOCK:
            problems += _try(name, job, now)
    for key, text in problems:
        raise_finding(rule="installation.tick", key=key, text=text, recording=None, bodycam=None, actor=ACTOR, now=now)
    return [text for _key, text in problems]


def _believed(now: datetime) -> tuple[bool, list[tuple[str, str]]]:
    """Is the clock believed, as the round that destroys asks it? Not when that cannot be answered; with what went wrong."""
    answers: list[bool] = []

    def ask(now: datetime) -> list[str]:
        answers.append(clock_is_believed(actor=Actor.system("retention"), now=now))
        return []

    problems = _try("klok", ask, now)
    return answers == [True], problems


def _try(name: str, job: Callable[[datetime], list[str]], now: datetime) -> list[tuple[str, str]]:
    """Run one job; whatever it raises, the others go on and somebody hears of it. What went wrong: key and text of a finding."""
    try:
        return [(f"{name}:{problem}", f"Achtergrondtaak {name}: {problem}") for problem in job(now)]
    except Exception as error:
        log.exception("job failed", job=name)
        kind = type(error).__name__
        text = f"Achtergrondtaak {name} is mislukt ({kind}). Kijk in het technische log van de server."
        return [(f"failed:{name}:{kind}", text)]
