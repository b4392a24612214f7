"""Routes: `activities/…` for everyone, `workbench/activities/…` for staff. A URL is a noun."""

from __future__ import annotations

from django.urls import path

from weiyifang.activities import (
    views,
    views_acts,
    views_draw,
    views_fetching,
    views_lessons,
    views_missed,
    views_stalls,
    views_visits,
    workbench,
    workbench_acts,
    workbench_calendar,
    workbench_desk,
    workbench_door,
    workbench_figures,
    workbench_import,
    workbench_members,
    workbench_missed,
    workbench_papers,
    workbench_passages,
    workbench_stalls,
)

app_name = "activities"

urlpatterns = [
    path("activities/", views.listing, name="list"),
    path("activities/calendar.ics", views.programme_calendar, name="programme_calendar"),
    path("activities/tickets/<str:ticket>/", workbench_door.ticket, name="ticket"),
    path("activities/enrollments/<uuid:pk>/cancellation/", views.cancellation, name="cancellation"),
    path("activities/enrollments/<uuid:pk>/restoration/", views.restoration, name="restoration"),
    path("activities/enrollments/<uuid:pk>/acceptance/", views.acceptance, name="acceptance"),
    path("activities/absences/", views_missed.absences, name="absences"),
    path("activities/absences/<uuid:pk>/objection/", views_missed.objection, name="objection"),
    path("activities/<number:number>/", views.detail, name="detail"),
    path("activities/<number:number>/calendar.ics", views.calendar, name="calendar"),
    path("activities/<number:number>/<number:date_number>/", views.detail, name="date"),
    path("activities/<number:number>/<number:date_number>/enrollments/", views.enrollments, name="enrollments"),
    path("activities/<number:number>/<number:date_number>/draw/", views_draw.draw, name="draw"),
    path("activities/<number:number>/<number:date_number>/draw.json", views_draw.draw_file, name="draw_file"),
    path("activities/<number:number>/<number:date_number>/poster/", views.poster, name="poster"),
    path("activities/<number:number>/<number:date_number>/programme/", views_acts.programme, name="programme"),
    path("activities/<number:number>/<number:date_number>/stalls/", views_stalls.stalls, name="stalls"),
    path("activities/enrollments/<uuid:pk>/card/", views_lessons.card, name="card"),
    path("activities/enrollments/<uuid:pk>/certificate/", views_lessons.certificate, name="certificate"),
    path("activities/enrollments/<uuid:pk>/leaves/", views_visits.leaves, name="leaves"),
    path("activities/enrollments/<uuid:pk>/fetchers/", views_fetching.fetchers, name="fetchers"),
    path("activities/fetchers/<uuid:pk>/end/", views_fetching.fetcher_end, name="fetcher_end"),
    path("activities/leaves/<uuid:pk>/end/", views_visits.leave_end, name="leave_end"),
    path("activities/<number:number>/visits/", views_visits.lesson, name="visits"),
    path("activities/cards/<str:code>/", views_acts.thanked, name="thanked"),
    path("activities/certificates/<str:code>/", views_lessons.certified, name="certified"),
    path("activities/<number:number>/lessons/", views_lessons.lessons, name="lessons"),
    path("activities/stalls/<uuid:pk>/end/", views_stalls.give_back, name="stall_end"),
    path("activities/<number:number>/<number:date_number>/arrival/<str:code>/", views.arrival, name="arrival"),
]

