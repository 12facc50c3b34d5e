"""Settings as `startproject` and the documentation of django-tenants give them.

PEER_TUNED=1 adds what its documentation recommends for speed (TENANT_LIMIT_SET_CALLS) and a lookup of domains that
is kept in the process. PEER_SERVICES says how many of the twelve services there are.
Connections stay open in any case: by Django's own default each request would open one.
"""

import os

from benchmarks.services import NAMES

TUNED = os.environ.get("PEER_TUNED") == "1"
SECRET_KEY = "a key for measurements only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.peer.urls"
SHARED_APPS = ("django_tenants", "benchmarks.peer.customers")
TENANT_APPS = (
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "benchmarks.peer.town",
    *NAMES[: int(os.environ.get("PEER_SERVICES", "12"))],
)
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS]
TENANT_MODEL = "customers.Client"
TENANT_DOMAIN_MODEL = "customers.Domain"
TENANT_LIMIT_SET_CALLS = TUNED
DATABASE_ROUTERS = ("django_tenants.routers.TenantSyncRouter",)
DATABASES = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        "NAME": "peer",
        "USER": os.environ.get("PEER_USER", "parvis"),
        "HOST": os.environ.get("PEER_HOST", ""),
        "CONN_MAX_AGE": None,
    }
}
MIDDLEWARE = [
    "benchmarks.peer.middleware.KeptTenants"
    if TUNED
    else "django_tenants.middleware.main.TenantMainMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("REDIS_URL", ""),
        "KEY_FUNCTION": "django_tenants.cache.make_key",
    }
}
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("hu", "Magyar"), ("es", "Español")]
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGGING_CONFIG = None
