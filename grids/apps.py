"""The app configuration of grids."""

from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "grids"

    def ready(self):
        from accounts import second_factor, sessions
        from grids import access, people

        second_factor.needed_by.add(people.needs_second_factor)
        sessions.ended_by.add(access.ran_out)
