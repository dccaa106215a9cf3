"""The app configuration of disputes; enters its table of actions with the engine below."""

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"

    def ready(self):
        from casework import workflow
        from disputes.workflow import TABLE

        workflow.enter("dispute", TABLE)
