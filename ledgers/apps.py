"""The app configuration of ledgers; enters with the places what acts on them must know of ledgers."""

from django.apps import AppConfig


class LedgersConfig(AppConfig):
    name = "ledgers"

    def ready(self):
        from grids import changes
        from ledgers import settled
        from ledgers.models import WeeklyLedger

        changes.on_move.enter("ledgers", changes.rewrite_paths(WeeklyLedger))
        changes.what_hangs_here.enter("ledgers", settled.hanging)
        changes.settled_until.enter("ledgers", settled.until)
        changes.found_wrong.enter("ledgers", changes.lost_rows(WeeklyLedger))
