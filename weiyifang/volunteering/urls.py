from django.urls import path

from weiyifang.volunteering import views, workbench

app_name = "volunteering"
bench, team, person = "workbench/volunteering/", "teams/<number:number>/", "volunteers/<uuid:pk>/"

urlpatterns = [
    path("volunteering/", views.listing, name="list"),
    path("volunteering/me/", views.me, name="me"),
    path("volunteering/me/end/", views.sign_off, name="sign_off"),
    path(f"volunteering/{team}", views.detail, name="detail"),
    path(f"volunteering/{team}membership/", views.join, name="join"),
    path(f"volunteering/{team}membership/end/", views.leave, name="leave"),
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}new/", workbench.add, name="add"),
    path(f"{bench}volunteers/", workbench.volunteers, name="volunteers"),
    path(f"{bench}volunteers/new/", workbench.sign_up, name="sign_up"),
    path(f"{bench}{person}", workbench.volunteer, name="volunteer"),
    path(f"{bench}{person}certificates/", workbench.note_certificate, name="note_certificate"),
    path(f"{bench}certificates/<uuid:pk>/end/", workbench.strike_certificate, name="strike_certificate"),
    path(f"{bench}{team}", workbench.manage, name="manage"),
    path(f"{bench}{team}details/", workbench.edit, name="edit"),
    path(f"{bench}{team}leader/", workbench.appoint, name="appoint"),
    path(f"{bench}{team}end/", workbench.end, name="end"),
    path(f"{bench}{team}roster/", workbench.roster, name="roster"),
    path(f"{bench}{team}members/", workbench.add_member, name="add_member"),
    path(f"{bench}{team}members/<uuid:pk>/end/", workbench.end_belonging, name="end_belonging"),
]
