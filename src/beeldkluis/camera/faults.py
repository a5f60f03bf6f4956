"""What a system says is wrong with a camera, for people."""

import errno

WORDS = {
    errno.EACCES: "geen toegang",
    errno.EPERM: "geen toegang",
    errno.EIO: "leesfout",
    errno.ENOTCONN: "de verbinding is verbroken",
    errno.ENODEV: "de verbinding is verbroken",
    errno.ELOOP: "het is een koppeling",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.EROFS: "alleen lezen",
    errno.ENOSPC: "de kaart is vol",
}


def in_words(error: OSError) -> str:
    """What the system says is wrong, in a few Dutch words."""
    return WORDS.get(error.errno or 0, f"fout {error.errno}" if error.errno else "geen gewoon bestand")
