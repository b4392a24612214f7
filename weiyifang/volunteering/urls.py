from django.urls import path

from weiyifang.volunteering import views, views_shifts, workbench, workbench_shifts

app_name = "volunteering"
bench, team, person = "workbench/volunteering/", "teams/<number:number>/", "volunteers/<uuid:pk>/"

urlpatterns = [
    path("volunteering/", views.listing, name="list"),
    path("volunteering/me/", views.me, name="me"),
    path("volunteering/me/end/", views.sign_off, name="sign_off"),
    path(f"volunteering/{team}", views.detail, name="detail"),
    path(f"volunteering/{team}membership/", views.join, name="join"),
    path(f"volunteering/{team}membership/end/", views.leave, name="leave"),
    path("volunteering/shifts/", views_shifts.shifts, name="shifts"),
    path("volunteering/shifts/<number:number>/", views_shifts.shift, name="shift"),
    path("volunteering/shifts/<number:number>/needs/<uuid:pk>/claims/", views_shifts.claim, name="claim"),
    path("volunteering/shifts/<number:number>/slots/<uuid:pk>/end/", views_shifts.give_back, name="give_back"),
    path("volunteering/shifts/<number:number>/slots/<uuid:pk>/search/", views_shifts.seek, name="seek"),
    path("volunteering/shifts/<number:number>/slots/<uuid:pk>/stand-in/", views_shifts.stand_in, name="stand_in"),
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}shifts/", workbench_shifts.bench, name="bench_shifts"),
    path(f"{bench}{team}shifts/new/", workbench_shifts.plan, name="plan"),
    path(f"{bench}shifts/<number:number>/", workbench_shifts.manage, name="manage_shift"),
    path(f"{bench}shifts/<number:number>/end/", workbench_shifts.call_off, name="call_off"),
    path(f"{bench}shifts/<number:number>/people/", workbench_shifts.assign, name="assign"),
    path(f"{bench}slots/<uuid:pk>/end/", workbench_shifts.free_slot, name="free_slot"),
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
