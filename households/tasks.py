"""What the Celery worker does for households: rosters that wait to be checked or taken over, proposals of links."""

from celery import shared_task

from households import proposals
from households.rosters import working


@shared_task(ignore_result=True, expires=30)
def work_on_rosters():
    """Carries on the import that waits longest, if one does."""
    working.work()


@shared_task(ignore_result=True, expires=30)
def compute_proposals():
    """Computes every proposal that somebody asked for."""
    proposals.compute_waiting()
