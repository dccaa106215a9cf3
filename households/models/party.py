"""Party organisations and members, who is exempt when, and who looks after which household."""

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import AreaPathField, no_overlap, on_day, one_at_a_time, span_in_order
from grids import access
from grids.models import Area
from households.models.homes import Household


class PartyOrg(models.Model):
    """A party organisation; its tree is apart from the tree of places, `area` says only whose it is."""

    class Level(models.TextChoices):
        WORK_COMMITTEE = "work_committee", _("party working committee")
        COMMITTEE = "committee", _("party committee")
        GENERAL_BRANCH = "general_branch", _("general party branch")
        BRANCH = "branch", _("party branch")
        GROUP = "group", _("party group")

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", verbose_name=_("place"))
    ended_on = models.DateField(null=True, blank=True)

    objects = access.AreaScopedQuerySet.scoped_by("area__path")

    class Meta:
        constraints = [models.CheckConstraint(name="org_is_not_above_itself", condition=~Q(parent=F("id")))]

    def __str__(self):
        return self.name

    @property
    def area_path(self):
        return self.area.path


class MemberQuerySet(access.AreaScopedQuerySet):
    def present(self, day):
        """Members who have not left by the day."""
        return self.filter(Q(until_day__isnull=True) | Q(until_day__gt=day))

    def able(self, day):
        """Those of them who are not exempt on the day: they may look after households."""
        exempt = Exemption.objects.filter(on_day(day), member=OuterRef("pk"))
        return self.present(day).filter(~Exists(exempt))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class PartyMember(models.Model):
    """A party member who holds or could hold household links; kept on the staff side, never on a resident.

    The person may be a user who cannot sign in. `own_household` is known on this side alone, so that nobody is given
    his own: no household, list or export of households leads to it."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="membership")
    org = models.ForeignKey(PartyOrg, models.PROTECT, related_name="members", verbose_name=_("organisation"))
    area_path = AreaPathField()
    own_household = models.ForeignKey(Household, models.SET_NULL, null=True, blank=True, related_name="+")
    until_day = models.DateField(null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["area_path"], name="member_in_area")]

    def __str__(self):
        return str(self.user)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Exemption(models.Model):
    """Days on which a member is asked for no household. Why is told in three words and no more: nothing about
    anybody's health is kept (domain handbook 7, N8)."""

    class Reason(models.TextChoices):
        ELDERLY = "elderly", _("elderly")
        AWAY = "away", _("away for long")
        UNABLE = "unable", _("not able to take it on")

    member = models.ForeignKey(PartyMember, models.CASCADE, related_name="exemptions")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            no_overlap("member_id", name="one_exemption_a_day"),
            span_in_order("exemption_days_in_order"),
        ]

    def __str__(self):
        return f"{self.member_id} {self.from_day}"


class LinkQuerySet(access.AreaScopedQuerySet):
    def of_members(self):
        """Links of party members: they alone make a household count as linked."""
        return self.filter(cadre__isnull=True)

    def of_cadres(self):
        return self.filter(member__isnull=True)

    def standing(self, day):
        """Links that hold on the day or begin later."""
        return self.filter(Q(until_day__isnull=True) | Q(until_day__gt=day))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class HouseholdLink(models.Model):
    """A person looks after a household for a span of days: a party member (党员联户), one at a time, or beside him a
    cadre of the town (干部包联), who need not be a member."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="links")
    member = models.ForeignKey(PartyMember, models.PROTECT, null=True, blank=True, related_name="links")
    cadre = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="cadre_links")
    area_path = AreaPathField()
    town = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Area, models.PROTECT, related_name="+")
    grid = models.ForeignKey(Area, models.PROTECT, related_name="+")
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True, default="")

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            one_at_a_time("household_id", name="one_link_per_household", condition=Q(cadre__isnull=True)),
            one_at_a_time("household_id", name="one_cadre_per_household", condition=Q(member__isnull=True)),
            models.CheckConstraint(
                name="link_of_a_member_or_a_cadre",
                condition=Q(member__isnull=False, cadre__isnull=True) | Q(member__isnull=True, cadre__isnull=False),
            ),
            span_in_order("link_days_in_order"),
        ]
        indexes = [
            models.Index(fields=["area_path"], name="link_in_area"),
            models.Index(fields=["until_day"], name="link_ended", condition=Q(until_day__isnull=False)),
        ]

    def __str__(self):
        return f"{self.member_id or self.cadre_id} - {self.household_id}"

    @property
    def holder(self):
        """The user who looks after the household."""
        return self.cadre if self.cadre_id else self.member.user

    @property
    def holder_id(self):
        return self.cadre_id or self.member_id


class LinkRule(models.Model):
    """What a town decided about its links; a town without a row goes by the defaults."""

    town = models.OneToOneField(Area, models.CASCADE, primary_key=True, related_name="+")
    chain = models.CharField(_("levels of organisations"), max_length=20, default="branch")  # of households/chains.py
    least = models.PositiveSmallIntegerField(_("households of a member, at least"), default=10)
    most = models.PositiveSmallIntegerField(_("households of a member, at most"), default=20)
    cadre_grids = models.PositiveSmallIntegerField(_("grids of a cadre, at least"), default=1)
    cadre_homes = models.PositiveSmallIntegerField(_("households of a cadre, at least"), default=10)

    class Meta:
        constraints = [
            models.CheckConstraint(name="link_limits_in_order", condition=Q(most__gte=F("least"), most__range=(1, 200)))
        ]

    def __str__(self):
        return f"{self.least}-{self.most}"
