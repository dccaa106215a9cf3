"""Forms of posts: appointing, changing, ending, handing over, leave."""

import datetime as dt

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from grids import access, correcting, handing_over, holders, people
from grids.models import Area
from grids.roles import PLACES, Origin, Role
from grids.staffing import change_of

a_phone = RegexValidator(r"^\+?[0-9][0-9 -]{4,18}$", _("A phone number has digits only."))


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


def day_field(label, help_text="", required=True):
    return forms.DateField(label=label, help_text=help_text, required=required, widget=DayInput())


class PersonField(forms.ModelChoiceField):
    """One of the people offered, with the posts they hold."""

    def __init__(self, label, **kwargs):
        super().__init__(User.objects.none(), label=label, **kwargs)

    def label_from_instance(self, person):
        return holders.told(person)


class PublicForm(forms.Form):
    """What of a post is for the notice and the roster."""

    full_time = forms.TypedChoiceField(
        label=_("Working time"), choices=[("yes", _("full-time")), ("no", _("part-time"))], initial="yes",
        coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    origin = forms.ChoiceField(
        label=_("Origin"), required=False, choices=[("", _("none of these")), *Origin.choices],
        help_text=_("What else the holder is, where a grid is staffed from several sources."),
    )  # fmt: skip
    public_phone = forms.CharField(
        label=_("Phone on the public notice"), required=False, max_length=20, validators=[a_phone],
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("A duty phone that everybody may read. Leave empty where there is none; never a private number."),
    )  # fmt: skip


class AppointForm(PublicForm):
    """Somebody gets a post at a place: a person already known, or a new one by name."""

    role = forms.TypedChoiceField(label=_("Post"), coerce=int)
    person = PersonField(_("Person"), required=False, widget=forms.RadioSelect, empty_label=None)
    new_name = forms.CharField(
        label=_("Or a new person: name"), required=False, max_length=60,
        help_text=_("Someone not yet known here. The person cannot sign in before an account is set up."),
    )  # fmt: skip
    from_day = day_field(_("First day"))
    field_order = ["role", "person", "new_name", "from_day", "full_time", "origin", "public_phone"]

    def __init__(self, *args, by, area, text="", **kwargs):
        initial = {"from_day": clock.today()} | kwargs.pop("initial", {})
        super().__init__(*args, initial=initial, **kwargs)
        self.by, self.area = by, area
        self.fields["role"].choices = [("", _("choose")), *roles_at(by, area)]
        self.fields["person"].queryset = holders.offered(
            by, "post.change", near=area, text=text, chosen=self.data.get("person", "")
        )
        if not access.may(by, "person.change", area.path):
            del self.fields["new_name"]

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("person")) == bool(cleaned.get("new_name")) and "person" not in self.errors:
            self.add_error("person", _("Choose one person, or name a new one."))
        return cleaned

    def asked(self) -> dict:
        """What staffing.appoint takes, the place apart."""
        kept = dict(self.cleaned_data)
        name, person = kept.pop("new_name", ""), kept.pop("person")
        return kept | {"user": person or people.admit(name=name, area=self.area.town or self.area, by=self.by)}


def roles_at(by, area) -> list:
    """The roles somebody may appoint to at a place."""
    return [
        (int(role), role.label) for role in Role
        if area.kind in PLACES[role] and access.may(by, change_of(role), area.path)
    ]  # fmt: skip


class EndForm(forms.Form):
    on = day_field(_("First day without the post"), _("Today: the rights end with the next click."))


class CorrectForm(forms.Form):
    """What a post was in truth. A member's or an administrator's stays what it is; days can be wrong there too."""

    role = forms.TypedChoiceField(label=_("Post"), coerce=int)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Place"), empty_label=None)
    from_day = day_field(_("First day"))
    until_day = day_field(_("First day without the post"), _("Empty: the post is still held."), required=False)
    reason = forms.CharField(
        label=_("What was wrong?"), max_length=200, help_text=_("Stays in the history of the post.")
    )  # fmt: skip

    def __init__(self, *args, post, **kwargs):
        held = {name: getattr(post, name) for name in ("role", "area", "from_day", "until_day")}
        super().__init__(*args, initial=held, **kwargs)
        self.fields["area"].queryset = correcting.places_for(post)
        self.fields["area"].label_from_instance = lambda area: f"{area.name} ({area.code})"
        kinds = {area.kind for area in self.fields["area"].queryset}
        roles = [role for role in Role if PLACES[role] & kinds and role not in correcting.FIXED]
        roles = [Role(post.role)] if post.role in correcting.FIXED else roles
        self.fields["role"].choices = [(int(role), role.label) for role in roles]


class HandOverForm(forms.Form):
    """To whom a post goes; what moves on wish is a box each."""

    to = PersonField(_("To whom"), widget=forms.RadioSelect, empty_label=None)
    on = day_field(_("First day of the next holder"), _("Today or an earlier day: open work moves at once."))

    def __init__(self, *args, by, post, text="", **kwargs):
        super().__init__(*args, initial={"on": clock.today()}, **kwargs)
        self.work = handing_over.open_work(post)
        self.fields["to"].queryset = holders.offered(
            by, "post.change", near=post.area, text=text, chosen=self.data.get("to", "")
        ).exclude(pk=post.user_id)
        wishes = [(name, work.label) for name, work, _number in self.work if work.on_wish]
        if wishes:
            self.fields["along"] = forms.MultipleChoiceField(
                label=_("Also hand over"), choices=wishes, required=False, widget=forms.CheckboxSelectMultiple,
                initial=[name for name, _label in wishes],
            )  # fmt: skip


class LeaveForm(forms.Form):
    """Days off, first and last day both off."""

    first = day_field(_("First day off"))
    last = day_field(_("Last day off"))
    reason = forms.CharField(
        label=_("Reason"), max_length=60, help_text=_("Read only by those who grant leave at this place.")
    )
    stand_in = PersonField(
        _("Stand-in"), required=False, empty_label=_("nobody: the days are excused"),
        help_text=_("The stand-in has the rights of the post on these days, and the report is due from that person."),
    )  # fmt: skip

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = holders.with_posts(User.objects.filter(holders.around(post), is_active=True))

    def asked(self) -> dict:
        """What staffing.grant_leave takes: the last day off becomes the first day back."""
        said = self.cleaned_data
        return {
            "from_day": said["first"], "until_day": said["last"] + dt.timedelta(days=1), "reason": said["reason"],
            "stand_in": said["stand_in"],
        }  # fmt: skip


class CallForm(forms.Form):
    """Why somebody wants a number in full."""

    reason = forms.CharField(label=_("Reason"), min_length=2, max_length=200)


class RosterFilters(forms.Form):
    """Which posts of a place and below are listed."""

    q = forms.CharField(label=_("Name"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Post"), required=False, choices=[("", _("all")), *Role.choices])
    only_here = forms.BooleanField(label=_("This place only"), required=False)
    ended = forms.BooleanField(label=_("Ended ones too"), required=False)
