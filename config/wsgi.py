import multiprocessing
import os

from django.core.wsgi import get_wsgi_application

from weiyifang.core.server.processes import collect_rarely, end_with

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django = get_wsgi_application()

from weiyifang.core.server.installation import OnlyWhereItBelongs  # noqa: E402  these need Django set up
from weiyifang.core.server.logs import take_over  # noqa: E402  after the settings
from weiyifang.core.web.bodies import BodyFirst  # noqa: E402  after the settings
from weiyifang.core.web.door import Door  # noqa: E402  after the settings
from weiyifang.core.web.incidents import NothingRaised  # noqa: E402  after the settings
from weiyifang.core.web.kept import KeptPages  # noqa: E402  after the settings
from weiyifang.core.web.outage import OneMoreTry  # noqa: E402  after the settings
from weiyifang.core.web.visitor import Settled  # noqa: E402  after the settings
from weiyifang.news.reading import counts  # noqa: E402  after the settings
from weiyifang.people.bodies import allowed  # noqa: E402  after the settings

read = BodyFirst(OneMoreTry(OnlyWhereItBelongs(KeptPages(django))), allowed)
application = NothingRaised(Settled(Door(read)))

if server := multiprocessing.parent_process():  # killed, it cannot end us; and we would keep its port
    end_with(server.pid or 0)
take_over()
counts.start()
collect_rarely()
