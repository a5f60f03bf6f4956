"""What is no export at all is named, and never a traceback."""

from pathlib import Path

import pytest

from beeldkluis.journal import verify
from beeldkluis.sealed.note import Signer


def test_a_checkpoint_that_is_no_text_is_not_true(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(verify.NotTrueError, match="controlepunt"):
        verify.verify(tmp_path, Signer.generate("proef").vkey)


@pytest.mark.parametrize("line", ["geen json", "{}", '{"n": 1, "salt": "zz", "payload": ""}', "[]"])
def test_details_that_cannot_be_read_are_not_true(tmp_path: Path, line: str) -> None:
    (tmp_path / "details.jsonl").write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(verify.NotTrueError, match="regel 1"):
        verify._read_details(tmp_path / "details.jsonl")
