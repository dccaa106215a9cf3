"""The app configuration of casework; enters what acts on places do to cases with the floor below."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"

    def ready(self):
        from casework import moving
        from casework.models import Case
        from grids import changes, explaining

        explaining.enter("cases", lambda text: Case.objects.filter(number=text.upper()).first())
        changes.on_move.enter("casework", moving.carry)
        changes.what_is_recorded.enter("casework", moving.recorded)
        changes.found_wrong.enter("casework", changes.lost_rows(Case))
