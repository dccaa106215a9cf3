"""The user, and the append-only record of who saw, changed or took out what."""

import uuid

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common import clock
from common.sealed import BlindIndexField, SealedField

UNWATCHED = ("last_login", "failures", "locked_until", "password")  # sign-in noise is not history


class UserManager(BaseUserManager):
    def create_user(self, username, name, password=None, **fields):
        """A person; without a password one who cannot sign in."""
        user = self.model(username=username, name=name, **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username):
        return self.get(username=username)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=UNWATCHED)
class User(AbstractBaseUser):
    """A person known to the platform: signs in by user name or mobile number, or cannot sign in at all."""

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False)
    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=60)
    phone = SealedField(_("mobile number"), purpose="phone")
    phone_index = BlindIndexField()
    phone_tail = BlindIndexField()
    is_active = models.BooleanField(default=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["phone_index"], condition=~Q(phone_index=""), name="user_phone_once"),
        ]

    def __str__(self):
        return self.name

    def get_short_name(self):
        return self.name


class AuditEntry(models.Model):
    """Who did or saw something sensitive. Rows are only added; a trigger refuses anything else."""

    at = models.DateTimeField(default=clock.now)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=40)
    table = models.CharField(max_length=60, blank=True, default="")
    row = models.CharField(max_length=60, blank=True, default="")
    area_code = models.CharField(max_length=24, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["user", "at"], name="audit_by_user")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.act}"
