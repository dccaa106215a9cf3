"""What the Celery worker does for households: rosters that wait to be checked or taken over."""

from celery import shared_task

from households.rosters import working


@shared_task(ignore_result=True, expires=30)
def work_on_rosters():
    """Carries on the import that waits longest, if one does."""
    working.work()
