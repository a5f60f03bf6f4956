class SealError(Exception):
    """Something sealed does not open: wrong key, changed, cut, or not the format. Says what, never the content."""
