"""Ten thousand random changes, and each is named; whatever somebody forges besides is refused."""

import hashlib
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beeldkluis.bag import verify
from beeldkluis.bag.frame import WrongError
from beeldkluis.sealed import age
from beeldkluis.sealed.note import Signer
from tests.bag import made
from tests.bag.forged import BASE, files_of, lines, listed_anew, resealed, sealed, zipped

Files = dict[str, bytes]
OWN = ("tagmanifest-sha256.txt", "zegel.txt")  # no list has them


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A small package of four clips, two of the same bytes."""
    path = tmp_path_factory.mktemp("whole") / "p.zip"
    clips = [made.clip(f"000{number}.MP4", made.film(number % 3, 400 + number)) for number in range(3)]
    made.write(made.package(*clips, made.clip("copy/0000.MP4", made.film(0, 400))), path)
    return files_of(path)


def found_in(files: Files, path: Path) -> list[str]:
    """What the verifier says of these files as a ZIP."""
    path.write_bytes(zipped(files)[0])
    return verify.Check(verify.Zipped(path)).wrong


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def change(files: Files, dice: random.Random) -> tuple[Files, set[str]]:
    """The files with one change, and the sentences, or their beginnings, of which at least these must be said."""
    paths = list(files)
    one, other = dice.sample(paths, 2)
    kind = dice.choice(("flip", "add", "remove", "rename", "swap"))
    if kind == "flip":
        return {**files, one: flipped(files[one], dice.randrange(8 * len(files[one])))}, {one}
    if kind == "add":
        path = (
            dice.choice(("", "data/", "data/beelden/R-000012/", "papieren/", "map/"))
            + f"new-{dice.randrange(1000)}.txt"
        )
        data = dice.choice((b"", b"new", dice.randbytes(50)))
        return {**files, path: data}, {f"toegevoegd: {path}"}
    if kind == "remove":
        return {path: data for path, data in files.items() if path != one}, {f"ontbreekt: {one}"}
    if kind == "rename":
        path = dice.choice(("", "data/")) + f"renamed-{dice.randrange(1000)}.txt"
        told = (
            {f"ontbreekt: {one}", f"toegevoegd: {path}"} if one == "zegel.txt" else {f"hernoemd: {one} heet nu {path}"}
        )
        return {path if name == one else name: data for name, data in files.items()}, told
    swapped = {**files, one: files[other], other: files[one]}
    if files[one] == files[other]:
        return swapped, set()
    first, second = sorted((one, other))
    plain = not {one, other} & {*OWN, "bag-info.txt", "manifest-sha256.txt"}
    return swapped, {f"verwisseld: {first} en {second}"} if plain else {one, other}


def missed(wrong: list[str], told: set[str]) -> set[str]:
    """What had to be said and was not."""
    return {one for one in told if not any(one in each for each in wrong)}


@pytest.mark.slow
def test_of_nine_thousand_random_changes_each_is_named(whole: Files, tmp_path: Path) -> None:
    dice, path = random.Random(14), tmp_path / "p.zip"
    for number in range(9000):
        files, told = change(whole, dice)
        wrong = found_in(files, path)
        assert bool(wrong) == bool(told), (number, wrong, told)
        assert not missed(wrong, told), (number, wrong, told)
        cascade = ("zegel", "manifest-", "bag-info", "bagit", "tlog", "controlepunt")  # what others are held against
        assert len(wrong) <= 1 or any(own in one for one in wrong for own in cascade), (number, wrong)


@pytest.mark.slow
def test_of_a_thousand_flips_anywhere_in_the_zip_each_is_named(whole: Files, tmp_path: Path) -> None:
    (data, begins), path, dice = zipped(whole), tmp_path / "p.zip", random.Random(15)
    for _ in range(1000):
        bit = dice.randrange(8 * len(data))
        path.write_bytes(flipped(data, bit))
        hit = [name for begin, name in begins if begin <= bit // 8][-1]
        try:
            wrong = verify.Check(verify.Zipped(path)).wrong
        except WrongError as error:
            wrong = [str(error)]
        assert any((hit or "ZIP") in one for one in wrong), (bit, hit, wrong)


def test_changes_in_the_unpacked_folder_are_named_as_well(whole: Files, tmp_path: Path) -> None:
    dice = random.Random(16)
    for number in range(40):
        files, told = change(whole, dice)
        base = tmp_path / str(number) / BASE
        for name, data in files.items():
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            (base / name).write_bytes(data)
        in_folder, in_zip = verify.Check(verify.Folder(base)).wrong, found_in(files, tmp_path / "p.zip")
        assert sorted(in_folder) == sorted(one for one in in_zip if not one.startswith("de map in de ZIP heet"))
        assert bool(in_folder) == bool(told)


def test_two_changes_are_both_named(whole: Files, tmp_path: Path) -> None:
    files = {**whole, "data/beelden/R-000012/0001.MP4": b"other", "extra.txt": b""}
    del files["data/evidence.json"]
    assert sorted(found_in(files, tmp_path / "p.zip")) == [
        "ontbreekt: data/evidence.json",
        "toegevoegd: extra.txt",
        "veranderd: data/beelden/R-000012/0001.MP4",
    ]
    files = {**whole, "data/beelden/R-000012/0001.MP4": whole["data/evidence.json"]}
    assert found_in(files, tmp_path / "p.zip") == [
        "veranderd: data/beelden/R-000012/0001.MP4 heeft de inhoud van data/evidence.json"
    ]


def upper(files: Files) -> Files:
    head, rest = files["manifest-sha256.txt"][:64], files["manifest-sha256.txt"][64:]
    return sealed({**files, "manifest-sha256.txt": head.upper() + rest})


def turned(files: Files) -> Files:
    text = files["manifest-sha256.txt"].splitlines(keepends=True)
    return sealed({**files, "manifest-sha256.txt": b"".join(reversed(text))})


def twice(files: Files) -> Files:
    text = files["manifest-sha256.txt"].splitlines(keepends=True)
    return sealed({**files, "manifest-sha256.txt": b"".join([text[0], *text])})


def outside(files: Files) -> Files:
    return sealed({**files, "manifest-sha256.txt": lines({"data/../../x": b""}) + files["manifest-sha256.txt"]})


def without_end(files: Files) -> Files:
    return sealed({**files, "manifest-sha256.txt": files["manifest-sha256.txt"] + b"\n"})


def payload_in_tags(files: Files) -> Files:
    tags = lines({path: one for path, one in files.items() if not path.startswith(("papieren/", "tag", "zegel"))})
    return resealed({**files, "tagmanifest-sha256.txt": tags})


def wrong_proof(files: Files) -> Files:
    name = "data/logboek/3.tlog-proof"
    return listed_anew({**files, name: files[name].replace(b"index 3", b"index 4")})


def other_entry(files: Files) -> Files:
    name = "data/logboek/3.tlog-proof"
    return listed_anew({**files, name: files[name].replace(b"extra eyJhY", b"extra eyJhZ")})


def other_checkpoint(files: Files) -> Files:
    name = "data/logboek/controlepunt.txt"
    return listed_anew({**files, name: files[name].replace(b"\n13\n", b"\n14\n")})


def other_version(files: Files) -> Files:
    return listed_anew({**files, "bagit.txt": files["bagit.txt"].replace(b"1.0", b"0.97")})


def second_signature(files: Files) -> Files:
    text = files["zegel.txt"].decode()
    return {**files, "zegel.txt": (text + Signer.generate("other").sign("x\n").split("\n\n")[1]).encode()}


def covered(files: Files) -> Files:
    """Other film that the seal vouches for and no list."""
    film = "data/beelden/R-000012/0001.MP4"
    return resealed({**files, film: b"other film"}, also={film: hashlib.sha256(b"other film").hexdigest()})


def papers_in_tags(files: Files) -> Files:
    tags = lines({path: one for path, one in files.items() if not path.startswith(("data/", "tag", "zegel"))})
    return resealed({**files, "tagmanifest-sha256.txt": tags})


def sealed_text(line: str) -> Callable[[Files], Files]:
    return lambda files: {**files, "zegel.txt": made.SIGNER.sign(f"beeldkluis.nl/bag/v1\n{line}\n").encode()}


OTHER_JOURNAL = (*made.LEAVES[:-1], b'{"act":"other"}')  # another journal, signed with the same key
FORGED: list[tuple[Callable[[Files], Files], str]] = [
    (upper, "manifest-sha256.txt is geen lijst"),
    (turned, "manifest-sha256.txt is geen lijst"),
    (twice, "manifest-sha256.txt is geen lijst"),
    (outside, "manifest-sha256.txt is geen lijst"),
    (without_end, "manifest-sha256.txt is geen lijst"),
    (payload_in_tags, "tagmanifest-sha256.txt is geen lijst"),
    (wrong_proof, "data/logboek/3.tlog-proof: regel 4 staat niet"),
    (other_entry, "data/logboek/3.tlog-proof: regel 3 staat niet"),
    (other_checkpoint, "data/logboek/controlepunt.txt: de handtekening van westerkwartier.nl/bodycams klopt niet"),
    (
        lambda files: listed_anew({**files, "data/logboek/3.tlog-proof": files["data/logboek/12.tlog-proof"]}),
        "data/logboek/3.tlog-proof: dit is het bewijs van regel 12",
    ),
    (
        lambda files: listed_anew(
            {**files, "data/logboek/3.tlog-proof": made.journal(OTHER_JOURNAL, (3,)).proofs[0].data}
        ),
        "data/logboek/3.tlog-proof: het bewijs is van een ander controlepunt",
    ),
    (other_version, "bagit.txt is niet zoals BagIt 1.0 vraagt"),
    (second_signature, "zegel.txt geldt niet"),
    (covered, "zegel.txt geldt niet: het noemt een bestand dat in een lijst hoort"),
    (papers_in_tags, "tagmanifest-sha256.txt is geen lijst"),
    (lambda files: resealed(files, also={"papieren/brief.pdf": ["x"]}), "veranderd: papieren/brief.pdf"),
    (sealed_text("[" * 100_000), "zegel.txt geldt niet: de inhoud is niet te lezen"),
    (sealed_text("[1]"), "zegel.txt geldt niet: de inhoud is niet te lezen"),
    (sealed_text('{"papers": ["x"], "tagmanifest_sha256": "x"}'), "zegel.txt geldt niet: de inhoud is niet te lezen"),
    (lambda files: listed_anew(files, kind="beeldkluis.nl/receipt/v1"), "zegel.txt geldt niet: dit is een andere"),
    (
        lambda files: listed_anew(files, signer=Signer.generate("westerkwartier.nl/bodycams")),
        "zegel.txt geldt niet: de handtekening",
    ),
    (lambda files: listed_anew({**files, "data/CON.mp4": b""}), "data/CON.mp4: zo mag"),
    (lambda files: listed_anew({**files, "data/A.mp4": b"", "data/a.mp4": b""}), "data/A.mp4: zo mag"),
    (lambda files: listed_anew({**files, "data/a b .mp4 ": b""}), "data/a b .mp4 : zo mag"),
]


@pytest.mark.parametrize(("forge", "told"), FORGED)
def test_what_bagit_lets_pass_is_refused(
    whole: Files, tmp_path: Path, forge: Callable[[Files], Files], told: str
) -> None:
    assert found_in(listed_anew(whole), tmp_path / "p.zip") == [], "the forger's own hand makes what is right"
    wrong = found_in(forge(dict(whole)), tmp_path / "p.zip")
    assert any(told in one for one in wrong), wrong


def test_whoever_makes_the_package_anew_gets_other_words_and_another_key(whole: Files, tmp_path: Path) -> None:
    """Everything fits again but for the key in bag-info.txt, and so the words."""
    thief, path = Signer.generate(made.SIGNER.name), tmp_path / "p.zip"
    info = whole["bag-info.txt"].replace(
        f"Signing-Key: {made.SIGNER.vkey}".encode(), f"Signing-Key: {thief.vkey}".encode()
    )
    forged = listed_anew({**whole, "bag-info.txt": info, "data/evidence.json": b"{}"}, signer=thief)
    path.write_bytes(zipped(whole)[0])
    words = verify.report(verify.Check(verify.Zipped(path)))[1].partition(": ")[2]
    assert verify.main([str(path), "--sleutel", made.SIGNER.vkey, "--woorden", words]) == 0
    path.write_bytes(zipped(forged)[0])
    assert verify.main([str(path)]) == 0
    assert verify.main([str(path), "--sleutel", made.SIGNER.vkey]) == 1
    check = verify.Check(verify.Zipped(path))
    assert verify.report(check, words)[-1] == "- de acht woorden zijn niet die van dit pakket: het is een ander pakket"


ENDLESS: list[tuple[Callable[[Files], Files], str]] = [
    (
        lambda files: {**files, "manifest-sha256.txt": (b"a" * 64 + b"  ") * 200_000},
        "manifest-sha256.txt is geen lijst zoals die hoort te zijn",
    ),
    (
        lambda files: {
            **files,
            **{f"new/{number}": b"%d" % number for number in range(30_000)},
            "tagmanifest-sha256.txt": lines({f"x/{number}": b"old %d" % number for number in range(30_000)}),
        },
        "toegevoegd: new/29999",
    ),
]


@pytest.mark.slow
@pytest.mark.parametrize(("harm", "told"), ENDLESS)
def test_nothing_makes_the_verifier_search_for_ever(
    whole: Files, tmp_path: Path, harm: Callable[[Files], Files], told: str
) -> None:
    """Each took hours or days once; the minutes that a test may take tell the difference."""
    assert told in found_in(harm(dict(whole)), tmp_path / "p.zip")


def test_nothing_that_a_stranger_named_moves_the_screen(whole: Files, tmp_path: Path) -> None:
    """A key's name that goes up three lines would write other words over those that are compared."""
    stranger, path = Signer("x\x1b[3AAcht woorden: aap\r", bytes(range(32))), tmp_path / "p.zip"
    info = whole["bag-info.txt"].replace(made.SIGNER.vkey.encode(), stranger.vkey.encode(), 1)
    proof = {"data/logboek/\x1b[2J.tlog-proof": b""}
    for more, is_wrong in (({}, False), (proof, True)):
        path.write_bytes(zipped(listed_anew({**whole, **more, "bag-info.txt": info}, signer=stranger))[0])
        check = verify.Check(verify.Zipped(path))
        told = verify.report(check)
        assert all(line.isascii() and line.isprintable() for line in told), told
        assert bool(check.wrong) == is_wrong


