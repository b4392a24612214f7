from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "weiyifang.people"
    label = "people"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from weiyifang.core import long_work, timeline
        from weiyifang.core.look import care
        from weiyifang.core.models import name_actors_with
        from weiyifang.core.web import typed
        from weiyifang.people import (  # the rules of `terms` are read when the program starts
            codes,
            history,
            in_bulk,
            limits,
            preferences,
            queries,
            terms,  # noqa: F401  read when they are imported
            typed_forms,
            working_day,
        )

        typed.keep_in(typed_forms)
        user_logged_in.connect(working_day.begin, dispatch_uid="working day")
        # by the name of Django's own, which comes later and finds its place taken
        user_logged_in.connect(working_day.note_first, dispatch_uid="update_last_login")
        limits.instead_of_allauth()
        codes.instead_of_allauth()
        name_actors_with(queries.names_of)
        timeline.name_subjects_with(history.NAMES)
        long_work.register(in_bulk.KINDS)
        care.remember_with(preferences.recall, preferences.remember)
