"""The real settings on a folder of their own, with an in-memory database and cheap password hashes."""

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="beeldkluis-tests-"))
os.environ["BEELDKLUIS_DATA"] = str(_folder)
os.environ.setdefault("BEELDKLUIS_SECRET_KEY", "only-for-tests")

from beeldkluis.web.settings import *  # noqa: E402, F403 - the environment must be set first

# A municipality that filled in its file: what the shipped one leaves open (`beeldkluis doctor` says what).
_filled = {
    "objection = []": 'objection = ["Commissie bezwaarschriften", "Postbus 1, 9800 AA Zuidhorn"]',
    "dpo = []": 'dpo = ["fg@westerkwartier.example"]',
    "selection_list = []": 'selection_list = ["Selectielijst van de demonstratie"]',
    "category = []": 'category = ["99.9"]',
}
_shipped = PROTOCOL_FILE.read_text(encoding="utf-8")  # noqa: F405
for _empty, _full in _filled.items():
    _shipped = _shipped.replace(_empty, _full, 1)
PROTOCOL_FILE = _folder / "westerkwartier-1.toml"
PROTOCOL_FILE.write_text(_shipped, encoding="utf-8")

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": ":memory:",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": "PRAGMA foreign_keys=ON;"},
    },
}
if url := os.environ.get("BEELDKLUIS_TEST_DATABASE"):
    DATABASES = {"default": env.db_url_config(url)}  # noqa: F405
STATIC_ROOT.mkdir()  # noqa: F405 - WhiteNoise warns about a folder that is not there
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# `client.force_login` shows no second factor; tests/web puts this one back and shows that it holds.
MIDDLEWARE = [one for one in MIDDLEWARE if not one.endswith("SecondFactorMiddleware")]  # noqa: F405
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
