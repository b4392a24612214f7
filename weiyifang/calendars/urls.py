from django.urls import path

from weiyifang.calendars import views

app_name = "calendars"

urlpatterns = [
    path("me/calendars/", views.mine, name="mine"),
    path("me/calendars/<uuid:pk>/renewal/", views.renewal, name="renewal"),
    path("me/calendars/<uuid:pk>/end/", views.end, name="end"),
    path("calendars/<slug:secret>.ics", views.feed, name="feed"),
]
