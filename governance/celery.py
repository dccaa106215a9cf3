"""The Celery application: worker and beat start from here."""

import os

from celery import Celery
from celery.signals import worker_init, worker_process_init

from governance import leash

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")

app = Celery("governance")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

from governance.schedule import SCHEDULE  # noqa: E402 - needs the settings above

app.conf.beat_schedule = SCHEDULE


@worker_process_init.connect
def stay_on_the_leash(**_kwargs):
    """A process of the pool must not outlive a killed worker, nor run a task whose message is handed out again."""
    leash.end_with_parent(os.getppid())


@worker_init.connect
def give_up_without_supervisor(**_kwargs):
    """Shutting down, Celery may wait for a Redis that ended with the supervisor."""
    if supervisor := os.environ.get("GOV_SUPERVISOR"):
        leash.give_up_after_parent(int(supervisor), seconds=2)
