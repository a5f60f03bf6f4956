"""A package is what the camera recorded, and anybody can check it: with ours, with another's program, with plain tools."""

import hashlib
import io
import json
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import bagit
import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beeldkluis.bag import names, verify
from beeldkluis.bag.frame import is_plain
from beeldkluis.bag.packing import pack
from beeldkluis.bag.verifier import source
from beeldkluis.bag.writing import BagError, Writing, seal_into
from beeldkluis.sealed import age
from tests.bag import made

HOSTILE = (
    "../../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "C:\\DCIM\\0001.MP4", "CON", "con.mp4", "LPT1.MP4", "nul", "",
    "nul .mp4", ".", "..", "...", " ", ".hidden", "-rf", "a\nb.mp4", "a\r\nb.mp4", "tab\t.mp4", "a\0b.mp4", "video\u202egpj.mp4",
    "naïef.mp4", "nai\u0308ef.mp4", "NAIEF.MP4", "x" * 400 + ".MP4", "0001.MP4", "0001.mp4", "0001.MP4 ", "0001.MP4.", "100%.mp4",
    "a:b.mp4", "a*?.mp4", '"q".mp4', "📹.mp4", "ملف.mp4", "\ud800.mp4", "data/../x.mp4",
)  # fmt: skip


def accepted(path: Path, folder: Path) -> list[str]:
    """Unpack the ZIP and hold it against `bagit` and ours; the names that lie in it."""
    assert verify.Check(verify.Zipped(path)).wrong == []
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
        opened.extractall(folder)
        there = opened.namelist()
    (base,) = folder.iterdir()
    assert verify.Check(verify.Folder(base)).wrong == []
    bagit.Bag(str(base)).validate()
    assert sorted(one.relative_to(folder).as_posix() for one in base.rglob("*") if one.is_file()) == sorted(there)
    return [one.partition("/")[2] for one in there]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(
                st.sampled_from(HOSTILE), st.text(max_size=12), st.from_regex(r"[0-9]{4}\.(MP4|mkv)", fullmatch=True)
            ),
            st.one_of(st.integers(0, 300), st.sampled_from((65_535, 65_536, 1_048_576, 1_048_577))),
        ),
        max_size=12,
    )
)
def test_ours_and_another_program_accept_every_package(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("package")
    clips = [made.clip(name, made.film(number, size)) for number, (name, size) in enumerate(files)]
    of = made.package(recordings=(made.recording(*clips), made.recording(*clips[:2], number="R-000013")))
    made.write(of, folder / "package.zip")
    there = accepted(folder / "package.zip", folder / "unpacked")
    placed = names.placed(of)
    assert [one for one in there if one.startswith("data/beelden/")] == [one.path for one in placed]
    for one in placed:
        lies = folder / "unpacked" / of.name / one.path
        assert hashlib.sha256(lies.read_bytes()).hexdigest() == one.clip.sha256
    shutil.rmtree(folder)


def test_the_camera_s_own_name_stays_where_it_can_and_is_stated_where_it_cannot(tmp_path: Path) -> None:
    for name in ("0001.MP4", "2026-11-18 10_30_00 (1).mkv", "20261118_103000_W110_B8A44F.mkv"):
        assert names.plain(name) == name
    clips = [made.clip(name, made.film(number, 20)) for number, name in enumerate(HOSTILE)]
    of = made.package(*clips)
    made.write(of, tmp_path / "p.zip")
    accepted(tmp_path / "p.zip", tmp_path / "out")
    paths = [one.path for one in names.placed(of)]
    assert all(is_plain(path) and path.startswith("data/beelden/R-000012/") for path in paths)
    assert len({path.lower() for path in paths}) == len(HOSTILE)
    told = json.loads((tmp_path / "out" / of.name / "data/evidence.json").read_text())["recordings"][0]["clips"]
    assert [one["path"] for one in told] == paths
    assert [one["is_renamed"] for one in told] == [
        not path.endswith(f"/{name}") for path, name in zip(paths, HOSTILE, strict=True)
    ]
    assert told[0]["camera_name"] == "../../../etc/passwd"
    assert paths[0].endswith("/passwd")
    assert paths[HOSTILE.index("con.mp4")].endswith("/_con.mp4")
    assert paths[HOSTILE.index("nul .mp4")].endswith("/_nul.mp4"), "Windows takes the space for nothing"


def test_on_a_machine_with_only_python_sha256sum_and_age_everything_verifies(tmp_path: Path) -> None:
    key = age.Identity.generate()
    of = made.package(made.clip(data=made.film(1, 5_000_000)), made.clip("0002.MP4", made.film(2, 1)))
    writing = Writing(of, made.around(of), made.SIGNER)
    with (tmp_path / "package.zip.age").open("wb") as out:
        written = seal_into(out, writing, key.recipient)
    assert written == (tmp_path / "package.zip.age").stat().st_size
    (tmp_path / "key.txt").write_text(str(key))
    opened = made.run(["age", "-d", "-i", "key.txt", "-o", "package.zip", "package.zip.age"], tmp_path)
    assert opened.returncode == 0, opened.stderr
    assert made.run([made.PYTHON, "-I", "-m", "zipfile", "-e", "package.zip", "."], tmp_path).returncode == 0
    folder = tmp_path / of.name
    for list_name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        summed = made.run(["sha256sum", "--strict", "--quiet", "-c", list_name], folder)
        assert (summed.returncode, summed.stdout, summed.stderr) == (0, "", "")
    (tmp_path / "elsewhere.py").write_bytes(source())
    for command, where in ((["controleer.py"], folder), (["elsewhere.py", "package.zip"], tmp_path)):
        told = made.run(
            [
                made.PYTHON,
                "-I",
                *command,
                "--sleutel",
                made.SIGNER.vkey,
                "--woorden",
                writing.fingerprint.words.upper(),
            ],
            where,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        assert "Alles klopt: 17 bestanden, 2 regels van het logboek." in told.stdout
        assert f"Acht woorden: {writing.fingerprint.words}\n" in told.stdout
        assert f"SHA-256: {writing.fingerprint.sha256}\n" in told.stdout
    assert hashlib.sha256((folder / "tagmanifest-sha256.txt").read_bytes()).hexdigest() == writing.fingerprint.sha256
    assert writing.fingerprint.words.encode() in (folder / "papieren/brief.pdf").read_bytes()


@pytest.mark.slow
def test_the_one_door_makes_all_that_goes_along(tmp_path: Path) -> None:
    out, of = io.BytesIO(), made.package()
    identity = age.Identity.generate()
    packed = pack(
        of,
        out,
        identity.recipient,
        signer=made.SIGNER,
        signed_by="teammanager",
        letter=lambda one: one.sha256.encode(),
        viewed_by=(),
    )
    assert packed.size == len(out.getvalue())
    assert packed.fingerprint.words in packed.paragraph
    (tmp_path / "p.zip").write_bytes(pyrage.decrypt(out.getvalue(), [pyrage.x25519.Identity.from_str(str(identity))]))
    there = accepted(tmp_path / "p.zip", tmp_path / "out")
    assert [one for one in there if not one.startswith("data/")] == [
        "bagit.txt", "bag-info.txt", "LEES-MIJ.txt", "bekijk.html", "controleer.py", "manifest-sha256.txt",
        "tagmanifest-sha256.txt", "papieren/brief.pdf", "papieren/verklaring.pdf", "zegel.txt",
    ]  # fmt: skip
    assert (tmp_path / "out" / of.name / "papieren/brief.pdf").read_text() == packed.fingerprint.sha256
    assert (tmp_path / "out" / of.name / "papieren/verklaring.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_a_package_under_a_passphrase_opens_with_another_program(tmp_path: Path) -> None:
    of, out = made.package(), io.BytesIO()
    seal_into(out, Writing(of, made.around(of), made.SIGNER), "koelmees-hooivork")
    (tmp_path / "p.zip").write_bytes(pyrage.passphrase.decrypt(out.getvalue(), "koelmees-hooivork"))
    accepted(tmp_path / "p.zip", tmp_path / "out")


@pytest.mark.parametrize("text", ["", "key", "KEY"])
def test_the_text_of_a_receiver_s_key_is_no_passphrase(text: str) -> None:
    key = str(age.Identity.generate().recipient)
    of, out = made.package(), io.BytesIO()
    passphrase = {"": "", "key": key, "KEY": key.upper()}[text]
    with pytest.raises(BagError, match="Dit is geen wachtzin"):
        seal_into(out, Writing(of, made.around(of), made.SIGNER), passphrase)
    assert out.getvalue() == b""


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (
            {"sha256": "0" * 64},
            r"0001.MP4 van opname R-000012 is niet wat bij het opslaan is vastgelegd: SHA-256 [0-9a-f]{64} in plaats van 0{64}.",
        ),
        ({"size": 2_999_999}, "niet zo lang als is vastgelegd: 2999999 bytes"),
        ({"size": 3_000_001}, "niet zo lang als is vastgelegd: 3000001 bytes"),
    ],
)
def test_film_that_is_not_what_was_taken_in_ends_the_package_and_nothing_verifies(
    tmp_path: Path, facts: dict[str, object], reason: str
) -> None:
    of = made.package(made.clip(data=made.film(1, 3_000_000), **facts))
    plain, key, out = tmp_path / "p.zip", age.Identity.generate(), io.BytesIO()
    with plain.open("wb") as file, pytest.raises(BagError, match=reason):
        file.writelines(Writing(of, made.around(of), made.SIGNER).pieces())
    assert verify.main([str(plain)]) == 1
    assert not zipfile.is_zipfile(plain)
    writing = Writing(of, made.around(of), made.SIGNER)
    with pytest.raises(BagError, match=reason):
        seal_into(out, writing, key.recipient)
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(out.getvalue(), [pyrage.x25519.Identity.from_str(str(key))])
    with pytest.raises(BagError, match="nog niet af"):
        _ = writing.fingerprint


def test_what_reading_a_clip_raises_goes_on_and_leaves_nothing_whole(tmp_path: Path) -> None:
    def torn() -> list[bytes]:
        raise OSError("the store is away")

    of = made.package(replace(made.clip(), pieces=torn))
    with (tmp_path / "p.zip").open("wb") as out, pytest.raises(OSError, match="the store is away"):
        out.writelines(Writing(of, made.around(of), made.SIGNER).pieces())
    assert verify.main([str(tmp_path / "p.zip")]) == 1


def test_a_package_that_grows_over_the_receiver_s_limit_is_refused(tmp_path: Path) -> None:
    of, key = made.package(made.clip(data=made.film(1, 4_000_000))), age.Identity.generate()
    out = io.BytesIO()
    whole = seal_into(out, Writing(of, made.around(of), made.SIGNER), key.recipient)
    assert seal_into(io.BytesIO(), Writing(of, made.around(of), made.SIGNER), key.recipient, largest=whole) == whole
    cut = io.BytesIO()
    with pytest.raises(BagError, match=f"groter dan de {whole - 1} bytes"):
        seal_into(cut, Writing(of, made.around(of), made.SIGNER), key.recipient, largest=whole - 1)
    assert len(cut.getvalue()) < whole


def test_a_package_is_called_what_a_folder_can_be_called() -> None:
    for name in ("VS/2026", "..", "VS-2026\n", ""):
        of = made.package(name=name)
        with pytest.raises(BagError, match="is geen naam voor een pakket"):
            Writing(of, made.around(of), made.SIGNER)


def test_the_same_facts_give_the_same_package(tmp_path: Path) -> None:
    of = made.package()
    first, second = (made.write(of, tmp_path / name) for name in ("a.zip", "b.zip"))
    assert first == second
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
