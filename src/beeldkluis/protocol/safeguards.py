"""Steps with which somebody inside could do harm: what each could do, who may take it, what holds it back, who is told.

Every step of the program is named here, in one of two tables, and a house test holds both against the source: a step that is
missing, asks for another act than its row says, or is to tell somebody and does not, fails. `docs/safeguards.md` prints it.
Sources: work-14, work-15; the attackers of `docs/threat-model.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from beeldkluis.protocol.access import Act


class Harm(StrEnum):
    """What a step could do in the wrong hands."""

    DESTROYS = "destroys"  # footage, its key or its words are gone
    BLOCKS = "blocks"  # somebody or something can do no more
    RESEALS = "reseals"  # footage opens with another key than before
    REDIRECTS = "redirects"  # what was meant for one reaches another; an account opens for another
    SILENCES = "silences"  # what somebody should see is not seen
    OPENS = "opens"  # footage, or a key to it, reaches somebody


class Brake(StrEnum):
    """What holds a step back, so that one person's word is not enough or does no harm at once."""

    SECOND_PERSON = "a second person"
    WAIT = "a waiting time, in which it can be stopped"
    LIMIT = "a limit on how many at once"
    PRESENCE = "those who must be there, and the other lock"
    FINAL = "the decision must be final"
    RULE = "a rule on facts that nobody enters alone"
    OTHERS = "not by the one whom it is about"
    UNDONE = "nothing is lost: it can be taken back"
    ONCE = "it works once, on an installation that is empty"


class Audience(StrEnum):
    """Who hears of it, at once and without asking."""

    DPO = "the data protection officer"
    SUBJECT = "whom it is about"
    EVERYBODY = "everybody with a part in it"
    REQUESTER = "the requester, by letter"
    PAGE = "whoever must act, on the start page or in a finding"
    JOURNAL = "the journal alone"


PROGRAM, DOCK, SELF = "the program", "a dock or camera system", "the person, about the own account or code"
CASES = "whoever the table of cases names"
SERVER = "whoever has a shell on the server"


@dataclass(frozen=True, slots=True)
class Safeguard:
    """One step that could harm. `by`: the act of the table of rights that it asks for, or who else takes it; `why`: what makes
    that enough, in a sentence.
    """

    harms: tuple[Harm, ...]
    by: Act | str
    brakes: tuple[Brake, ...]
    told: tuple[Audience, ...]
    why: str


def _row(harms: str, by: Act | str, brakes: str, told: str, why: str) -> Safeguard:
    """One line of the table; the words are names of Harm, Brake and Audience. KeyError for a word that is none."""
    return Safeguard(
        tuple(Harm[one] for one in harms.split()),
        by,
        tuple(Brake[one] for one in brakes.split()),
        tuple(Audience[one] for one in told.split()),
        why,
    )


