"""The app configuration of disputes."""
from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "disputes"
