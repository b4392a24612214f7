from django.urls import path

from weiyifang.talents import views, views_requests, workbench

app_name = "talents"
bench, one, request = "workbench/talents/", "talents/<number:number>/", "talents/requests/<uuid:pk>/"

urlpatterns = [
    path("talents/", views.listing, name="list"),
    path("talents/me/", views.me, name="me"),
    path("talents/me/end/", views.take_off, name="take_off"),
    path("talents/requests/", views_requests.mine, name="asked"),
    path(one, views.detail, name="detail"),
    path(f"{one}requests/", views_requests.ask, name="ask"),
    path(request, views_requests.one, name="request"),
    path(f"{request}acceptance/", views_requests.accept, name="accept"),
    path(f"{request}refusal/", views_requests.decline, name="decline"),
    path(f"{request}end/", views_requests.withdraw, name="withdraw"),
    path(f"{request}thanks/", views_requests.thank, name="thank"),
    path("talents/thanks/<uuid:pk>/showing/", views_requests.show_thanks, name="show_thanks"),
    path("talents/thanks/<uuid:pk>/end/", views_requests.take_back_thanks, name="take_back_thanks"),
    path(bench, workbench.bench, name="bench"),
    path(f"{bench}new/", workbench.put_down, name="put_down"),
    path(f"{bench}requests/", workbench.requests, name="bench_requests"),
    path(f"{bench}<number:number>/", workbench.manage, name="manage"),
    path(f"{bench}<number:number>/end/", workbench.take_off, name="bench_take_off"),
]
