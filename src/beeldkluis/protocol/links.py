"""Links and codes that work once: who makes them, and which still work. How people and screens come in."""

from beeldkluis.protocol.verdict import Verdict, refuse

ONCE, SCREEN = "web.link-once", "web.screen-at-dock"


def may_make_link(*, by_program: bool, invitation: bool, demonstration: bool, in_demonstration: bool) -> Verdict:
    """May such a link be made here? Only by the program itself (`by_program`), never as an invitation, and one to a demonstration
    only in a demonstration.
    """
    fine = by_program and not invitation and (in_demonstration or not demonstration)
    reason = "Zo'n link maakt alleen het programma zelf, en in een echte installatie nooit zonder te vragen."
    return Verdict(allowed=fine, rule=ONCE, reason="Dit kan." if fine else reason)


def spent() -> Verdict:
    """A link or code that was used, is over, or was never made: nobody learns which."""
    reason = "Deze link of code is al gebruikt, verlopen of niet goed overgenomen. Vraag de beheerder om een nieuwe."
    return refuse(ONCE, reason)


def set_up_already() -> Verdict:
    """An installation is set up once."""
    return refuse("web.set-up-once", "Deze installatie is al ingericht. Log in om mensen toe te voegen.")


def may_make_screen(*, retired: bool) -> Verdict:
    """May a screen show the slots of this dock? Not of one out of use."""
    return Verdict(
        allowed=not retired, rule=SCREEN, reason="Dit dockingstation is buiten gebruik." if retired else "Dit kan."
    )


def unknown_screen() -> Verdict:
    """A link to a screen that is unknown, used or out of use."""
    return refuse(SCREEN, "Deze link werkt niet of niet meer.")


def may_open_screen(*, unused: bool) -> Verdict:
    """May the link open the screen, now that steps of others wait? The first of two browsers only."""
    return Verdict(allowed=unused, rule=SCREEN, reason="Dit kan." if unused else "Deze link is net al gebruikt.")
