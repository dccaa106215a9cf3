"""What the worker does for accounts: files and sessions whose time is up leave the database."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from accounts import held


@shared_task(ignore_result=True, expires=600)
def forget():
    held.forget()
    SessionStore.clear_expired()
