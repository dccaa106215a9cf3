"""Takes the second factor from somebody who has lost the app and the recovery codes, when nobody else can any more."""

from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor, signin
from accounts.models import User


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="who asked for it and how the person was recognised")

    def handle(self, *, username, reason, **options):
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody has the user name {username}.")
        second_factor.remove(user=user, by=None, reason=reason)
        signin.end_sessions(user)
        self.stdout.write(f"{username} signs in by password alone until a new second factor is set up.")
