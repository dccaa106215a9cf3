"""Makes the first administrators of a county on an empty installation; the rest is done on screen."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from common import clock
from governance.divisions import shipped
from grids import divisions, places, staffing
from grids.models import Area, Division, Post
from grids.roles import Role

ROLES = {"system": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN, "audit": Role.AUDIT_ADMIN}
NEXT = {
    "system": 'Sign in and open "Set up a town" (/setup/).',
    "security": "Sign in and appoint the people of the towns; nobody else appoints administrators.",
    "audit": "Sign in and read who did what.",
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("name", help="the person's name")
        parser.add_argument("--county", required=True, help="12-digit code of the county, for example 140429000000")
        parser.add_argument("--role", choices=ROLES, default="system", help="which of the three (default: system)")

    @transaction.atomic
    def handle(self, *, username, name, county, role, **options):
        area = self._county(county)
        user = User.objects.filter(username=username).first() or self._person(username, name)
        there = {"user": user, "area": area, "role": ROLES[role]}
        if Post.objects.held_on(clock.today()).filter(**there).exists():
            self.stdout.write(f"{username} is {role} administrator of {area} already: nothing was changed.")
            return
        try:
            staffing.appoint(**there, from_day=clock.today(), by=None)
        except ValidationError as refused:
            raise CommandError("\n".join(refused.messages)) from None
        self.stdout.write(f"{username} is {role} administrator of {area} ({area.code}) from today on.")
        self.stdout.write(NEXT[role])

    def _county(self, code):
        """The county's area, opened out of the list of divisions where it is not open yet."""
        if area := Area.objects.filter(code=code, kind=Area.Kind.COUNTY).first():
            return area
        if not Division.objects.exists():
            divisions.take_over(shipped())
        listed = Division.objects.filter(code=code, level=Division.Level.COUNTY, gone_on=None).first()
        if listed is None:
            raise CommandError(
                f"{code} is no county in the list of divisions. Load the county's list first: "
                "manage.py load_divisions FILE --apply (columns code,name,level,parent_code)."
            )
        county = {"kind": Area.Kind.COUNTY, "code": code, "name": str(listed), "official_name": listed.name}
        return places.open_area(parent=None, on=clock.today(), by=None, **county)

    def _person(self, username, name):
        user = User(username=username, name=name)
        password = self._password()
        try:
            validate_password(password, user)
        except ValidationError as weak:
            raise CommandError("\n".join(weak.messages)) from None
        return User.objects.create_user(username, name, password)

    def _password(self):
        """Asked for twice at a terminal; otherwise the first line of the input."""
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        first = getpass.getpass("Password (12 characters or more): ")
        if first != getpass.getpass("The same once more: "):
            raise CommandError("The two differ; nothing was changed.")
        return first
