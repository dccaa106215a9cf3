"""The user, and the append-only record of who saw, changed or took out what."""

import uuid

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device as OneTimeDevice
from django_otp.models import ThrottlingMixin

from common import clock, sealed
from common.sealed import BlindIndexField, SealedField
from common.sounds import SoundField

UNWATCHED = ("last_login", "sessions_ended", "password", "pinyin", "initials")  # sign-in noise is not history


class PersonQuerySet(models.QuerySet):
    def known_as(self, name: str):
        """The person with that user name or mobile number."""
        index = sealed.blind(name, purpose="phone")
        return self.filter(Q(username=name.strip()) | Q(phone_index=index)).order_by("pk")


class UserManager(BaseUserManager.from_queryset(PersonQuerySet)):
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
    pinyin = SoundField()
    initials = SoundField(first_letters=True, max_length=60)
    home_code = models.CharField(max_length=24, blank=True, default="")  # the area whose staff entered the person
    phone = SealedField(_("mobile number"), purpose="phone")
    phone_index = BlindIndexField()
    phone_tail = BlindIndexField()
    is_active = models.BooleanField(default=True)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)  # how often all sessions were ended
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

    def _get_session_auth_hash(self, secret=None):
        """What every session carries and every request compares: a new password or `sessions_ended` ends them all,
        without a row to look up."""
        told = f"{self.password}:{self.sessions_ended}"
        return salted_hmac("accounts.session", told, secret=secret, algorithm="sha256").hexdigest()


class Device(models.Model):
    """A person's own phone, known again by the token in its cookie; only the token's keyed hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=32, unique=True)
    label = models.CharField(max_length=60)
    session_key = models.CharField(max_length=40, blank=True, default="")  # the session it carries now
    made_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user"], condition=Q(revoked_at=None), name="device_in_use")]

    def __str__(self):
        return self.label


class Slip(models.Model):
    """A one-time code on paper with which a person sets a password; only its keyed hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="slips")
    code_hash = models.CharField(max_length=32)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # used, or voided by the next one

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="one_slip_in_force")]

    def __str__(self):
        return f"{self.user} {self.until:%Y-%m-%d}"


class Authenticator(ThrottlingMixin, OneTimeDevice):
    """A person's app that shows one-time codes. The secret both sides know is sealed; failures slow guesses down."""

    secret = models.TextField(editable=False)  # sealed by accounts.second_factor
    last_step = models.BigIntegerField(default=-1)  # the half minute of the last code taken: none is taken twice
    drift = models.SmallIntegerField(default=0)  # half minutes the phone's clock is off

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="one_authenticator")]

    def __str__(self):
        return str(self.user)

    def get_throttle_factor(self):
        return 1  # seconds after the first failure; every further one doubles them


class RecoveryCode(models.Model):
    """In the place of the app, once: for whoever has lost the phone. Only the keyed hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=32)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.user} {'used' if self.used_at else 'unused'}"


class HeldFile(models.Model):
    """A file that waits sealed for its owner, for a short time: an upload between preview and taking over, an export
    between its release and its download."""

    sealing_id = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    content = models.BinaryField()
    until = models.DateTimeField()

    def __str__(self):
        return f"{self.purpose} {self.name}"


class Release(models.Model):
    """A request to take personal data out in clear: asked for by one person, decided by another, done within a day."""

    class State(models.TextChoices):
        ASKED = "asked", _("waiting for a second person")
        RELEASED = "released", _("released")
        REFUSED = "refused", _("refused")

    state = models.CharField(max_length=8, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="releases")
    asked_at = models.DateTimeField(default=clock.now)
    area_code = models.CharField(max_length=24)
    reason = models.CharField(max_length=200)
    until = models.DateTimeField()  # asked: may be decided; released: may be downloaded
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")
    count = models.PositiveIntegerField(null=True, blank=True)  # people in the file
    file = models.OneToOneField(HeldFile, models.SET_NULL, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_second_person_decides", condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by"))
            )
        ]

    def __str__(self):
        return f"{self.asked_by} {self.asked_at:%Y-%m-%d %H:%M} {self.state}"


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
