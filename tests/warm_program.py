"""Has everything imported, takes what to run, a line each, and forks a process for each: see tests/warm.py."""

import gc
import json
import os
import runpy
import sys

from django.urls import get_resolver


def answer() -> None:
    """Until nothing more comes. Only the children go further than the imports."""
    answers = os.fdopen(os.dup(1), "w")
    for line in sys.stdin:
        out, err, *words = json.loads(line)
        if not (child := os.fork()):
            _become(out, err, words)
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def _become(out: str, err: str, words: list[str]) -> None:
    """In the child: be the program, with what it says in these files."""
    for number, place in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(place, os.O_RDWR | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    assert get_resolver().namespace_dict  # imports the pages
    gc.freeze()
    answer()
