"""A package is what the camera recorded, and everybody can check it: with ours, with another's program, with plain tools."""

from pathlib import Path

from beeldkluis.bag import verify
from tests.bag import made


def test_first(tmp_path: Path) -> None:
    of = made.package(made.clip(data=made.film(1, 3_000_000)))
    found = made.write(of, tmp_path / "p.zip")
    assert verify.main([str(tmp_path / "p.zip")]) == 0
    out = made.run(["/usr/bin/unzip", "-q", "p.zip"], tmp_path)
    print(out)
    assert verify.main([str(tmp_path / "VS-2026-000004")]) == 0
    done = made.run([made.PYTHON, "-I", "controleer.py"], tmp_path / "VS-2026-000004")
    print(done.stdout, done.stderr)
    assert found.words in done.stdout
