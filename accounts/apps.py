"""The app configuration of accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        from accounts import sessions  # noqa: F401 - every sign-in begins with its marks
