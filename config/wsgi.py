import os

from django.core.wsgi import get_wsgi_application

from weiyifang.core.processes import collect_rarely

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from weiyifang.activities.rush import EnrolInRush  # noqa: E402  these need Django set up
from weiyifang.core.installation import OnlyWhereItBelongs  # noqa: E402
from weiyifang.core.kept import KeptPages  # noqa: E402
from weiyifang.news.reading import counts  # noqa: E402

application = OnlyWhereItBelongs(EnrolInRush(KeptPages(django)))

counts.start()
collect_rarely()
