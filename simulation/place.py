"""An installation of its own in a folder that goes afterwards: the real program, its database without waiting for the disk."""

import os
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder made by tempfile lies below it


def base_of_folders() -> str | None:
    """Where to make the folder: in memory where there is some, since nothing of it must last."""
    return str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None


def begin(folder: Path) -> None:
    """Set up Django on this folder, migrate, and make what `set up` makes. Once per process."""
    register = (ROOT / "protocols" / "westerkwartier-1.toml").read_text(encoding="utf-8")
    own = folder / "protocol.toml"
    address = 'objection = ["Het college van burgemeester en wethouders", "Hooiweg 9, 9801 AJ Zuidhorn"]'
    own.write_text(register.replace("objection = []", address, 1), encoding="utf-8")
    for name in [one for one in os.environ if one.startswith(("BEELDKLUIS_", "DJANGO_"))]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="beeldkluis.web.settings",
        BEELDKLUIS_DATA=str(folder),
        BEELDKLUIS_SECRET_KEY="simulation",
        BEELDKLUIS_ADDRESS="http://localhost:8000",
        BEELDKLUIS_PROTOCOL=str(own),
    )
    import django  # noqa: PLC0415 - only after the settings of this process are known
    from django.conf import settings  # noqa: PLC0415 - the same

    options = settings.DATABASES["default"]["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - needs Django set up

    from beeldkluis.journal.signer import make_signing_key  # noqa: PLC0415 - needs Django set up

    for name in ("STORE_FOLDER", "KEY_FOLDER", "STAGING_FOLDER"):
        Path(getattr(settings, name)).mkdir(parents=True, exist_ok=True, mode=0o700)
    call_command("migrate", verbosity=0)
    make_signing_key()
    quiet()


def quiet() -> None:
    """The technical log tells of every job that is stopped on purpose; it is not what is read here."""
    import logging  # noqa: PLC0415 - only here

    logging.disable(logging.CRITICAL)
    with suppress(ImportError):
        import structlog  # noqa: PLC0415 - only here

        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