def test_a_package_under_another_name_is_told_in_a_zip_and_called_by_its_own_in_a_folder(
    whole: Files, tmp_path: Path
) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(zipped(whole, "VS-2026-000099")[0])
    check = verify.Check(verify.Zipped(path))
    assert check.wrong == [f"de map in de ZIP heet VS-2026-000099 en het pakket {BASE}"]
    with zipfile.ZipFile(path) as opened:
        opened.extractall(tmp_path)
    check = verify.Check(verify.Folder(tmp_path / "VS-2026-000099"))
    assert (check.wrong, verify.report(check)[0]) == ([], f"Pakket: {BASE}")


@pytest.mark.parametrize("name", ["..", "CON", "", "a\x1b[2J"])
def test_a_package_that_would_unpack_elsewhere_is_refused(whole: Files, tmp_path: Path, name: str) -> None:
    path, info = tmp_path / "p.zip", whole["bag-info.txt"].replace(BASE.encode(), name.encode())
    path.write_bytes(zipped(listed_anew({**whole, "bag-info.txt": info}), name)[0])
    wrong = verify.Check(verify.Zipped(path)).wrong
    assert any(one.startswith("bag-info.txt noemt geen naam voor een pakket: ") for one in wrong), wrong
    assert all(one.isprintable() for one in wrong)


