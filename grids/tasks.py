"""What the Celery worker does for the places: acts whose day has come. Counting a period does the same first."""

from celery import shared_task

from grids.reshaping import planning


@shared_task(ignore_result=True, expires=300)
def carry_out_due():
    """Carries out every planned act on the tree of places that is due."""
    planning.carry_out_due()
