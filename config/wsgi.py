import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from weiyifang.activities.rush import EnrolInRush  # noqa: E402  these need Django set up
from weiyifang.core.kept import KeptPages  # noqa: E402
from weiyifang.news.reading import counts  # noqa: E402

application = EnrolInRush(KeptPages(django))

counts.start()

# What is there now stays: looking through it again and again for rubbish took a tenth of the time of small requests.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
