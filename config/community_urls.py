"""Inside `/c/<slug>/`: one line per package."""

from django.urls import include, path

from config.api import api
from weiyifang.core import care
from weiyifang.core.access import anyone, holds, page
from weiyifang.core.gallery import gallery
from weiyifang.people.roles import Permission

handler500 = "weiyifang.core.outage.handler500"

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
    path("", include("weiyifang.communities.urls")),
    path("look/", page(anyone, methods=("GET", "POST"))(care.look), name="look"),
    path("workbench/ui/", page(holds(Permission.OPEN_WORKBENCH))(gallery), name="ui"),
]
