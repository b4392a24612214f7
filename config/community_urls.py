"""Inside `/c/<slug>/`: one line per package."""

from django.urls import include, path

from config.api import api
from weiyifang.core.web import switching
from weiyifang.core.web.access import anyone, holds, page
from weiyifang.core.web.gallery import gallery
from weiyifang.people.roles import Permission

handler500 = "weiyifang.core.web.outage.handler500"

urlpatterns = [
    path("api/", api.urls),  # before the others, which cannot begin like this: programs ask often
    path("", include("weiyifang.portal.urls")),
    path("", include("weiyifang.activities.urls")),
    path("", include("weiyifang.fund.urls")),
    path("", include("weiyifang.news.urls")),
    path("", include("weiyifang.organizations.urls")),
    path("", include("weiyifang.people.urls")),
    path("", include("weiyifang.notices.urls")),
    path("", include("weiyifang.files.urls")),
    path("", include("weiyifang.errands.urls")),
    path("", include("weiyifang.communities.urls")),
    path("look/", page(anyone, methods=("GET", "POST"))(switching.look), name="look"),
    path("workbench/ui/", page(holds(Permission.OPEN_WORKBENCH))(gallery), name="ui"),
]
