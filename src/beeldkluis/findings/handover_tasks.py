"""What a check of a handover found wrong becomes a finding: people stand below findings and raise none themselves."""

from datetime import datetime

from beeldkluis.findings import queries
from beeldkluis.findings.actions import raise_finding
from beeldkluis.journal.actor import Actor
from beeldkluis.journal.leaves import Leaf
from beeldkluis.people.handover_events import HandoverDoubted

ACTOR = Actor.system("findings")
RULE = "access.handover"
LOOKED_AT = 200  # entries; each minute brings a few at most
TEXT = (
    "Bij overdracht {handover} van de teamsleutel klopte {what} niet. Wat er was, geldt nog; er is niets verloren. "
    "Zoek uit hoe dit kan, en schrijf dat hier op."
)


def tell_of_doubts(now: datetime) -> None:
    """One open finding for each handover and each kind of thing that does not fit. Settled, it comes back only for what was
    found after that.
    """
    newest: dict[tuple[int, str], Leaf] = {}
    for doubt in queries.newest_of_act(HandoverDoubted.act, LOOKED_AT):
        newest.setdefault((doubt.facts["handover"], doubt.facts["what"]), doubt)
    for (handover, what), doubt in newest.items():
        key = f"{handover}:{what}"
        known = queries.newest(rule=RULE, key=key)
        if known is not None and (known.settled_at is None or known.settled_at >= doubt.time):
            continue
        text = TEXT.format(handover=handover, what=what)
        raise_finding(rule=RULE, key=key, text=text, recording=None, bodycam=None, actor=ACTOR, now=now)
