"""The phone's way to record a visit: one address that calls the same verb as the page."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import opaque
from casework.codes import Category, Field, Severity
from grids import access
from households.models import Household
from screening import reporting, visit_plan, visiting
from screening.api import CHOOSE, HTTP_STATUS, PartySerializer, ShallowParser
from screening.models import Finding, Visit


class RaisedSerializer(serializers.Serializer):
    """What a matter raised at a visit is, and what becomes of it."""

    field = serializers.ChoiceField(choices=Field.choices, error_messages=CHOOSE)
    category = serializers.ChoiceField(choices=Category.choices, error_messages=CHOOSE)
    severity = serializers.ChoiceField(
        choices=Severity.choices, required=False, default=Severity.ORDINARY.value, error_messages=CHOOSE
    )
    outcome = serializers.ChoiceField(choices=Finding.Outcome.choices, error_messages=CHOOSE)
    parties = PartySerializer(many=True, required=False, max_length=20)


class VisitSerializer(serializers.Serializer):
    """One visit: which household (its code), which day, who was there by relation, what was raised."""

    client_id = serializers.UUIDField()
    household = serializers.CharField(max_length=30)
    day = serializers.DateField()
    result = serializers.ChoiceField(choices=Visit.Result.choices, error_messages=CHOOSE)
    present = serializers.ListField(
        child=serializers.ChoiceField(choices=Visit.Present.choices), required=False, max_length=5
    )
    reasons = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=40)
    line = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    follow_up = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    again_on = serializers.DateField(required=False, allow_null=True, default=None)
    matter = RaisedSerializer(required=False, allow_null=True, default=None)
    captured_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class VisitsView(APIView):
    """POST /api/v1/visits/: 201 taken, 200 was here before, 409 the id is known with other content (both are kept),
    400 with the fields that are wrong, 403 not allowed, 404 no such household among the person's own."""

    parser_classes = [ShallowParser]

    def post(self, request):
        opaque.require(request)
        form = VisitSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        said["household"] = self._household(request.user, said["household"])
        said["reasons"] = self._known(said["household"].town_id, said.get("reasons", []))
        try:
            done = visiting.record(by=request.user, **said)
        except (visiting.VisitRefused, reporting.ReportRefused) as refused:
            raise serializers.ValidationError({"detail": [str(refused)]}) from refused
        except ValidationError as refused:
            raise serializers.ValidationError({"detail": refused.messages}) from refused
        return Response(visiting.receipt(done), status=HTTP_STATUS[done.status])

    @staticmethod
    def _household(user, code):
        """404 for one outside his places, 403 for one inside that is not his to visit."""
        homes = Household.objects.select_related("area", "village")
        return access.fetch(homes, user, "visit.record", code=code)

    @staticmethod
    def _known(town_id, reasons):
        """The town's words only; a phone that kept an old list is told so."""
        words = visit_plan.words_of(town_id)
        if unknown := set(reasons) - {*words.brought, *words.occasions}:
            raise serializers.ValidationError(
                {"reasons": [_("The town no longer uses: %(words)s.") % {"words": "、".join(sorted(unknown))}]}
            )
        return reasons
