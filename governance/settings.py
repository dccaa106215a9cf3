"""Every setting of the platform in one file; the environment overrides, and nonsense in it stops the start."""

import datetime as dt
import os
import sys
from pathlib import Path

import pgtrigger
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from governance import embedded, tiles

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name, default):
    raw = os.environ.get(name, "")
    if raw == "":
        return default
    if raw.lower() in {"1", "true", "yes", "on"}:
        return True
    if raw.lower() in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}")


def env_int(name, default):
    raw = os.environ.get(name, "")
    if not (raw or str(default)).isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}")
    return int(raw or default)


def env_list(name):
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def env_secret(name):
    """A secret from NAME, or from the file that NAME_FILE points to (docker secrets)."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, "")


# --- which kind of run is this -------------------------------------------------
PROFILE = os.environ.get("GOV_PROFILE", "demo")  # names the embedded servers' folder
PRODUCTION = env_bool("GOV_PRODUCTION", False)
DEMO = env_bool("GOV_DEMO", not PRODUCTION)
DEBUG = env_bool("GOV_DEBUG", False)
TESTING = "pytest" in sys.modules

# demo mode only: load_town gives these users this password, start-up prints both, the sign-in page offers them
DEMO_USERS = [
    "worker", "village", "director", "mediator", "liaison", "town", "committee", "cadre", "justice", "lawyer",
    "admin", "security", "audit",
] if DEMO else []  # fmt: skip
DEMO_PASSWORD = (os.environ.get("GOV_DEMO_PASSWORD") or "gucheng-demo-2026") if DEMO else None

DEMO_KEY = "demo-key-never-for-production-" + "0" * 32
SECRET_KEY = env_secret("GOV_SECRET_KEY") or DEMO_KEY
# id:base64 pairs, newest first; the first seals, all of them open (see common/sealed.py)
SEALING_KEYS = env_secret("GOV_SEALING_KEYS") or "demo:" + "ZGVtb2RlbW9kZW1vZGVtb2RlbW9kZW1vZGVtb2RlbW8="
BLIND_INDEX_KEY = env_secret("GOV_BLIND_INDEX_KEY") or DEMO_KEY
ALLOWED_HOSTS = env_list("GOV_ALLOWED_HOSTS") or ([] if PRODUCTION else ["*"])

if PRODUCTION:
    problems = [
        (DEMO, "GOV_DEMO must be off"),
        (DEBUG, "GOV_DEBUG must be off"),
        (SECRET_KEY == DEMO_KEY or len(SECRET_KEY) < 50, "GOV_SECRET_KEY must be set (50 characters or more)"),
        (SEALING_KEYS.startswith("demo:"), "GOV_SEALING_KEYS must be set"),
        (BLIND_INDEX_KEY == DEMO_KEY, "GOV_BLIND_INDEX_KEY must be set"),
        (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS, "GOV_ALLOWED_HOSTS must name the hosts"),
        (not os.environ.get("DATABASE_URL"), "DATABASE_URL must be set"),
        (not os.environ.get("REDIS_URL"), "REDIS_URL must be set"),
    ]
    if any(bad for bad, _why in problems):
        raise ImproperlyConfigured("Production refuses to start: " + "; ".join(why for bad, why in problems if bad))

# --- apps, floor by floor (pyproject.toml holds the contract) --------------------
INSTALLED_APPS = [
    "governance.apps.GovernanceConfig",
    "ledgers",
    "screening",
    "disputes",
    "orders",
    "casework",
    "households",
    "grids.apps.GridsConfig",
    "accounts.apps.AccountsConfig",
    "workdays",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "rest_framework",
    "django_htmx",
    "leaflet",
    "pgtrigger",
    "pghistory",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "governance.language.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "accounts.sessions.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "governance.plain_text.PlainAddressMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "governance.urls"
WSGI_APPLICATION = "governance.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "governance.navigation.page",
            ],
            "libraries": {"page": "common.templatetags.page"},
        },
    },
]

# --- data ----------------------------------------------------------------------
DATABASE_URL = os.environ.get("DATABASE_URL") or embedded.database_url(PROFILE)
REDIS_URL = os.environ.get("REDIS_URL") or embedded.redis_url(PROFILE)
DATABASES = {"default": embedded.parse_database_url(DATABASE_URL) | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "common.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_IDLE = dt.timedelta(minutes=env_int("GOV_SESSION_IDLE_MINUTES", 15))
SESSION_AT_MOST = dt.timedelta(hours=env_int("GOV_SESSION_HOURS", 8))
SESSION_OWN_PHONE = dt.timedelta(days=env_int("GOV_SESSION_OWN_PHONE_DAYS", 30))
SESSION_COOKIE_AGE = int(SESSION_AT_MOST.total_seconds())
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- people ----------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.signin.NameOrMobileBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.LengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "accounts.passwords.KindsValidator"},
]
SECOND_FACTOR_ENFORCED = not DEMO  # for whom, says accounts.second_factor.needed_by
# guessed passwords (accounts/guesses.py says why these numbers)
TRUSTED_PROXIES = env_int("GOV_TRUSTED_PROXIES", 1 if PRODUCTION else 0)
AXES_HANDLER = "accounts.guesses.GuessCounter"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = dt.timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_USERNAME_CALLABLE = "accounts.guesses.key_of"
AXES_CLIENT_IP_CALLABLE = "accounts.guesses.address"
AXES_CLIENT_STR_CALLABLE = "accounts.guesses.told_in_logs"
AXES_LOCKOUT_CALLABLE = "accounts.guesses.answered"
AXES_DISABLE_ACCESS_LOG = True  # who signed in when is nobody's business
AXES_VERBOSE = AXES_ENABLE_ADMIN = False
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

# --- words, time -------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- static files ------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("GOV_STATIC_ROOT") or BASE_DIR / "staticfiles")
# assets/vendor/ is brought by `make run` and `make test` from the lockfile, never committed
STATICFILES_DIRS = [BASE_DIR / "static", BASE_DIR / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "governance.static_storage.ForgivingStaticFilesStorage"
    },
}

# --- safety ------------------------------------------------------------------------
TIANDITU_KEY = env_secret("GOV_TIANDITU_KEY")  # the town's own; without one no map of the ground and no outside request
OFFLINE_PAGES = env_bool("GOV_OFFLINE_PAGES", True)  # whether phones may keep entry pages; off also clears those kept
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = False  # the page's script sends it back as a header
CSRF_FAILURE_VIEW = "governance.pages.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", *tiles.sources(TIANDITU_KEY)],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env_bool("GOV_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31536000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

# --- API ---------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
}

# --- maps --------------------------------------------------------------------------
LEAFLET_CONFIG = {
    "TILES": tiles.layers(TIANDITU_KEY),
    "RESET_VIEW": False,
    "ATTRIBUTION_PREFIX": False,
    "NO_GLOBALS": True,
    "SCALE": "metric",
}

# --- work in the background: the database is the truth, Redis only a doorbell ---------
CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "governance.schedule:PulsingScheduler"  # in memory: what is owed is in the database

PGHISTORY_APPEND_ONLY = True
PGHISTORY_LEVEL = pgtrigger.Statement  # one entry in the history a row, one run of the trigger a statement
SILENCED_SYSTEM_CHECKS = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "common.unnumbered.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING" if TESTING else "INFO"},
}
