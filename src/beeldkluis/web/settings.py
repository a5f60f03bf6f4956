"""Settings of one installation, from the environment. A wrong value stops the start; numbers of the municipality are
not here but in the protocol file.
"""

import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONE, SELF

from beeldkluis.web import technical_log

env = environ.Env()
SOURCE_FOLDER = Path(__file__).resolve().parents[3]

DEMONSTRATION: bool = env.bool("BEELDKLUIS_DEMONSTRATION", default=False)
DEBUG = False
DATA_FOLDER = Path(env.str("BEELDKLUIS_DATA", default=str(SOURCE_FOLDER / "data")))
PROTOCOLS_FOLDER = DATA_FOLDER / "protocols"  # registers that were drafted, by their SHA-256
# Files that come with the program: which one holds when none was chosen, and which one says what the program does by itself.
SHIPPED = tomllib.loads((SOURCE_FOLDER / "protocols" / "shipped.toml").read_text(encoding="utf-8"))
FIRST_PROTOCOL_FILE = SOURCE_FOLDER / "protocols" / SHIPPED["first"]
DEFAULTS_FILE = SOURCE_FOLDER / "protocols" / SHIPPED["defaults"]
CHOSEN_PROTOCOL_FILE = DATA_FOLDER / "protocol.toml"  # what was chosen at set-up
PROTOCOL_NAMED = bool(env.str("BEELDKLUIS_PROTOCOL", default=""))
PROTOCOL_FILE = Path(env.str("BEELDKLUIS_PROTOCOL", default=str(FIRST_PROTOCOL_FILE)))
ADDRESS: str = env.str("BEELDKLUIS_ADDRESS", default="http://localhost:8000")  # what browsers and docks type
HTTPS = ADDRESS.startswith("https://")
JOURNAL_ORIGIN: str = env.str("BEELDKLUIS_JOURNAL_ORIGIN", default="beeldkluis.local/journal")

NO_SECRET = "not-set-up-yet"  # noqa: S105 - says that there is none; serve refuses to start with it
SECRET_FILE = DATA_FOLDER / "secrets" / "django-secret"
SECRET_KEY: str = env.str("BEELDKLUIS_SECRET_KEY", default="") or (
    SECRET_FILE.read_text().strip() if SECRET_FILE.exists() else NO_SECRET
)
SIGNING_KEY_FILE = Path(env.str("BEELDKLUIS_SIGNING_KEY", default=str(DATA_FOLDER / "secrets" / "vault-signing-key")))

# Where footage, keys and half-arrived uploads lie: three places, so that they can be three volumes.
STORE: str = env.str("BEELDKLUIS_STORE", default="local")  # "local" or "s3"
STORE_FOLDER = Path(env.str("BEELDKLUIS_STORE_FOLDER", default=str(DATA_FOLDER / "store")))
KEY_FOLDER = Path(env.str("BEELDKLUIS_KEY_FOLDER", default=str(DATA_FOLDER / "keys")))
KEY_STANDBY_FOLDER: str = env.str("BEELDKLUIS_KEY_STANDBY_FOLDER", default="")
STAGING_FOLDER = Path(env.str("BEELDKLUIS_STAGING_FOLDER", default=str(DATA_FOLDER / "staging")))
S3_ENDPOINT: str = env.str("BEELDKLUIS_S3_ENDPOINT", default="")
S3_BUCKET: str = env.str("BEELDKLUIS_S3_BUCKET", default="beeldkluis")
S3_ACCESS_KEY: str = env.str("BEELDKLUIS_S3_ACCESS_KEY", default="")
S3_SECRET_KEY: str = env.str("BEELDKLUIS_S3_SECRET_KEY", default="")

