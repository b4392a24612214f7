"""The register on Django admin: to search, filter and look. Every change is a verb on the workbench's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from weiyifang.organizations import rules
from weiyifang.organizations.models import Membership, Organization

if TYPE_CHECKING:
    Inline = admin.TabularInline[Membership, Organization]
    Register = admin.ModelAdmin[Organization]
else:  # Django's classes cannot be subscripted at run time
    Inline, Register = admin.TabularInline, admin.ModelAdmin


class MembersInline(Inline):
    model = Membership
    fields = readonly_fields = ("resident", "title", "since", "until")
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("resident").order_by("since")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organization)
class OrganizationAdmin(Register):
    list_display = ("number", "name", "kind_name", "status", "leader", "filed_on")
    list_filter = ("status",)
    search_fields = ("name", "purpose", "filing_no")
    list_select_related = ("leader",)
    ordering = ("number",)
    inlines = (MembersInline,)

    def view_on_site(self, obj: Organization) -> str:
        return reverse("organizations:manage", args=[obj.number])

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _may(request: HttpRequest) -> bool:
    return rules.can_manage_all(request.actor)  # type: ignore[attr-defined]
