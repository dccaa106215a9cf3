"""The app configuration of casework."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
