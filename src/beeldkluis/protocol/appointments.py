"""What may become of an appointment to look, and of a room for it, beside the moments themselves (presence.may_appoint)."""

from beeldkluis.protocol.verdict import Verdict, refuse

RULE = "access.appointment"
GONE = "Er staat geen afspraak meer."
_FINE = Verdict(allowed=True, rule=RULE, reason="De afspraak kan.")


def may_make_another(*, stands: bool) -> Verdict:
    """May a case get an appointment? `stands`: it has one whose end is still to come."""
    return refuse(RULE, "Er is al een afspraak. Verzet die, of zeg haar af.") if stands else _FINE


def may_change(*, stands: bool) -> Verdict:
    """May it be chosen, moved or cancelled? Not what took place, and not what was cancelled."""
    return _FINE if stands else refuse(RULE, GONE)


def may_choose(*, fixed: bool, proposed: bool, room_in_use: bool) -> Verdict:
    """May the requester's choice be noted? `fixed`: a moment was chosen before; `proposed`: it is one of those offered."""
    if fixed:
        return refuse(RULE, "Er is al een moment gekozen. Moet het anders? Verzet dan de afspraak.")
    if not proposed:
        return refuse(RULE, "Kies een van de momenten die zijn voorgesteld.")
    if not room_in_use:
        return refuse(RULE, "De ruimte is niet meer in gebruik. Trek het voorstel in en maak een nieuw.")
    return _FINE


def may_move(*, fixed: bool, changes: bool) -> Verdict:
    """May it be moved? `fixed`: its moment stands; `changes`: to another moment or another room."""
    if not fixed:
        return refuse(RULE, "Er is nog geen moment gekozen, dus valt er niets te verzetten.")
    if not changes:
        return refuse(RULE, "Dit is al het moment en de ruimte van de afspraak. Kies iets anders.")
    return _FINE


def may_add_room(*, named: bool, name_is_free: bool) -> Verdict:
    """May this room be added? `named`: it has a name and an address."""
    if named and name_is_free:
        return Verdict(allowed=True, rule=RULE, reason="De ruimte kan worden gebruikt.")
    return refuse(RULE, "Geef de ruimte een eigen naam en een adres.")
