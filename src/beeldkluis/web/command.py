"""The program `beeldkluis`: Django's commands and our own."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command, such as `beeldkluis doctor`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "beeldkluis.web.settings")
    execute_from_command_line(sys.argv)
