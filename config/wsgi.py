import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from weiyifang.news.reading import counts  # noqa: E402  needs the application above

counts.start()
