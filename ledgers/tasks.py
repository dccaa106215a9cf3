"""What the Celery worker does for the ledgers: the same calls as the management commands, and nothing else."""

from celery import shared_task

from ledgers import closing, counting


@shared_task(ignore_result=True, expires=60)
def drain():
    """Recounts touched days."""
    counting.drain()


@shared_task(ignore_result=True, expires=300)
def close_owed():
    """Counts every period that is owed."""
    closing.close_owed()
