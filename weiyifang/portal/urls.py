from django.urls import path

from weiyifang.portal import search, views, workbench

app_name = "portal"

urlpatterns = [
    path("", views.home, name="home"),
    path("me/", views.me, name="me"),
    path("find/", search.public, name="find"),
    path("workbench/find/", search.desk, name="find_at_desk"),
    path("workbench/", workbench.today, name="today"),
    path("workbench/waiting/", workbench.to_do, name="waiting"),
    path("workbench/all/", workbench.everything, name="all"),
    path("workbench/figures/", workbench.figures, name="figures"),
    path("workbench/history/", workbench.history, name="history"),
]
