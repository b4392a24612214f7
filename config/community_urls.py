"""Inside `/c/<slug>/`: the addresses of every package, found in its `urls.py`; those of the upper floors first."""

from django.urls import include, path

from config.api import api
from weiyifang.core import found
from weiyifang.core.web import switching
from weiyifang.core.web.access import anyone, holds, page
from weiyifang.core.web.gallery import gallery
from weiyifang.people.roles import Permission

handler500 = "weiyifang.core.web.outage.handler500"

urlpatterns = [
    path("api/", api.urls),  # before the others, which cannot begin like this: programs ask often
    *(path("", include(package)) for package in reversed(found.modules("urls"))),
    path("look/", page(anyone, methods=("GET", "POST"))(switching.look), name="look"),
    path("workbench/ui/", page(holds(Permission.OPEN_WORKBENCH))(gallery), name="ui"),
]
