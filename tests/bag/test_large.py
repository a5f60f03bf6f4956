"""A ZIP with more than 32 bits can say, without the bytes: a hole in a file takes no room."""

import zipfile
from pathlib import Path

import pytest

from beeldkluis.bag.frame import FULL, WrongError, central, descriptor, ending, local_header
from beeldkluis.bag.opened import MOST_FILES, Zipped

Lengths = list[tuple[str, int]]


def hollow(path: Path, files: Lengths) -> None:
    """A ZIP of our shape, of files of zeros that are not written; their CRC is taken to be 7."""
    table = bytearray()
    with path.open("wb") as out:
        for name, size in files:
            begin = out.tell()
            out.write(local_header(name, size))
            out.seek(size, 1)
            out.write(descriptor(size, 7))
            table += central(name, size, 7, begin)
        place = out.tell()
        out.write(table + ending(len(files), len(table), place))


@pytest.mark.parametrize(
    "files",
    [
        [("p/small", 10), ("p/large", FULL), ("p/behind", 20), ("p/last", 0)],
        [("p/edge", FULL - 1), ("p/behind", 1)],
        [("p/large", 5 * 1024**3), ("p/larger", 21 * 1024**3), ("p/last", 1)],
        [(f"p/{number}", 0) for number in range(65_534)],
        [(f"p/{number}", 0) for number in range(65_535)],
        [(f"p/{number}", 0) for number in range(65_536)],
    ],
    ids=["at the edge", "before the edge", "twenty gigabytes", "65,534 files", "65,535 files", "65,536 files"],
)
def test_ours_and_another_program_read_it_alike(tmp_path: Path, files: Lengths) -> None:
    path = tmp_path / "large.zip"
    hollow(path, files)
    ours = Zipped(path)
    assert ours.wrong == []
    assert [(f"p/{name}", size) for name, (_at, size, _crc) in ours.entries.items()] == files
    with zipfile.ZipFile(path) as theirs:
        assert [(one.filename, one.file_size, one.CRC) for one in theirs.infolist()] == [(*one, 7) for one in files]
        for one in theirs.infolist()[-3:]:
            theirs.open(one).close()  # finds its own header where the table says
    last, size = files[-1]
    begin = ours.entries[last[2:]][0]
    with path.open("r+b") as harmed:
        harmed.seek(begin + size + 4)  # the CRC behind the last file
        harmed.write(b"\x08")
    assert Zipped(path).wrong == [f"wat in de ZIP om {last} staat, is niet zoals het is gemaakt"]


@pytest.mark.parametrize("name", ["p/{}", "p/same"])
def test_more_files_than_anybody_hands_over_are_refused(tmp_path: Path, name: str) -> None:
    hollow(tmp_path / "many.zip", [(name.format(number), 0) for number in range(MOST_FILES + 1)])
    with pytest.raises(WrongError, match="er staan meer dan 100000 bestanden in de ZIP"):
        Zipped(tmp_path / "many.zip")
