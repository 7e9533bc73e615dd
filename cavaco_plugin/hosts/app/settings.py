"""Settings of the app home. All of them come from the environment; there is no file to edit."""

import os
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
from django.core.exceptions import ImproperlyConfigured

from cavaco_plugin.schedule import SCHEDULE


def _required(name: str, remedy: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set it to {remedy}.")
    return value


def _switch(name: str) -> bool:
    value = os.environ.get(name, "").lower()
    if value not in {"", "0", "false", "no", "1", "true", "yes"}:
        raise ImproperlyConfigured(f"{name} is {value!r}. Set it to true or false.")
    return value in {"1", "true", "yes"}


def _listed(name: str, *, default: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def _address(name: str, value: str, example: str) -> str:
    try:
        parts = urlsplit(value)
        is_plain = parts.port != 0 and not parts.query and not parts.fragment
    except ValueError:
        is_plain = False
    if not is_plain or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ImproperlyConfigured(f"{name} holds {value!r}. Set it like {example}.")
    return value


def _server(name: str, value: str, parse: Callable[[str], Any], *, has: str, example: str) -> Any:
    """What `parse` makes of an address that may hold a password: so no error shows it."""
    try:
        found = parse(value)
        found[has]
    except (ValueError, KeyError):
        raise ImproperlyConfigured(f"{name} can not be read. Set it like {example}.") from None
    return found


DEBUG = _switch("DEBUG")
SECRET_KEY = _required(
    "SECRET_KEY", "a long random text, the same for every process of this installation"
)
# Former keys: what they signed or sealed stays readable.
SECRET_KEY_FALLBACKS = _listed("SECRET_KEY_FALLBACKS", default="")
ALLOWED_HOSTS = _listed("ALLOWED_HOSTS", default="localhost,127.0.0.1")

DATABASE_URL = _required("DATABASE_URL", "postgresql://user:password@host:5432/name")
DATABASES = {
    "default": _server(
        "DATABASE_URL",
        DATABASE_URL,
        partial(dj_database_url.parse, conn_max_age=60, conn_health_checks=True),
        has="ENGINE",
        example="postgresql://user:password@host:5432/name",
    )
}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured(
        "DATABASE_URL does not name a PostgreSQL database. Start it with postgresql://."
    )

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django_celery_beat",
    "cavaco_plugin",
    "cavaco_plugin.hosts.app.installation",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "cavaco_plugin.hosts.app.urls"
WSGI_APPLICATION = "cavaco_plugin.hosts.app.wsgi.application"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

# Where customers, providers and Saleor reach this installation; every link in a message begins with it.
PUBLIC_URL = _address(
    "CAVACO_PUBLIC_URL",
    os.environ.get("CAVACO_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/") + "/",
    "https://messaging.shop.example/",
)
# The Saleors that may install this app, by the address of their API; no other is ever called.
SALEOR_API_URLS = [
    _address("CAVACO_SALEOR_API_URLS", url, "https://shop.saleor.cloud/graphql/")
    for url in _listed("CAVACO_SALEOR_API_URLS", default="")
]
# How the shop introduces itself until it says so in its settings.
SHOP_NAME = os.environ.get("CAVACO_SHOP_NAME", "")
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "")

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"

# Behind a proxy that ends TLS: trusted only when said so, for anyone can send the header.
if _switch("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_EMAIL = _server(
    "EMAIL_URL",
    os.environ.get("EMAIL_URL", "smtp://localhost:25/"),
    dj_email_url.parse,
    has="EMAIL_BACKEND",
    example="smtp://user:password@smtp.example.com:587/?tls=True",
)
EMAIL_BACKEND = _EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = _EMAIL["EMAIL_HOST"]
EMAIL_PORT = _EMAIL["EMAIL_PORT"]
EMAIL_HOST_USER = _EMAIL["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _EMAIL["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _EMAIL["EMAIL_USE_TLS"]
EMAIL_USE_SSL = _EMAIL["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = 30

CELERY_BROKER_URL = os.environ.get("CAVACO_BROKER_URL") or "redis://127.0.0.1:6379/0"
if "://" not in CELERY_BROKER_URL:
    raise ImproperlyConfigured(
        "CAVACO_BROKER_URL is no address. Set it like redis://127.0.0.1:6379/0."
    )
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE = SCHEDULE
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_IGNORE_RESULT = True
# A task carries ids only and can be done twice; so it is taken off the queue after the work.
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
    raise ImproperlyConfigured(
        f"LOG_LEVEL is {LOG_LEVEL!r}. Set it to DEBUG, INFO, WARNING, ERROR or CRITICAL."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # It logs every refusal with a traceback; what is worth a line of the log gets one from us.
    "loggers": {"graphql.execution": {"level": "CRITICAL"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
