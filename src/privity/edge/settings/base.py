"""Django's settings, read from the data directory and from nothing else.

`PRIVITY_DATA` names the data directory (`privity --data` sets it), `PRIVITY_DB` a PostgreSQL database (`--db`). An
instance without a secret key has not been made yet: Django then refuses to sign anything.
"""

import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF

from privity.edge.settings.databases import database_settings
from privity.edge.settings.places import DataDirectory
from privity.request.csv_lines import LARGEST_FILE

DATA = DataDirectory(Path(os.environ.get("PRIVITY_DATA", "privity-data")))

DEBUG = False
SECRET_KEY = DATA.secret_key()
ALLOWED_HOSTS = os.environ.get("PRIVITY_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "ninja",
    "privity.edge.store",
    "privity.edge.web",
]
MIDDLEWARE = [
    "privity.edge.web.evenly.AnswersLeaveEvenly",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "privity.edge.wiring.client_certificates.ClientCertificates",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "privity.edge.web.idleness.SessionsEnd",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "privity.edge.web.caching.NeverStored",
    "privity.edge.web.legible.Legible",
    "privity.edge.web.standing_still.StandingStill",
]
ROOT_URLCONF = "privity.edge.wiring.urls"
WSGI_APPLICATION = "privity.edge.wiring.wsgi.application"
AUTH_USER_MODEL = "store.Account"
AUTHENTICATION_BACKENDS = ["privity.edge.wiring.signing.ThrottledPasswords"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "queue"
LOGOUT_REDIRECT_URL = "situation"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent.parent / "web" / "pages"],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "privity.edge.web.drawing.environment"},
    },
]

DATABASES = {"default": database_settings(os.environ.get("PRIVITY_DB", ""), DATA.database)}
EPOCH_KEYS = DATA.epoch_keys
DATA_DIRECTORY = DATA.root
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Scrypt costs an attacker memory as well as time, and a sign-in a twentieth of a second.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A file that is sent in names people: it is read in memory, never laid down in a folder of temporary files. One larger
# than anybody may send is not taken in at all.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_FILE + 2**20
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "privity.edge.web.refusals.forgery"
# TLS ends in front of the gateway; over plain HTTP on this machine the cookies must still come back.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("PRIVITY_TLS", "") == "yes"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
# A custodian adds a language by a folder in its data directory (docs/how-to/translate-the-pages.md).
LOCALE_PATHS = [DATA.translations]
LANGUAGES = [("en-gb", "English"), *DATA.languages()]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
