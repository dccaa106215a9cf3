"""The app configuration of workdays."""

from django.apps import AppConfig


class WorkdaysConfig(AppConfig):
    name = "workdays"
