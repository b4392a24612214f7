"""The one settings file. What differs between places comes from the environment; a wrong value stops the start."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from config.environment import (
    bucket,
    choice,
    database_from_url,
    database_url,
    flag,
    number,
    public_keys,
    secure_url,
    text,
    wechat_pay,
)
from weiyifang.core.keys import Keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(text("WEIYIFANG_VAR", str(BASE_DIR / "var"))).resolve()  # the only folder the program writes to

DEBUG = flag("WEIYIFANG_DEBUG", default=False)
DEMO = flag("WEIYIFANG_DEMO", default=False)  # shows the cast on the sign-in page; phone codes go to the console
SECRET_KEYS = Keys("WEIYIFANG_SECRET_KEY", VAR_DIR / "keys" / "secret_key")
SECRET_KEY, *SECRET_KEY_FALLBACKS = SECRET_KEYS  # the first signs, what the others signed is still taken
DATA_KEYS = Keys("WEIYIFANG_DATA_KEYS", VAR_DIR / "keys" / "data_keys")  # the first encrypts, all decrypt
ANCHORS = Path(text("WEIYIFANG_ANCHORS", "")).resolve() if text("WEIYIFANG_ANCHORS", "") else None  # heads, each night
ALLOWED_HOSTS = text("WEIYIFANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in text("WEIYIFANG_ORIGINS", "").split(",") if o]

INSTALLED_APPS = [
    "weiyifang.core",
    "weiyifang.communities",
    "weiyifang.people",
    "weiyifang.ledger",
    "weiyifang.capacity",
    "weiyifang.timetable",
    "weiyifang.notices",
    "weiyifang.files",
    "weiyifang.errands",
    "weiyifang.organizations",
    "weiyifang.sharing",
    "weiyifang.calendars",
    "weiyifang.activities",
    "weiyifang.fund",
    "weiyifang.news",
    "weiyifang.talents",
    "weiyifang.outreach",
    "weiyifang.volunteering",
    "weiyifang.stage",
    "weiyifang.banking",
    "weiyifang.wechat_pay",
    "weiyifang.grants",
    "weiyifang.reactions",
    "weiyifang.portal",
    "weiyifang.governance",
    "weiyifang.replay",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.forms",  # FORM_RENDERER finds its widgets there
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "template_partials.apps.SimpleAppConfig",
    "django_cotton.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "weiyifang.core.web.headers.BehindProxies",
    "weiyifang.core.web.shape.OneShape",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "weiyifang.core.web.headers.NoStore",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "weiyifang.people.middleware.TooOftenMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "weiyifang.core.web.headers.ContentSecurityPolicy",
    "weiyifang.communities.middleware.CommunityMiddleware",
    "weiyifang.core.look.care.ForWhom",
    "weiyifang.people.middleware.ActorMiddleware",
    "weiyifang.core.web.shape.OneShape",  # once more, where the community's surroundings are known
    "weiyifang.core.web.door.LookedInto",
    "weiyifang.core.web.once.OnceMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            # cotton and template-partials both patch the loaders when asked to; written out once, they agree
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "weiyifang.core.templatetags.weiyifang",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "weiyifang.core.web.pages.chrome",
            ],
        },
    }
]

DATABASE_URL = database_url(VAR_DIR)
DATABASES = {"default": database_from_url(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "weiyifang_cache",
        "KEY_FUNCTION": "weiyifang.core.tenancy.cache_key",  # every key carries the community: nothing leaks across
        # Nothing is thrown away before its time: used codes lie here, and could be used again. Django would, from 300
        # on; what is over goes each night (`people.tasks.forget_sessions`).
        "OPTIONS": {"MAX_ENTRIES": 10**9},
    }
}

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["weiyifang.people.authentication.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "weiyifang.people.allauth_adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "signup": "weiyifang.people.sign_up.SignUpForm",
    "confirm_login_code": "weiyifang.people.codes.LoginCodeForm",
    "verify_phone": "weiyifang.people.codes.PhoneCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"phone", "username"}
ACCOUNT_SIGNUP_FIELDS = [
    "phone*",
    "password1",
]  # without password1 the sign-in form loses its password field
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 180  # seconds; look.md: codes live at most 3 minutes, and can be asked for again
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = ACCOUNT_PHONE_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PHONE_VERIFICATION_ENABLED = True
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = ACCOUNT_LOGIN_BY_CODE_FORMAT
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
MFA_ADAPTER = "weiyifang.people.allauth_adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
STAFF_TOTP = flag("WEIYIFANG_STAFF_TOTP", default=not DEMO)  # a second factor before the workbench opens
STAFF_SESSION_LASTS = timedelta(hours=10)  # whoever may open a workbench signs in each working day
STAFF_SESSION_IDLE = timedelta(hours=2)  # and after a long break; residents stay signed in (SESSION_COOKIE_AGE)
PROOF_IS_FRESH = timedelta(minutes=15)  # since the second factor was shown: money and people's numbers ask again
DEMO_PASSWORD = text("WEIYIFANG_DEMO_PASSWORD", "weiyifang-demo")
SESSION_ENGINE = "weiyifang.people.authentication"
SMS_PER_DAY = number("WEIYIFANG_SMS_PER_DAY", default=1_000, digits=7)  # what codes may cost; more are not sent
SMS_SENDER = text("WEIYIFANG_SMS", "weiyifang.people.sms.ConsoleSender")
SMS_KEY_ID, SMS_KEY_SECRET = text("WEIYIFANG_SMS_KEY_ID", ""), text("WEIYIFANG_SMS_KEY_SECRET", "")  # see `gateways`
SMS_SIGN = text("WEIYIFANG_SMS_SIGN", "")  # the approved signature (签名)
SMS_TEMPLATES = {
    "code": text("WEIYIFANG_SMS_TEMPLATE_CODE", ""),
    "notice": text("WEIYIFANG_SMS_TEMPLATE_NOTICE", ""),
}
SMS_LONGEST = number("WEIYIFANG_SMS_LONGEST", default=35, digits=3)  # letters a variable of a template may have
SMS_APP, SMS_REGION = text("WEIYIFANG_SMS_APP", ""), text("WEIYIFANG_SMS_REGION", "ap-guangzhou")  # Tencent's
SMS_URL = text("WEIYIFANG_SMS_URL", "")  # another address of the gateway
WECHAT_PAY = wechat_pay("WEIYIFANG_WECHAT_PAY", demo=DEMO)  # "", "merchant", or in the demo "double"
WECHAT_PAY_ACCOUNT = {
    name: text(f"WEIYIFANG_WECHAT_PAY_{name}", "")
    for name in ("MERCHANT", "APP", "SERIAL", "KEY", "V3_KEY", "PLATFORM")
}  # see `wechat_pay.merchant`; KEY and PLATFORM name files
WECHAT_PAY_URL = secure_url("WEIYIFANG_WECHAT_PAY_URL", "https://api.mch.weixin.qq.com", demo=DEMO)
WECHAT_PAY_NOTIFY = text("WEIYIFANG_WECHAT_PAY_NOTIFY", "https://double.invalid/wechat-pay/notifications/")
WECHAT_PAY_DOUBLE = VAR_DIR / "wechat-pay-double"  # what the double keeps

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"  # absolute on purpose: a relative one would be prefixed with /c/<slug>/
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # whitenoise looks into it even when everything comes from the finders
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0 if DEBUG else 365 * 24 * 3600  # seconds; the addresses carry a mark of the contents
STORAGES = {
    "default": bucket("WEIYIFANG_S3") or {"BACKEND": "weiyifang.core.stores.WholeFiles"},
    "staticfiles": {"BACKEND": "weiyifang.core.web.static_files.MarkedFiles"},
}
MEDIA_ROOT = VAR_DIR / "files"  # what people brought; it has no address of its own: see `weiyifang.files`
FILES_MOST = number("WEIYIFANG_FILES_MB", default=10) * 1024 * 1024  # bytes of one picture, PDF or table
FILES_PIXELS = number("WEIYIFANG_FILES_MEGAPIXELS", default=60, digits=3) * 1_000_000  # of one picture
AT_ONCE = number("WEIYIFANG_AT_ONCE", default=2_000, digits=6)  # rows; longer lists are handed over (`errands`)
# how much may come at all is decided in front of Django (core.web.bodies)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # of a form, without its files
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

HTTPS = flag("WEIYIFANG_HTTPS", default=False)  # set behind TLS: cookies and HSTS follow
PROXIES = number("WEIYIFANG_PROXIES", default=0)  # of ours, one behind the other, in front of the program
PROXY_HEADER = choice("WEIYIFANG_PROXY_HEADER", "", "Forwarded", "X-Forwarded-For")  # where they say who asks
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

BACKUPS = text("WEIYIFANG_BACKUPS", "")  # a folder: then there is a backup in it every night
BACKUP_RECIPIENTS = public_keys("WEIYIFANG_BACKUP_RECIPIENT")  # whoever has a private key to one of them can read it
BACKUPS_KEEP = number("WEIYIFANG_BACKUPS_KEEP", default=14)  # so many always stay, and all that are younger than
BACKUPS_DAYS = number("WEIYIFANG_BACKUPS_DAYS", default=30)

NINJA_PAGINATION_PER_PAGE = 50
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{levelname} {name}: {message}", "style": "{"},
        "without_values": {"()": "weiyifang.core.server.logs.WithoutValues"},
    },
    "filters": {"outages": {"()": "weiyifang.core.web.outage.OneSentence"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line" if DEBUG else "without_values",
            "filters": ["outages"],
        }
    },
    "root": {"handlers": ["console"], "level": text("WEIYIFANG_LOG", "WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},  # its own would mail whole requests, once somebody set ADMINS
        "_granian": {"handlers": [], "level": "ERROR", "propagate": True},  # the web server's, in each of its workers
        "django.request": {"level": "ERROR"},  # a refusal is an answer, not an incident
        "psycopg.pool": {"level": "ERROR"},  # each vain attempt to reconnect; whoever needs the connection says it
    },
}

os.environ.setdefault("TZ", "UTC")
