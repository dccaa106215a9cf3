"""Teams and who belongs to them, from when until when."""

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.fields import no_overlap, span_in_order


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Team(models.Model):
    """A team of a town or village: grid, mediation or volunteers (三支队伍). Membership gives no right."""

    class Kind(models.TextChoices):
        GRID = "grid", _("grid team")
        MEDIATION = "mediation", _("mediation team")
        VOLUNTEER = "volunteer", _("volunteer team")

    area = models.ForeignKey("grids.Area", models.PROTECT, related_name="teams")
    kind = models.CharField(_("kind of team"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("name of the team"), max_length=60)
    base = models.CharField(_("base"), max_length=60, blank=True, default="")  # where it is at home: 司法所, 村部
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [span_in_order("team_days_in_order")]
        indexes = [models.Index(fields=["area", "kind"], name="team_at_area")]

    def __str__(self):
        return self.name


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class TeamMember(models.Model):
    """Who belongs to a team from when to when."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="members")
    user = models.ForeignKey(User, models.PROTECT, related_name="teams")
    leads = models.BooleanField(_("leads the team"), default=False)
    from_day = models.DateField()
    until_day = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            no_overlap("team_id", "user_id", name="in_a_team_once"),
            span_in_order("team_member_days_in_order"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.team_id}"
