"""The app configuration of disputes; enters its table of actions with the engine below, and its open cases as work that
hangs on posts and places."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DisputesConfig(AppConfig):
    name = "disputes"

    def ready(self):
        from casework import moving, responsible, workflow
        from disputes import erasing
        from disputes.workflow import TABLE
        from grids import changes, handing_over
        from households import answering

        workflow.enter("dispute", TABLE)
        work = responsible.as_open_work("dispute", _("Disputes"), "disputes:list", "dispute.view")
        handing_over.enter("disputes", work)
        answering.parts.enter("disputes", answering.Part(erasing.tell, erasing.erase, erasing.cases))
        changes.what_hangs_here.enter("disputes", moving.hanging("dispute", _("open disputes"), "disputes:list"))
