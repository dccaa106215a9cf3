"""The app configuration of screening; enters what acts on places do to reports with the floor below."""

from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "screening"

    def ready(self):
        from grids import changes
        from households import answering
        from screening import erasing, moving
        from screening.models import DailyReport, Finding, Visit

        answering.parts.enter("screening", answering.Part(erasing.tell, erasing.erase, erasing.cases))
        changes.on_move.enter("screening", moving.carry)
        changes.what_is_recorded.enter("screening", moving.recorded)
        changes.keeps_open.enter("screening", moving.keeps_open)
        changes.found_wrong.enter("screening", changes.lost_rows(DailyReport, Finding, Visit))
