"""Letters that are burnt into a picture: capitals and digits of five by seven dots, drawn larger in a larger picture."""

import numpy as np
from numpy.typing import NDArray

DARK, LIGHT = 16, 235
WIDE, TALL, APART, AROUND = 5, 7, 1, 3  # dots of a letter, between two, and around the line
LINES = 240  # of a picture, for each dot that a letter's dot is high
# Five columns from left to right, two hexadecimal digits each; the lowest bit is the dot on top.
GLYPHS = {
    " ": "0000000000", "-": "0808080808", ".": "0060600000", "/": "2010080402", ":": "0036360000", "·": "0018180000",
    "0": "3E5149453E", "1": "00427F4000", "2": "4261514946", "3": "2141454B31", "4": "1814127F10", "5": "2745454539",
    "6": "3C4A494930", "7": "0171090503", "8": "3649494936", "9": "064949291E", "A": "7E1111117E", "B": "7F49494936",
    "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941", "F": "7F09090901", "G": "3E4149497A", "H": "7F0808087F",
    "I": "00417F4100", "J": "2040413F01", "K": "7F08142241", "L": "7F40404040", "M": "7F020C027F", "N": "7F0408107F",
    "O": "3E4141413E", "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946", "S": "4649494931", "T": "01017F0101",
    "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463", "Y": "0708700807", "Z": "6151494543",
}  # fmt: skip


def strip(text: str, width: int, height: int) -> NDArray[np.uint8]:
    """The light of an opaque line of text for a picture of even `width` and `height`, with an even size itself.

    It is drawn smaller where it does not fit, and what does not fit at the smallest is left out. What has no letter is a space.
    """
    dots = _dots(text)
    tall, wide = dots.shape
    scale = max(1, min(round(height / LINES), width // wide, height // tall))
    large = np.kron(dots, np.ones((scale, scale), np.uint8))[:height, :width]
    rows, columns = large.shape
    even = np.pad(large, ((0, rows % 2), (0, columns % 2)))[: height - height % 2, : width - width % 2]
    return np.where(even == 1, np.uint8(LIGHT), np.uint8(DARK))


def _dots(text: str) -> NDArray[np.uint8]:
    """1 for each dot of a letter, with room around the line."""
    step = WIDE + APART
    dots = np.zeros((TALL + 2 * AROUND, len(text) * step - APART + 2 * AROUND), np.uint8)
    for number, letter in enumerate(text.upper()):
        columns = bytes.fromhex(GLYPHS.get(letter, GLYPHS[" "]))
        left = AROUND + number * step
        for column, bits in enumerate(columns):
            for row in range(TALL):
                dots[AROUND + row, left + column] = bits >> row & 1
    return dots