SAFEGUARDS: Mapping[str, Safeguard] = {
    # Footage goes, or is held no longer
    "retention.destroy": _row("DESTROYS", PROGRAM, "RULE LIMIT", "PAGE",
        "the term is over and nothing holds it; announced before; many at once, or a clock that jumped, wait for two people"),
    "retention.confirm_brake": _row("DESTROYS", Act.CONFIRM_DESTRUCTION, "SECOND_PERSON", "PAGE",
        "two different people look at what a round would destroy, or at the clock"),
    "vault.begin_destruction": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "the retention round alone asks for it, and asks the rule twice"),
    "vault.shred": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "within retention.destroy, with the recording locked"),
    "vault.certify_destruction": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "the key is gone before the bytes"),
    "vault.remove_leftover": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "only what no row knows, and what was destroyed already"),
    "vault.destroy_again": _row("DESTROYS", PROGRAM, "RULE LIMIT", "PAGE",
        "only a key whose destruction stands on record; the data protection officer hears what came back"),
    "footage.mark_destroyed": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "within retention.destroy"),
    "footage.release_hold": _row("DESTROYS", CASES, "FINAL", "JOURNAL",
        "within a step of a case; the footage still has its own term"),
    "cases.decide": _row("DESTROYS", CASES, "FINAL", "REQUESTER",
        "a no ends nothing before six weeks after its letter left"),
    "cases.set_law": _row("BLOCKS", CASES, "UNDONE", "REQUESTER",
        "another law has a longer term; with the reason, told to the requester, and it can be put right"),
    "cases.close": _row("DESTROYS", CASES, "FINAL", "REQUESTER",
        "only when the decision is final, or the incident resolved, and with a letter"),
    "cases.reject_match": _row("DESTROYS", CASES, "FINAL", "JOURNAL",
        "takes effect when the decision is final, and can be taken back until then"),
    "cases.let_go": _row("DESTROYS", PROGRAM, "FINAL", "JOURNAL",
        "what does not belong to a case, once its decision is final"),
    "cases.withdraw": _row("DESTROYS", CASES, "WAIT", "REQUESTER",
        "a letter confirms it; the requester has two weeks to say no"),
    "cases.lapse": _row("DESTROYS", PROGRAM, "WAIT", "JOURNAL",
        "two weeks after the letter that confirms it left, which told the requester so"),
    "cases.lapse_unasked": _row("DESTROYS", PROGRAM, "WAIT", "JOURNAL",
        "a year after it was registered, when no demand came; told four weeks ahead; a demand holds by itself"),
    "cases.settle": _row("DESTROYS", CASES, "FINAL", "JOURNAL",
        "the data protection officer notes an outcome, the team manager closes; a closed case is closed again"),
    "footage.register": _row("DESTROYS OPENS", DOCK, "RULE", "DPO",
        "times a dock tells end no term later than receipt; who wore it stands only when issued before"),
    "footage.extend": _row("DESTROYS OPENS", DOCK, "RULE", "DPO",
        "only by the dock that delivered it, with moments that fit; whose it is does not pass on"),
    "footage.reassess": _row("DESTROYS", PROGRAM, "SECOND_PERSON", "PAGE",
        "a version that two people published"),
    "people.set_contact": _row("REDIRECTS", Act.SET_CONTACT, "UNDONE", "EVERYBODY",
        "a wrong address sends objections astray; the other roles hear at once which address changed, and put it right"),
    "governance.publish": _row("DESTROYS", Act.PUBLISH_PROTOCOL, "SECOND_PERSON", "PAGE",
        "another person than who proposed it, after seeing what it does to each recording"),
    "governance.take_effect": _row("DESTROYS", PROGRAM, "SECOND_PERSON", "PAGE",
        "on the day that two people chose"),
    "governance.choose_base": _row("DESTROYS", PROGRAM, "ONCE", "JOURNAL",
        "the file of an installation that is empty, with the set-up code or on the server itself"),
    "governance.adopt": _row("DESTROYS", PROGRAM, "ONCE", "JOURNAL",
        "the first version of an empty installation"),
    "journal.erase_details": _row("DESTROYS SILENCES", PROGRAM, "RULE LIMIT", "JOURNAL",
        "names beside a leaf, when their term is over; refused for every person; an entry says which, and the leaf stays"),
    "viewing.erase_case": _row("DESTROYS SILENCES", PROGRAM, "RULE LIMIT", "JOURNAL",
        "years after a case was closed, while nothing runs on it; a few a day; not when the clock jumped; mailed each month"),
    "cases.erase": _row("DESTROYS SILENCES", PROGRAM, "RULE LIMIT", "JOURNAL",
        "within viewing.erase_case; reference, dates, outcome and hashes stay"),
    "cases.erase_papers": _row("DESTROYS", PROGRAM, "RULE LIMIT", "JOURNAL",
        "months after a case was closed, while nothing runs on it; the hash stays"),
    "outbox.empty": _row("DESTROYS SILENCES", PROGRAM, "RULE LIMIT", "JOURNAL",
        "within viewing.erase_case; what still waited is years old"),
    "people.erase_reach": _row("DESTROYS", PROGRAM, "RULE LIMIT", "JOURNAL",
        "months after somebody left or an account was closed"),
    "people.erase_name": _row("DESTROYS SILENCES", PROGRAM, "RULE LIMIT", "JOURNAL",
        "years after somebody left; the pseudonym stays in every line"),
    "devices.erase_incident_words": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "after the years that the protocol names"),
    "footage.erase_observation_texts": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "words go with their footage"),
    "redaction.erase_draft": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "what people drew goes with its footage; the log of exceptions stays"),
    "intake.sweep_uploads": _row("DESTROYS", PROGRAM, "UNDONE", "JOURNAL",
        "half an upload that nobody continued; the camera still has the film"),
    # Keys
    "people.key_ceremony": _row("RESEALS", Act.HOLD_KEY_CEREMONY, "ONCE", "JOURNAL",
        "refused when there are keys"),
    "people.announce_handover": _row("RESEALS", Act.HAND_OVER, "SECOND_PERSON WAIT", "EVERYBODY",
        "by the team manager by right, with the second factor just now, or with the recovery sheet; changes nothing yet"),
    "people.agree_to_handover": _row("RESEALS", Act.SEE_HANDOVER, "SECOND_PERSON WAIT", "EVERYBODY",
        "neither who gives nor who receives; then the wait begins"),
    "people.stop_handover": _row("BLOCKS", Act.SEE_HANDOVER, "UNDONE", "EVERYBODY",
        "the old keys stay in force"),
    "people.begin_handover": _row("RESEALS", Act.HAND_OVER, "SECOND_PERSON WAIT LIMIT", "DPO",
        "after agreement and wait; the old key and headers stay in force until settled"),
    "people.give_headers_for_handover": _row("OPENS", Act.HAND_OVER, "SECOND_PERSON PRESENCE", "JOURNAL",
        "headers without film, to who has the key already"),
    "people.reseal": _row("RESEALS", Act.HAND_OVER, "LIMIT UNDONE", "JOURNAL",
        "beside the old header, which stays; the recovery stanza is the same byte for byte"),
    "people.report_unreadable": _row("BLOCKS", Act.HAND_OVER, "LIMIT UNDONE", "JOURNAL",
        "the old header stays; few may stay so"),
    "people.close_sealing": _row("RESEALS", Act.HAND_OVER, "UNDONE", "JOURNAL",
        "nothing is in force before it is settled"),
    "people.give_new_headers": _row("OPENS", SELF, "PRESENCE", "JOURNAL",
        "to the receiver, to try; without film"),
    "people.report_tried": _row("RESEALS", SELF, "RULE", "JOURNAL",
        "the receiver shows of each that it is the film's key"),
    "people.ask_for_axis_key": _row("OPENS", SELF, "RULE", "JOURNAL",
        "a question sealed to the key that cameras use"),
    "people.answer_for_axis_key": _row("RESEALS", SELF, "RULE UNDONE", "EVERYBODY",
        "a wrong key changes nothing and is told"),
    "people.settle_handover": _row("RESEALS REDIRECTS", SELF, "RULE SECOND_PERSON", "EVERYBODY",
        "every recording was tried with the new key"),
    "people.clear_after_handover": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "old shred keys, after the handover was settled"),
    "vault.set_headers_beside": _row("RESEALS", PROGRAM, "UNDONE", "JOURNAL",
        "within people.reseal; the recovery stanza must be the same"),
    "vault.drop_headers": _row("BLOCKS", PROGRAM, "UNDONE", "JOURNAL",
        "headers that were never in force"),
    "vault.put_headers_in_force": _row("RESEALS", PROGRAM, "RULE", "JOURNAL",
        "within people.settle_handover"),
    "vault.destroy_old_keys": _row("DESTROYS", PROGRAM, "RULE", "JOURNAL",
        "of headers that are not in force any more"),
    "people.record_copy": _row("OPENS", Act.APPOINT_DEPUTY, "PRESENCE", "DPO",
        "opens nothing by itself: headers go to who acts as team manager"),
    "people.show_recovery_sheet": _row("OPENS RESEALS", SELF, "SECOND_PERSON", "DPO",
        "the sheet is in a safe: somebody else fetched it"),
    # Footage opens
    "viewing.begin": _row("OPENS", CASES, "PRESENCE", "JOURNAL",
        "with the second factor just now; nothing opens yet"),
    "viewing.attend": _row("OPENS", SELF, "PRESENCE OTHERS", "DPO",
        "who somebody says to be there hears it, and the data protection officer"),
    "viewing.confirm_officer": _row("OPENS", SELF, "PRESENCE OTHERS", "SUBJECT",
        "with a code that the one who opens cannot make"),
    "viewing.stand_in": _row("OPENS", SELF, "SECOND_PERSON", "DPO",
        "a deputy who does not open, with a reason; the officer hears it too"),
    "viewing.open": _row("OPENS", CASES, "PRESENCE", "SUBJECT",
        "the gate: a case, a purpose, those who must be there; the team's key is the other lock"),
    "viewing.open_copy": _row("OPENS", CASES, "PRESENCE", "JOURNAL",
        "the header of a copy that waits to be checked, to who has its film open; the gate is asked again"),
    "viewing.give_headers": _row("OPENS", Act.REPORT_OPENABLE, "PRESENCE LIMIT", "JOURNAL",
        "headers of new recordings, once each, without film"),
    "viewing.ask_headers_again": _row("OPENS", Act.REPORT_OPENABLE, "LIMIT", "DPO",
        "with a reason, and told every time"),
    "viewing.tell_of_unanswered_check": _row("OPENS", Act.REPORT_OPENABLE, "LIMIT", "DPO",
        "gives nothing, and says who asked again"),
    "viewing.report_check": _row("SILENCES", SELF, "RULE", "PAGE",
        "counts only from who got the header; a no is a finding"),
    "viewing.report_played": _row("SILENCES", SELF, "RULE", "PAGE",
        "held beside what the server gave out; a difference is a finding"),
    "redaction.ask_analysis": _row("OPENS", Act.OPEN_RECORDING, "PRESENCE", "JOURNAL",
        "lends the key of one film that is open to one worker; what it finds is sealed with the recording"),
    "redaction.save_draft": _row("OPENS", Act.OPEN_RECORDING, "RULE UNDONE", "JOURNAL",
        "nobody sees what is freed before a copy of it was seen whole and approved; each change is in the log of exceptions"),
    "redaction.choose_use": _row("OPENS", Act.OPEN_RECORDING, "RULE", "JOURNAL",
        "before anybody checked; it only says how many people look, and gives nothing away by itself"),
    "redaction.ask_rendering": _row("OPENS", Act.OPEN_RECORDING, "PRESENCE", "JOURNAL",
        "lends the key of one film that is open to one worker; the copy has a key of its own and waits for approval"),
    "redaction.approve": _row("OPENS", Act.OPEN_RECORDING, "RULE PRESENCE SECOND_PERSON", "JOURNAL",
        "only what was seen and heard whole since the last change; a copy that goes out by another than who checked it"),
    "redaction.withdraw": _row("BLOCKS", Act.OPEN_RECORDING, "UNDONE", "JOURNAL",
        "the film stays, and a copy can be made again"),
    "viewing.ask_copy": _row("OPENS", CASES, "PRESENCE", "JOURNAL",
        "a file key lent to a worker that the vault's key vouches for"),
    "vault.grant_lease": _row("OPENS", PROGRAM, "RULE", "JOURNAL",
        "within viewing.ask_copy"),
    "vault.take_lease": _row("OPENS", PROGRAM, "RULE", "JOURNAL",
        "by the worker whose key it was sealed to, in time"),
    "jobs.report_impostors": _row("BLOCKS", PROGRAM, "RULE", "DPO",
        "rows of workers that nobody vouches for go"),
    "devices.issue": _row("OPENS", Act.ISSUE_BODYCAM, "OTHERS", "JOURNAL",
        "who wore a camera counts at a viewing only when it was entered before the recording"),
    "devices.hand_in": _row("OPENS", Act.ISSUE_BODYCAM, "OTHERS", "JOURNAL",
        "entered afterwards it excuses nobody"),
    "footage.find_wearers": _row("OPENS", PROGRAM, "OTHERS", "DPO",
        "who is named by what was entered afterwards counts at no viewing until the data protection officer asked around"),
    "devices.confirm_wearer": _row("OPENS", Act.CONFIRM_WEARER, "OTHERS", "JOURNAL",
        "by the data protection officer, who opens nothing"),
    "cases.identify": _row("OPENS", CASES, "PRESENCE", "JOURNAL",
        "at a viewing the requester hears that somebody was noted as there"),
    # Accounts and codes
    "people.ask_account_change": _row("REDIRECTS BLOCKS", Act.MANAGE_PEOPLE, "SECOND_PERSON WAIT", "EVERYBODY",
        "changes nothing yet where it concerns who may come at footage or watches"),
    "people.confirm_account_change": _row("REDIRECTS BLOCKS", Act.CONFIRM_ACCOUNT, "SECOND_PERSON", "EVERYBODY",
        "never about oneself, never who asked, never with an access that is new"),
    "people.confirm_account_change_with_sheet": _row("REDIRECTS BLOCKS", Act.MANAGE_PEOPLE, "SECOND_PERSON", "EVERYBODY",
        "the sheet is in a safe"),
    "people.object_to_account_change": _row("BLOCKS", SELF, "UNDONE", "EVERYBODY",
        "it can be asked again"),
    "people.carry_out_account_change": _row("REDIRECTS BLOCKS", PROGRAM, "SECOND_PERSON WAIT", "EVERYBODY",
        "the rule is asked again at that moment"),
    "people.lapse_account_change": _row("BLOCKS", PROGRAM, "UNDONE", "JOURNAL",
        "what waited too long is asked again"),
    "people.use_account_change": _row("REDIRECTS", SELF, "WAIT", "EVERYBODY",
        "the link of a change that was carried out"),
    "people.add_person": _row("REDIRECTS", Act.MANAGE_PEOPLE, "SECOND_PERSON WAIT", "EVERYBODY",
        "asks for a change of accounts"),
    "people.begin_deputation": _row("REDIRECTS", Act.APPOINT_DEPUTY, "LIMIT", "DPO",
        "by the team manager by right, for days and one at a time"),
    "people.begin_deputation_in_emergency": _row("REDIRECTS", PROGRAM, "SECOND_PERSON LIMIT", "EVERYBODY",
        "only as a change that a second person confirmed, for hours"),
    "people.end_deputation": _row("BLOCKS", Act.END_DEPUTATION, "UNDONE", "JOURNAL",
        "the team manager acts again"),
    "web.renew_access": _row("REDIRECTS", Act.MANAGE_PEOPLE, "SECOND_PERSON WAIT", "EVERYBODY",
        "asks for a change; password, sessions and second factors stay until the link is used"),
    "web.invite": _row("REDIRECTS", Act.MANAGE_PEOPLE, "SECOND_PERSON WAIT", "EVERYBODY",
        "asks for a change; the link opens nothing before"),
    "web.accept_invitation": _row("REDIRECTS", SELF, "WAIT", "EVERYBODY",
        "takes no second factor away but for a change that says so"),
    "web.make_link": _row("REDIRECTS", PROGRAM, "ONCE", "JOURNAL",
        "the code of the first set-up, and links of a demonstration"),
    "web.set_up": _row("REDIRECTS", SERVER, "ONCE", "JOURNAL",
        "refused when there are people"),
    "web.enter_demonstration": _row("REDIRECTS", SELF, "ONCE", "JOURNAL",
        "in a demonstration's folder only"),
    "web.change_password": _row("BLOCKS", SELF, "UNDONE", "JOURNAL",
        "with the old password; every other session of that person ends"),
    "web.refuse_passkey": _row("BLOCKS", PROGRAM, "RULE", "DPO",
        "a passkey that counts back may be a copy"),
    "people.give_code": _row("REDIRECTS", Act.GIVE_CODE, "OTHERS WAIT", "SUBJECT",
        "by who opens nothing; must be changed, and counts at a viewing after days"),
    "people.change_code": _row("REDIRECTS", SELF, "WAIT", "SUBJECT",
        "with the old code; counts at a viewing after days, or by a link to an address long known"),
    "people.confirm_code": _row("REDIRECTS", SELF, "WAIT", "SUBJECT",
        "a link for this code alone"),
    "people.set_address": _row("REDIRECTS", Act.SET_ADDRESS, "OTHERS WAIT", "SUBJECT",
        "by who opens nothing; the old address goes on hearing everything"),
    "people.add_officer": _row("OPENS", Act.MANAGE_OFFICERS, "OTHERS", "JOURNAL",
        "who adds officers gives no codes and no addresses"),
    "people.end_officer": _row("BLOCKS", Act.MANAGE_OFFICERS, "OTHERS", "JOURNAL",
        "at a viewing a deputy takes the place, which officer and data protection officer hear"),
    # Cameras, docks, letters
    "devices.block_bodycam": _row("BLOCKS", Act.MANAGE_BODYCAMS, "UNDONE", "PAGE",
        "what it delivers is kept, set apart, and a finding"),
    "devices.report_incident": _row("BLOCKS", Act.REPORT_LOSS, "UNDONE", "DPO",
        "everybody may report; a camera that is found is unblocked"),
    "devices.find_camera": _row("SILENCES", Act.MANAGE_BODYCAMS, "UNDONE", "JOURNAL",
        "the incident stays in the register"),
    "devices.decide": _row("SILENCES", Act.HANDLE_INCIDENT, "UNDONE", "JOURNAL",
        "with words; the incident stays in the register for years"),
    "devices.make_enrolment_code": _row("REDIRECTS", Act.ENROL_DOCK, "RULE", "PAGE",
        "a dock delivers and reads nothing; film for other keys is refused, or found at the daily check"),
    "devices.enrol_dock": _row("REDIRECTS", DOCK, "RULE", "PAGE",
        "with a code that works once"),
    "devices.retire_dock": _row("BLOCKS", Act.ENROL_DOCK, "UNDONE", "PAGE",
        "cameras stay full; one that stays away is a finding"),
    "intake.add_axis_system": _row("REDIRECTS", Act.ENROL_DOCK, "RULE", "PAGE",
        "delivers and reads nothing; sealed for the team's key in force"),
    "intake.retire_axis_system": _row("BLOCKS", Act.ENROL_DOCK, "UNDONE", "PAGE",
        "the system keeps its film"),
    "kiosk.make_screen": _row("REDIRECTS", Act.MANAGE_SCREENS, "RULE", "PAGE",
        "codes that are guessed count at all screens together, and are a finding"),
    "kiosk.retire_screen": _row("BLOCKS", Act.MANAGE_SCREENS, "UNDONE", "JOURNAL",
        "another is made"),
    "cases.complete": _row("REDIRECTS", CASES, "OTHERS", "JOURNAL",
        "who fills in an address does not decide"),
    "cases.by_email": _row("REDIRECTS", CASES, "OTHERS", "JOURNAL",
        "who notes it does not decide; without it letters go by post, and it can be taken back at any time"),
    "cases.send_letter": _row("REDIRECTS", CASES, "RULE", "JOURNAL",
        "once, kept as it left with its hash; a decision that is not sent stays on the start page"),
    "viewing.cancel_appointment": _row("BLOCKS", Act.DECIDE_CASE, "UNDONE", "REQUESTER",
        "another is made"),
    "viewing.retire_room": _row("BLOCKS", Act.MANAGE_ROOMS, "UNDONE", "JOURNAL",
        "another is set up"),
    # What somebody should see
    "findings.settle": _row("SILENCES", Act.SETTLE_FINDING, "OTHERS", "JOURNAL",
        "never a finding about the own work"),
    "outbox.withdraw": _row("SILENCES", Act.SEE_OUTGOING, "OTHERS", "JOURNAL",
        "not what the data protection officer, an officer or whom it is about must know"),
    "people.see_notice": _row("SILENCES", SELF, "OTHERS", "JOURNAL",
        "the receiver alone"),
    "findings.close": _row("SILENCES", PROGRAM, "RULE", "JOURNAL",
        "only when what the finding was about is no longer so, with a line that says why"),
    "footage.take_back": _row("SILENCES", Act.JUDGE_SET_APART, "OTHERS UNDONE", "DPO",
        "with a reason; not by a team manager whom a case about it is about; it can be set apart again"),
    "footage.set_apart": _row("SILENCES", Act.JUDGE_SET_APART, "OTHERS UNDONE", "DPO",
        "with a reason; it is held, opened and destroyed as before, and can be taken back"),
    "vault.take_up_places": _row("REDIRECTS", PROGRAM, "RULE", "JOURNAL",
        "only an empty place of an installation that keeps nothing, or one that holds a key or payload of ours"),
    "vault.replace_place": _row("REDIRECTS", SERVER, "RULE", "PAGE",
        "never a place of another installation, and with every key of the other place; the data protection officer hears it"),
    "vault.give_up_place": _row("SILENCES", SERVER, "RULE", "PAGE",
        "the standby alone, out of the settings; certificates name what it held; the data protection officer hears it"),
    "journal.begin_anchor": _row("SILENCES", PROGRAM, "RULE", "PAGE",
        "the newest checkpoint that fits; all three roles hear it"),
    "journal.accept_restored": _row("SILENCES", SERVER, "RULE", "PAGE",
        "refused when nothing is wrong; with a reason, and all three roles hear it"),
}  # fmt: skip