_sqlite: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": DATA_FOLDER / "beeldkluis.sqlite3",
    "CONN_MAX_AGE": None,  # each thread keeps its own: opening one takes longer than most questions do
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",  # the default gives "database is locked" under load
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;",
    },
}
_url: str = env.str("BEELDKLUIS_DATABASE", default="")
DATABASES: dict[str, dict[str, Any]] = {"default": env.db_url_config(_url) if _url else _sqlite}
SHARED = "postgresql" in str(DATABASES["default"]["ENGINE"])  # more than one machine may use it
if SHARED:
    # a connection for every thread of a web process (16 for each door): with fewer, uploads from many docks wait for each other
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 36}
    # Limits count on a connection of their own: a step that is refused rolls back, and its try has still been one. There are as
    # many: who waits for one may hold the lock of all steps.
    _options = dict(DATABASES["default"]["OPTIONS"])
    DATABASES["limits"] = {**DATABASES["default"], "OPTIONS": _options, "TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["beeldkluis.web.limits.Router"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "beeldkluis.journal",
    "beeldkluis.outbox",
    "beeldkluis.governance",
    "beeldkluis.vault",
    "beeldkluis.people",
    "beeldkluis.findings",
    "beeldkluis.devices",
    "beeldkluis.jobs",
    "beeldkluis.footage",
    "beeldkluis.intake",
    "beeldkluis.cases",
    "beeldkluis.retention",
    "beeldkluis.appointments",
    "beeldkluis.redaction",
    "beeldkluis.disclosure",
    "beeldkluis.viewing",
    "beeldkluis.kiosk",
    "beeldkluis.web",
]
JOB_KINDS = [  # what workers can do: see jobs/kinds.py
    "beeldkluis.viewing.copy_making.VIEWING_COPY",
    "beeldkluis.redaction.making.SEARCH",
    "beeldkluis.redaction.making.COPY",
]
SHIELDS = [
    "beeldkluis.disclosure.queries.secret_cases"
]  # whose lines most readers of the journal may not read: see journal/shield.py
MASKING_PROGRAMS = {  # what looks at pictures, and needs the extra `redaction`: see redaction/making.py
    "analyse": "beeldkluis.masking.confining.analyse_film",
    "render": "beeldkluis.masking.confining.render_film",
    "doubts": "beeldkluis.masking.doubts.doubts",
}
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "beeldkluis.web.middleware.DoorMiddleware",  # before anything reads an address, a search or a cookie
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "beeldkluis.web.strangers.StrangersSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "beeldkluis.web.middleware.OpeningMiddleware",  # before anything asks who is signed in
    "django.contrib.auth.middleware.LoginRequiredMiddleware",  # every page, unless it says otherwise
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "beeldkluis.web.middleware.SecondFactorMiddleware",
    "beeldkluis.web.middleware.JournalMiddleware",
    "beeldkluis.web.middleware.RefusalMiddleware",
    "beeldkluis.web.middleware.AwayMiddleware",
    "beeldkluis.web.middleware.PasskeyMiddleware",
]
ROOT_URLCONF = "beeldkluis.web.urls"
WSGI_APPLICATION = "beeldkluis.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],  # before the packages' own templates
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["beeldkluis.web.role_names.FromFolders", "beeldkluis.web.role_names.FromRooms"],
                )
            ],
            "builtins": ["beeldkluis.web.templatetags.own_words"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "beeldkluis.web.context.page",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["beeldkluis.web.sign_in.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "beeldkluis.web.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "beeldkluis.web.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "beeldkluis.web.sign_in_forms.SignInForm",
    "reauthenticate": "beeldkluis.web.sign_in_forms.PasswordAgainForm",
    "change_password": "beeldkluis.web.sign_in_forms.NewPasswordForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"  # the administrator knows whom he adds; the link is given in person
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_REMEMBER = False
# Failures count for a sender and an address together (sign_in.AccountAdapter): limits, but no lock a stranger can close.
# What one sender at the docks' door may have under way. A dock has a dozen slots and sends file after file; a camera system
# delivers a shift in pieces. Far above both, and far below what fills a disk or a table.
UPLOADS_UNFINISHED = 32  # uploads that a dock began and did not close
UPLOADS_A_MINUTE = 240  # that a dock begins
UPLOADS_SHARE = 75  # per cent of the room for arriving film that one dock may take
AXIS_CONTAINERS_UNFINISHED = 2_000  # recordings that a camera system began and did not complete
AXIS_WRITES_A_MINUTE = 1_200  # containers, users and devices that a camera system tells of
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/300s/key",
    "login": "60/m/ip",
    "public_request": "5/h/ip",
    "public_requests": "60/h/key",
    "here": "30/m/ip",
    "stranger_entries": "60/h/ip,600/h/key",  # in the journal, of what somebody tries who is not signed in
    "stranger_sessions": "30/m/ip,600/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("BEELDKLUIS_PROXIES", default=0)  # how many stand between browsers and us
MFA_ADAPTER = "beeldkluis.web.sign_in.MfaAdapter"
MFA_FORMS = {
    "authenticate": "beeldkluis.web.sign_in_forms.CodeForm",
    "reauthenticate": "beeldkluis.web.sign_in_forms.CodeAgainForm",
    "activate_totp": "beeldkluis.web.sign_in_forms.FirstCodeForm",
    "login_webauthn": "beeldkluis.web.sign_in_forms.SignInWithPasskeyForm",
    "authenticate_webauthn": "beeldkluis.web.sign_in_forms.PasskeyForm",
    "reauthenticate_webauthn": "beeldkluis.web.sign_in_forms.PasskeyAgainForm",
    "add_webauthn": "beeldkluis.web.sign_in_forms.NewPasskeyForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "/accounts/login/"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a code of the step before or after: phones are slow, and so are people (RFC 6238, 5.2)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # localhost only: browsers refuse passkeys elsewhere without https

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"  # what people see; everything stored is UTC
USE_TZ = True
USE_I18N = True  # Django's and allauth's own texts in Dutch

STATIC_URL = "/static/"
STATIC_ROOT = DATA_FOLDER / "static"
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
_limits: dict[str, Any] = {  # the rate limits count in it: shared by all processes, and by all machines on one database
    "BACKEND": "beeldkluis.web.limits.FileCache",
    "LOCATION": DATA_FOLDER / "cache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},
}
if SHARED:
    _limits |= {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "beeldkluis_limits"}
CACHES = {"default": _limits}
LOGGING = technical_log.configuration()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
CSRF_FAILURE_VIEW = "beeldkluis.web.errors.csrf_failed"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "beeldkluis.web.sessions"
SESSION_COOKIE_AGE = 10 * 3600  # seconds: one long working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# What a proxy of ours says of the line it speaks on. Without one anybody could say it, so then nobody is believed.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS and ALLAUTH_TRUSTED_PROXY_COUNT else None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
ALLOWED_HOSTS = env.list("BEELDKLUIS_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [ADDRESS]

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
LETTERS_FOLDER: str = env.str("BEELDKLUIS_LETTERS", default="")  # the municipality's own letters, file by file
MAIL_FROM: str = env.str("BEELDKLUIS_MAIL_FROM", default="")  # empty: letters wait, and the page says so
_mail = urlsplit(env.str("BEELDKLUIS_MAIL", default="smtp://localhost:25"))  # smtp+tls://name:password@host:587
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 10  # seconds

# The enforcement system (docs/spec/enforcement.md): hand, csv, zgw or webhook.
ENFORCEMENT: str = env.str("BEELDKLUIS_ENFORCEMENT", default="hand")
ZGW: dict[str, str] = {
    "base": env.str("BEELDKLUIS_ZGW", default="").rstrip("/"),
    "client_id": env.str("BEELDKLUIS_ZGW_CLIENT", default=""),
    "secret": env.str("BEELDKLUIS_ZGW_SECRET", default=""),
    "source_organisation": env.str("BEELDKLUIS_ZGW_RSIN", default=""),
    "responsible_organisation": env.str("BEELDKLUIS_ZGW_RESPONSIBLE_RSIN", default=""),
    "case_type": env.str("BEELDKLUIS_ZGW_CASE_TYPE", default=""),
    "property": env.str("BEELDKLUIS_ZGW_PROPERTY", default=""),
    "status_type": env.str("BEELDKLUIS_ZGW_STATUS_TYPE", default=""),
}
WEBHOOK_ADDRESS: str = env.str("BEELDKLUIS_WEBHOOK", default="")
WEBHOOK_SECRET: str = env.str("BEELDKLUIS_WEBHOOK_SECRET", default="")
WEBHOOK_SOURCE: str = env.str("BEELDKLUIS_WEBHOOK_SOURCE", default=ADDRESS)
