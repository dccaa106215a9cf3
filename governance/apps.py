"""The project itself as an app: it holds pages that join the floors, and no models."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self):
        from common import spreadsheets
        from governance import navigation

        spreadsheets.notes_of_every_export.append(navigation.demo_note)