workbench_urlpatterns = [
    path("workbench/activities/", workbench.index, name="bench"),
    path("workbench/activities/figures/", workbench_figures.figures, name="bench_figures"),
    path("workbench/activities/papers/", workbench_papers.papers, name="bench_papers"),
    path("workbench/activities/new/", workbench.new, name="bench_new"),
    path("workbench/activities/import/", workbench_import.programme, name="bench_import"),
    path("workbench/activities/import/template/", workbench_import.template, name="bench_import_template"),
    path("workbench/activities/import/<uuid:brought_in>/", workbench_import.brought, name="bench_brought"),
    path(
        "workbench/activities/import/<uuid:brought_in>/publication/",
        workbench_import.publication,
        name="bench_brought_publication",
    ),
    path("workbench/activities/import/<uuid:brought_in>/end/", workbench_import.end, name="bench_brought_end"),
    path("workbench/activities/for/<number:resident>/", workbench_desk.choose, name="bench_choose"),
    path("workbench/activities/enrollments/<uuid:pk>/cancellation/", workbench_desk.give_back, name="bench_give_back"),
    path("workbench/activities/acts/<uuid:pk>/", workbench_acts.act, name="bench_act"),
    path("workbench/activities/acts/<uuid:pk>/card/", workbench_acts.card, name="bench_act_card"),
    path("workbench/activities/acts/<uuid:pk>/place/", workbench_acts.place, name="bench_act_place"),
    path("workbench/activities/acts/<uuid:pk>/removal/", workbench_acts.removal, name="bench_act_removal"),
    path("workbench/activities/stalls/<uuid:pk>/proceeds/", workbench_stalls.proceeds, name="bench_proceeds"),
    path(
        "workbench/activities/stalls/<uuid:pk>/proceeds/taking-back/",
        workbench_stalls.taking_back,
        name="bench_proceeds_back",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/stalls/",
        workbench_stalls.stalls,
        name="bench_stalls",
    ),
    path("workbench/activities/offline.js", workbench_door.offline_worker, name="offline_worker"),
    path("workbench/activities/attendances/<uuid:pk>/void/", workbench_door.void, name="bench_void"),
    path("workbench/activities/passages/<uuid:pk>/void/", workbench_passages.void, name="bench_passage_void"),
    path(
        "workbench/activities/<number:number>/<number:date_number>/inside/",
        workbench_passages.inside,
        name="bench_inside",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/departures/<number:resident>/",
        workbench_passages.departure,
        name="bench_departure",
    ),
    path("workbench/activities/absences/<uuid:pk>/", workbench_missed.decision, name="absence_decision"),
    path(
        "workbench/activities/<number:number>/<number:date_number>/absences/",
        workbench_missed.absences,
        name="bench_absences",
    ),
    path("workbench/activities/<number:number>/", workbench.activity, name="bench_activity"),
    path("workbench/activities/<number:number>/edit/", workbench.edit, name="bench_edit"),
    path("workbench/activities/<number:number>/questions/", workbench.questions, name="bench_questions"),
    path("workbench/activities/<number:number>/shares/", workbench.shares, name="bench_shares"),
    path("workbench/activities/<number:number>/dates/", workbench.dates, name="bench_dates"),
    path("workbench/activities/<number:number>/dates/calendar/", workbench_calendar.calendar, name="bench_calendar"),
    path("workbench/activities/<number:number>/publication/", workbench.publication, name="bench_publication"),
    path("workbench/activities/<number:number>/end/", workbench.end, name="bench_end"),
    path("workbench/activities/<number:number>/cancellation/", workbench.cancellation, name="bench_cancellation"),
    path("workbench/activities/<number:number>/<number:date_number>/", workbench_door.session, name="bench_session"),
    path(
        "workbench/activities/<number:number>/<number:date_number>/cancellation/",
        workbench.cancellation,
        name="bench_session_cancellation",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/message/",
        workbench_door.message,
        name="bench_message",
    ),
    path("workbench/activities/<number:number>/<number:date_number>/time/", workbench.time, name="bench_time"),
    path(
        "workbench/activities/<number:number>/<number:date_number>/attendances/",
        workbench_door.attendances,
        name="bench_attendances",
    ),
    path("workbench/activities/<number:number>/<number:date_number>/draw/", workbench_door.draw, name="bench_draw"),
    path(
        "workbench/activities/<number:number>/<number:date_number>/completion/",
        workbench_door.completion,
        name="bench_completion",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/enrollments/",
        workbench_desk.enrol,
        name="bench_enrol",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/members/",
        workbench_members.members,
        name="bench_members",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/roster/", workbench_door.roster, name="bench_roster"
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/roster.xlsx",
        workbench_door.export,
        name="bench_export",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/offline/",
        workbench_door.offline,
        name="bench_offline",
    ),
    path("workbench/activities/<number:number>/<number:date_number>/acts/", workbench_acts.acts, name="bench_acts"),
    path(
        "workbench/activities/<number:number>/<number:date_number>/acts/publication/",
        workbench_acts.publication,
        name="bench_acts_publication",
    ),
    path(
        "workbench/activities/<number:number>/<number:date_number>/acts/sheet/",
        workbench_acts.sheet,
        name="bench_acts_sheet",
    ),
]

urlpatterns += workbench_urlpatterns
