from enum import StrEnum


class Role(StrEnum):
    """What somebody is in this system. One person has one role; officers need no account."""

    TEAM_MANAGER = "team_manager"
    DPO = "dpo"
    ADMINISTRATOR = "administrator"
    OFFICER = "officer"

    @property
    def dutch(self) -> str:
        """The role's name on screen."""
        return _DUTCH[self]


_DUTCH = {
    Role.TEAM_MANAGER: "teammanager",
    Role.DPO: "functionaris gegevensbescherming",
    Role.ADMINISTRATOR: "beheerder",
    Role.OFFICER: "handhaver",
}
