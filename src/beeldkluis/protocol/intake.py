"""What may come in, and when a camera may be emptied (work-9, privacy-2, work-16)."""

from collections.abc import Set as AbstractSet

from beeldkluis.protocol.register import rule
from beeldkluis.protocol.verdict import Verdict

UNKNOWN_CAMERA = "De camera is niet bekend in het register."


@rule("intake.automatic", "storage.sealed")
def may_accept(*, dock_retired: bool, sealed_for: AbstractSet[str], current: AbstractSet[str]) -> Verdict:
    """May this sealed file be accepted? It must be sealed for exactly the team and recovery keys in use (age recipients),
    because the server cannot try them: a wrong key would only be found when somebody needs the footage.
    """
    if dock_retired:
        return Verdict(allowed=False, rule="intake.automatic", reason="Dit dockingstation is buiten gebruik gesteld.")
    if not current:
        return Verdict(allowed=False, rule="intake.automatic", reason="Er zijn nog geen sleutels. Maak ze eerst.")
    if sealed_for != current:
        reason = "Het dockingstation verzegelde voor andere sleutels dan die nu gelden."
        return Verdict(allowed=False, rule="intake.automatic", reason=reason)
    return Verdict(allowed=True, rule="intake.automatic", reason="Verzegeld voor de sleutels die nu gelden.")


@rule("camera.blocked")
def quarantine_reason(*, known: bool, blocked: bool, said_by_dock: str) -> str:
    """Why a file is set apart, as a Dutch sentence; empty when it is not. It is kept in any case."""
    if not known:
        return UNKNOWN_CAMERA
    if blocked:
        return "De camera is geblokkeerd."
    return said_by_dock


@rule("intake.wipe-after-receipt")
def may_wipe(*, receipt_verified: bool, own_hash: str, receipt_hash: str, still_same: bool) -> Verdict:
    """May this file be removed from the camera? Only when the vault's receipt verifies under the pinned key, is about this
    very file (SHA-256 of the file on the camera), and the file did not change since.
    """
    if not receipt_verified:
        return Verdict(allowed=False, rule="intake.wipe-after-receipt", reason="Er is geen geldig ontvangstbewijs.")
    if own_hash != receipt_hash:
        return Verdict(
            allowed=False, rule="intake.wipe-after-receipt", reason="Het ontvangstbewijs is van een ander bestand."
        )
    if not still_same:
        return Verdict(
            allowed=False, rule="intake.wipe-after-receipt", reason="Het bestand is na het uitlezen veranderd."
        )
    return Verdict(allowed=True, rule="intake.wipe-after-receipt", reason="De opname is veilig opgeslagen.")
