"""The program `beeldkluis`: Django's commands and our own."""

import gc
import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

NOT_OURS = (
    "changepassword",
    "createsuperuser",
)  # Django's: they give access without a step, an entry and a second person
DEMONSTRATION_FOLDER = Path(__file__).resolve().parents[3] / "data" / "demonstration"


def main() -> None:
    """Run one command, such as `beeldkluis doctor`.

    `beeldkluis demo` works on the demonstration's own folder without being told, and on nothing else. What is made is for the
    program's own user only, whatever the shell or the service that started it allows.
    """
    gc.disable()  # while everything is imported; `WebConfig.ready` ends that
    os.umask(0o077)
    if sys.argv[1:2] and sys.argv[1] in NOT_OURS:
        sys.exit("Dit kan hier niet. Gebruik de pagina Medewerkers, of `beeldkluis access restore`.")
    if sys.argv[1:2] == ["demo"]:
        os.environ.setdefault("BEELDKLUIS_DEMONSTRATION", "1")
        os.environ.setdefault("BEELDKLUIS_DATA", str(DEMONSTRATION_FOLDER))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beeldkluis.web.settings")
    try:
        execute_from_command_line(sys.argv)
    finally:
        gc.freeze()  # the end of the program would go through everything that was imported, four tenths of a second
