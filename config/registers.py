"""The workbench's registers: Django admin with our own site, inside a community only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from weiyifang.core.access import denied
from weiyifang.people.roles import Permission


class Registers(admin.AdminSite):
    """Opens to whoever may open the workbench; each register asks for its own permission (`core.registers`)."""

    site_header = site_title = index_title = _("Registers")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        actor = getattr(request, "actor", None)
        return actor is not None and actor.may_somewhere(Permission.OPEN_WORKBENCH)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if getattr(request, "community", None) is None:
                raise Http404
            if not self.has_permission(request):
                return denied(request)  # type: ignore[arg-type]
            return inner(request, *args, **kwargs)

        guarded.rule = "registers"  # type: ignore[attr-defined]
        return guarded
