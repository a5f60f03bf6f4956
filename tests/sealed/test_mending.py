"""With the recovery sheet and the `age` program a film comes back of which a hostile handover spoilt the header."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.sealed.test_vectors import HEADER, PAYLOAD, SEALED

FILM = bytes.fromhex(SEALED["film"])
SPOILT = base64.b64decode(SEALED["anew"]["spoilt"])


def written(folder: Path, header: bytes, *identities: str) -> list[str]:
    (folder / "kop").write_bytes(header)
    (folder / "sheet").write_text("# herstelblad\n\n" + "\n".join(identities) + "\n")
    return [str(folder / "kop"), str(folder / "sheet")]


def mend(*words: str) -> "subprocess.CompletedProcess[bytes]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BEELDKLUIS", "DJANGO"))}
    command = [sys.executable, "-m", "beeldkluis.sealed.mending", *words]
    return subprocess.run(command, env=kept, capture_output=True, check=False)


def opened(header: bytes, identities: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(["age", "-d", "-i", identities], input=header + PAYLOAD, capture_output=True, check=False)


@pytest.mark.parametrize("before", [[], ["team_identity"]])
def test_what_age_refuses_it_opens_with_the_recovery_key_after_mending(tmp_path: Path, before: list[str]) -> None:
    words = written(tmp_path, SPOILT, *(SEALED[one] for one in [*before, "recovery_identity"]))
    assert opened(SPOILT, words[1]).returncode == 1, "age insists on the rest of the header"
    done = mend(*words)
    assert done.returncode == 0, done.stderr
    assert opened(done.stdout, words[1]).stdout == FILM


@pytest.mark.parametrize(
    ("header", "identities", "why"),
    [
        (SPOILT, ["team_identity"], "this is not the recovery key"),
        (PAYLOAD, ["recovery_identity"], "Dit gaat niet"),
        (HEADER, [], "there is no identity in the file"),
    ],
)
def test_what_cannot_be_mended_is_said_and_nothing_is_written(
    tmp_path: Path, header: bytes, identities: list[str], why: str
) -> None:
    done = mend(*written(tmp_path, header, *(SEALED[one] for one in identities)))
    assert (done.returncode, done.stdout) == (1, b"")
    assert why in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert SEALED["recovery_identity"] not in done.stderr.decode()


def test_a_key_that_was_mistyped_is_not_told_to_whoever_reads_the_screen(tmp_path: Path) -> None:
    key = SEALED["recovery_identity"]
    mistyped = key[:-1] + ("Q" if key[-1] != "Q" else "P")
    done = mend(*written(tmp_path, SPOILT, mistyped))
    assert done.returncode == 1
    assert mistyped not in done.stderr.decode()
