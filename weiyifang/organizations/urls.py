from django.urls import path, re_path

from weiyifang.organizations import views, workbench

app_name = "organizations"

urlpatterns = [
    path("organizations/", views.listing, name="list"),
    path("organizations/new/", views.apply, name="apply"),
    path("organizations/<number:number>/", views.detail, name="detail"),
    path("organizations/<number:number>/requests/", views.join, name="join"),
    path("organizations/<number:number>/requests/mine/withdrawal/", views.withdraw, name="withdraw"),
    path("organizations/<number:number>/membership/end/", views.leave, name="leave"),
    path("workbench/organizations/", workbench.bench, name="bench"),
    path("workbench/organizations/export/", workbench.export, name="export"),
    path("workbench/organizations/new/", workbench.add, name="add"),
    path("workbench/organizations/requests/<uuid:pk>/acceptance/", workbench.accept, name="accept"),
    path("workbench/organizations/requests/<uuid:pk>/refusal/", workbench.decline, name="decline"),
    path("workbench/organizations/<number:number>/", workbench.manage, name="manage"),
    path("workbench/organizations/<number:number>/details/", workbench.edit, name="edit"),
    re_path(
        r"^workbench/organizations/(?P<number>[0-9]{1,9})/(?P<name>file|register|dissolve)/$",
        workbench.step,
        name="step",
    ),
    path("workbench/organizations/<number:number>/leader/", workbench.appoint, name="appoint"),
    path("workbench/organizations/<number:number>/members/", workbench.add_member, name="add_member"),
    path(
        "workbench/organizations/<number:number>/members/<uuid:pk>/end/",
        workbench.end_membership,
        name="end_membership",
    ),
    path("workbench/organizations/<number:number>/roster/", workbench.roster, name="roster"),
]
