"""The program as it runs, with pages and jobs that break."""

from config.settings import *  # noqa: F403  all of them, but one
from config.settings import INSTALLED_APPS as THERE

INSTALLED_APPS = [*THERE, "tests.broken"]
ROOT_URLCONF = "tests.broken.urls"