def test_a_file_that_is_cut_in_the_zip_is_named_once(whole: Files, tmp_path: Path) -> None:
    data, path = zipped(whole)[0], tmp_path / "p.zip"
    at = data.index(whole["bagit.txt"])
    path.write_bytes(data[:at] + b"X" + data[at + 1 :])
    wrong = verify.Check(verify.Zipped(path)).wrong
    assert len(wrong) == len(set(wrong)) > 1, wrong


def test_a_key_that_the_package_names_itself_is_called_so(whole: Files, tmp_path: Path) -> None:
    path, own = tmp_path / "p.zip", " (die sleutel noemt het pakket zelf)"
    path.write_bytes(zipped(whole)[0])
    signed = f"Ondertekend met: {made.SIGNER.vkey}"
    assert signed + own in verify.report(verify.Check(verify.Zipped(path)))
    assert signed in verify.report(verify.Check(verify.Zipped(path), made.SIGNER.vkey))


def repacked(files: Files, path: Path, compression: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, data in files.items():
            out.writestr(f"{BASE}/{name}", data)


def test_a_zip_of_another_shape_is_refused_and_its_folder_is_not(whole: Files, tmp_path: Path) -> None:
    path = tmp_path / "p.zip"
    repacked(whole, path)
    assert "de tabel aan het einde van de ZIP is niet zoals die is gemaakt" in verify.Check(verify.Zipped(path)).wrong
    with zipfile.ZipFile(path) as opened:
        opened.extractall(tmp_path)
    assert verify.Check(verify.Folder(tmp_path / BASE)).wrong == []
    repacked(whole, path, compression=zipfile.ZIP_DEFLATED)
    assert verify.main([str(path)]) == 1


def linked(data: bytes) -> bytes:
    """The first file of the table a link."""
    at = data.index(b"PK\1\2")
    return data[: at + 38] + struct.pack("<L", 0o120777 << 16) + data[at + 42 :]


ZIPS: list[tuple[str, Callable[[bytes], bytes], str]] = [
    ("bytes before", lambda data: b"#!/bin/sh\n" + data, "tabel"),
    ("bytes behind", lambda data: data + b"\0", "geen hele ZIP"),
    ("a remark", lambda data: data[:-2] + b"\1\0x", "geen hele ZIP"),
    ("cut", lambda data: data[:-1], "geen hele ZIP"),
    ("half", lambda data: data[: len(data) // 2], "geen hele ZIP"),
    ("nothing", lambda _data: b"", "geen hele ZIP"),
    ("a link", linked, "is een verwijzing"),
    ("far away", lambda data: data[:-6] + b"\xfe\xff\xff\xff\0\0", "ontbreekt"),
    (
        "a name of bytes that are no letters",
        lambda data: data.replace(f"{BASE}/bagit.txt".encode(), b"\xff" * 24),
        "hoort niet in deze ZIP",
    ),
    ("a name of 30,000 such bytes", lambda _data: zipped({"x": b""}, "\u00ff" * 15_000)[0], "hoort niet in deze ZIP"),
    ("a long table", lambda data: data[:-10] + b"\xfe\xff\xff\xff" + data[-6:], "te lang"),
]


@pytest.mark.parametrize(("name", "harm", "told"), ZIPS)
def test_a_hostile_zip_is_refused(
    whole: Files,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    harm: Callable[[bytes], bytes],
    told: str,
) -> None:
    path = tmp_path / "p.zip"
    path.write_bytes(harm(zipped(whole)[0]))
    assert verify.main([str(path)]) == 1
    assert told in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["../x", "/x", "data/../../x", "a\\b", "data//x", "data/./x", "C:/x", "data/\x1b[2J", "data/nul"]
)
def test_names_that_lead_elsewhere_are_refused_and_shown_harmless(whole: Files, tmp_path: Path, name: str) -> None:
    wrong = found_in(listed_anew({**whole, name: b""}), tmp_path / "p.zip")
    assert any("zo mag een bestand" in one for one in wrong), wrong
    assert all(one.isprintable() for one in wrong)


def test_the_same_name_twice_files_over_each_other_and_a_second_folder_are_refused(
    whole: Files, tmp_path: Path
) -> None:
    path, (data, _begins) = tmp_path / "p.zip", zipped(whole)
    two, _ = zipped({"a.txt": b"one", "b.txt": b"two"})
    path.write_bytes(two.replace(b"b.txt", b"a.txt"))
    assert any("staat er twee keer in" in one for one in verify.Check(verify.Zipped(path)).wrong)
    path.write_bytes(data.replace(f"{BASE}/bagit.txt".encode(), f"{BASE[:-1]}9/bagit.txt".encode()))
    assert any("hoort niet in deze ZIP" in one for one in verify.Check(verify.Zipped(path)).wrong)
    many = zipped({f"{number:04d}": b"x" * 300 for number in range(50)})[0]
    at = many.index(b"PK\1\2")
    line = (many.index(b"PK\1\2", at + 4)) - at
    size = len(many[at:]) - 22
    table = b"".join(
        many[at + n : at + n + 24] + struct.pack("<L", 9000) * 1 + many[at + n + 28 : at + n + line]
        for n in range(0, size, line)
    )
    path.write_bytes(many[:at] + table + many[-22:])
    with pytest.raises(WrongError, match="liggen over elkaar"):
        verify.Zipped(path)


def test_what_is_hidden_between_two_files_is_named(tmp_path: Path) -> None:
    """The table says where each file lies, so every other program reads on as if nothing were there."""
    (one, _), (two, _) = zipped({"a.txt": b"one"}), zipped({"a.txt": b"one", "b.txt": b"two"})
    at, path = one.index(b"PK\1\2"), tmp_path / "p.zip"
    table = two.index(b"PK\1\2")
    moved = two[table:].replace(
        struct.pack("<L", at) + f"{BASE}/b".encode(), struct.pack("<L", at + 6) + f"{BASE}/b".encode()
    )
    moved = moved[:-6] + struct.pack("<L", table + 6) + moved[-2:]
    path.write_bytes(two[:at] + b"hidden" + two[at:table] + moved)
    with zipfile.ZipFile(path) as opened:
        assert opened.testzip() is None
    wrong = verify.Zipped(path).wrong
    assert f"wat in de ZIP om {BASE}/b.txt staat, is niet zoals het is gemaakt" in wrong


@given(st.binary(max_size=400), st.integers(0, 1_000_000), st.integers(0, 400))
def test_no_bytes_break_the_verifier(
    tmp_path_factory: pytest.TempPathFactory, noise: bytes, at: int, length: int
) -> None:
    """Noise anywhere in a ZIP: it is told, never a crash."""
    path = tmp_path_factory.getbasetemp() / "noise.zip"
    data = zipped({"bagit.txt": b"x" * 40, "data/a": b"y" * 40})[0]
    place = at % len(data)
    path.write_bytes(data[:place] + noise + data[place + length :])
    assert verify.main([str(path)]) == 1


def test_a_link_and_a_pipe_in_the_folder_are_named(whole: Files, tmp_path: Path) -> None:
    base = tmp_path / BASE
    for name, data in whole.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_bytes(data)
    assert verify.Check(verify.Folder(base)).wrong == []
    (base / "data" / "folder").symlink_to(tmp_path)
    film = base / "data/beelden/R-000012/0001.MP4"
    film.rename(tmp_path / "film")
    film.symlink_to(tmp_path / "film")
    assert sorted(verify.Check(verify.Folder(base)).wrong) == [
        "data/beelden/R-000012/0001.MP4 is een verwijzing of iets anders, en geen bestand",
        "data/folder is een verwijzing of iets anders, en geen bestand",
        "ontbreekt: data/beelden/R-000012/0001.MP4",
    ]


def test_what_is_not_there_cannot_be_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(tmp_path / "nothing\u202e.zip")]) == 2
    told = capsys.readouterr().out
    assert told.startswith("NIET TE CONTROLEREN: ")
    assert told.endswith("nothing\\u202e.zip is er niet, of is niet te lezen.\n")
    (tmp_path / "Temp").mkdir()
    (tmp_path / "Temp/controleer.py").write_bytes(b"")
    assert verify.main([str(tmp_path / "Temp")]) == 1
    told = "NIET TE CONTROLEREN: in de map Temp ligt geen pakket. Pak eerst de hele ZIP uit.\n"
    assert capsys.readouterr().out == told
    (tmp_path / "p.zip.age").write_bytes(age.build_header(age.new_file_key(), [age.Identity.generate().recipient]))
    assert verify.main([str(tmp_path / "p.zip.age")]) == 1
    told = "NIET TE CONTROLEREN: dit bestand is nog verzegeld: open het eerst met age, met uw sleutel of de wachtzin.\n"
    assert capsys.readouterr().out == told


def test_a_folder_in_a_thousand_others_is_found(whole: Files, tmp_path: Path) -> None:
    (tmp_path / "bagit.txt").write_bytes(whole["bagit.txt"])
    folders = [Path(tmp_path, *"d" * depth) for depth in range(1, 1101)]
    for one in folders:
        one.mkdir()
    (folders[-1] / "new.txt").touch()
    try:
        wrong = verify.Check(verify.Folder(tmp_path)).wrong
    finally:  # what tidies up after tests gives up before that depth
        made.run(["rm", "-r", "d"], tmp_path)
    assert f"toegevoegd: {'d/' * 1100}new.txt" in wrong
