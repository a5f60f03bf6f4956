"""Everything of the library that decodes, loaded before a process gives up its files."""

import importlib
import pkgutil

import av


def load_everything() -> None:
    """Every part of PyAV, which looks for some of them only when it needs them: then no file can be read any more."""
    for part in pkgutil.walk_packages(av.__path__, "av."):
        if not part.name.endswith("__main__"):
            importlib.import_module(part.name)
