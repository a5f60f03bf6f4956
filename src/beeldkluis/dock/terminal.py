"""Lines for people, or one JSON object a line for programs."""

import json
import sys
from typing import Any


class Terminal:
    """Standard output."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self._open_line = False
        self._last = (-1, "")

    def say(self, what: str, **facts: Any) -> None:
        """One line."""
        if self._open_line:
            sys.stdout.write("\n")
            self._open_line = False
        sys.stdout.write((json.dumps({"text": what, **facts}) if self.as_json else what) + "\n")
        sys.stdout.flush()

    def progress(self, name: str, done: int, size: int) -> None:
        """How far one file is; a bar that stays on its line."""
        percent = 100 if size == 0 else done * 100 // size
        if (percent, name) == self._last:
            return
        self._last = (percent, name)
        if self.as_json:
            self.say(name, event="progress", percent=percent)
        elif sys.stdout.isatty() or percent == 100:
            sys.stdout.write(f"\r  {name}  {'█' * (percent // 4):<25} {percent:3d} %")
            sys.stdout.flush()
            self._open_line = True
