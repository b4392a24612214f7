from django.apps import AppConfig


class TimetableConfig(AppConfig):
    name = "weiyifang.timetable"
    label = "timetable"