# Steps that add, keep, tell or close: in whosever hands, nothing is gone, opened, shut out, sent elsewhere or hidden by them.
HARMLESS = frozenset(
    """
    cases.add_document cases.appeal cases.ask cases.complain cases.consult cases.default cases.extend cases.forward
    cases.give cases.hear cases.hold_again cases.invite cases.link cases.look_again cases.make_letter cases.match
    cases.match_late cases.object cases.receive cases.refer cases.reopen cases.resume devices.add_bodycam
    devices.add_lessons devices.describe devices.note_docked devices.note_informed devices.note_notified
    devices.report_journal findings.raise footage.add_clip footage.note_enforcement_number footage.observe
    footage.place_hold footage.remind_observation footage.report_openable footage.review_hold governance.add_text
    governance.draft governance.propose governance.share_registers governance.withdraw intake.accept
    intake.axis_complete intake.axis_facts intake.axis_object intake.refuse intake.report_wiped jobs.claim jobs.finish
    jobs.give_up jobs.keep_part kiosk.begin_visit
    kiosk.open_screen outbox.claim outbox.hurry outbox.note_failed outbox.note_sent outbox.queue
    people.ask_for_recovery_sheet people.check_code people.make_signing_link people.remind people.review_rights
    people.sign people.sign_by_link people.signing_code_wrong people.tell people.tell_officer redaction.check
    disclosure.save_demand redaction.report_look retention.finish_brake
    retention.pull_brake vault.end_lease vault.look_at_certificates vault.note_place vault.withdraw_destruction
    viewing.add_room viewing.choose_moment viewing.close viewing.close_without_ground viewing.end
    viewing.leave viewing.let_go viewing.make_appointment viewing.mark viewing.move_appointment
    viewing.note_appointment_over viewing.remove_mark viewing.report viewing.report_broken viewing.tell_who_looked
    web.note_belonging web.open_page web.second_factor web.send_checkpoint web.sign_in web.sign_out web.tell_of_places
    """.split()  # noqa: SIM905 - a list of names reads best as words
)
