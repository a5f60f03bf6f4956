from enum import StrEnum

from beeldkluis.protocol.naming import own_words


class Role(StrEnum):
    """What somebody is in this system. One person has one role; officers need no account.

    A deputy has hardly any rights until a deputation begins: then the deputy acts as team manager and the team manager
    rests, so that at any moment one person can open footage.
    """

    TEAM_MANAGER = "team_manager"
    DEPUTY = "deputy"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"
    OFFICER = "officer"

    @property
    def dutch(self) -> str:
        """The role's name on screen, as this municipality calls it."""
        return own_words(_DUTCH[self])


_DUTCH = {
    Role.TEAM_MANAGER: "teammanager",
    Role.DEPUTY: "plaatsvervangend teammanager",
    Role.DPO: "functionaris gegevensbescherming",
    Role.ADMINISTRATOR: "beheerder",
    Role.OFFICER: "handhaver",
}
