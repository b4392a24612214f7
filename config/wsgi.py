import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from weiyifang.core.kept import KeptPages  # noqa: E402  these need Django set up
from weiyifang.news.reading import counts  # noqa: E402

application = KeptPages(django)

counts.start()
