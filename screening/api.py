"""The phone's way to file the daily report: one address that calls the same verb as the page."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ParseError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import opaque
from casework.codes import Category, Field, Severity
from casework.forms import a_phone_number
from grids import access
from grids.models import Area
from households.models import Household
from screening import reporting
from screening.models import Finding

HTTP_STATUS = {
    reporting.CREATED: status.HTTP_201_CREATED,
    reporting.ADDED: status.HTTP_201_CREATED,
    reporting.CORRECTED: status.HTTP_201_CREATED,
    reporting.REPLAYED: status.HTTP_200_OK,
    reporting.CONFLICT: status.HTTP_409_CONFLICT,
}
CHOOSE = dict.fromkeys(["invalid_choice", "required"], gettext_lazy("Choose one."))


class PartySerializer(serializers.Serializer):
    """One party of a dispute, as far as the worker knows."""

    name = serializers.CharField(max_length=60)
    phone = serializers.CharField(
        max_length=20, required=False, allow_blank=True, default="", validators=[a_phone_number]
    )


class FindingSerializer(serializers.Serializer):
    """One matter found; `area` and `household` are codes, empty means the grid itself."""

    area = serializers.CharField(max_length=24, required=False, allow_blank=True, default="")
    household = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    field = serializers.ChoiceField(choices=Field.choices, error_messages=CHOOSE)
    category = serializers.ChoiceField(choices=Category.choices, error_messages=CHOOSE)
    severity = serializers.ChoiceField(
        choices=Severity.choices, required=False, default=Severity.ORDINARY.value, error_messages=CHOOSE
    )
    line = serializers.CharField(max_length=200)
    outcome = serializers.ChoiceField(choices=Finding.Outcome.choices, error_messages=CHOOSE)
    parties = PartySerializer(many=True, required=False, max_length=20)


class ReportSerializer(serializers.Serializer):
    """One filing: which grid, which day, what was found (nothing: an empty list)."""

    client_id = serializers.UUIDField()
    area = serializers.CharField(max_length=24)
    day = serializers.DateField()
    findings = FindingSerializer(many=True, required=False, max_length=100)
    captured_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    correction = serializers.BooleanField(required=False, default=False)
    proxy = serializers.BooleanField(required=False, default=False)

    def validate_findings(self, findings):
        """Codes become rows, read within what the person may see; the answer names the finding that is wrong."""
        if not findings:  # most days
            return []
        user = self.context["request"].user
        areas = _by_code(Area.objects.visible_to(user), findings, "area")
        homes = Household.objects.visible_to(user, "household.view").select_related("area")
        homes = _by_code(homes, findings, "household")
        wrong = {number: _unknown(finding, areas, homes) for number, finding in enumerate(findings)}
        if wrong := {number: errors for number, errors in wrong.items() if errors}:
            raise serializers.ValidationError(wrong)
        return [
            finding | {"area": areas.get(finding["area"]), "household": homes.get(finding["household"])}
            for finding in findings
        ]


def _area(user, code):
    """The grid a filing is for: nearly always where the person holds the post."""
    return access.area_of_post(user, code) or Area.objects.visible_to(user).filter(code=code).first()


def _by_code(queryset, findings, name):
    codes = {finding[name] for finding in findings if finding[name]}
    return {row.code: row for row in queryset.filter(code__in=codes)} if codes else {}


def _unknown(finding, areas, homes):
    errors = {}
    if finding["area"] and finding["area"] not in areas:
        errors["area"] = [_("There is no such place in your area.")]
    if finding["household"] and finding["household"] not in homes:
        errors["household"] = [_("There is no such household in your grid.")]
    return errors


class ShallowParser(JSONParser):
    """JSON as DRF reads it; what is nested deeper than Python can read is as wrong as a missing bracket."""

    def parse(self, stream, media_type=None, parser_context=None):
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as deep:
            raise ParseError from deep


class ReportsView(APIView):
    """POST /api/v1/reports/: 201 taken, 200 was here before, 409 the id is known with other content (both are kept),
    400 with the fields that are wrong, 403 not allowed, 404 no such grid among the person's areas."""

    parser_classes = [ShallowParser]

    def post(self, request):
        opaque.require(request)
        form = ReportSerializer(data=request.data, context={"request": request})
        form.is_valid(raise_exception=True)
        said = dict(form.validated_data)
        said["area"] = _area(request.user, said["area"])
        if said["area"] is None:
            raise NotFound(_("There is no such place in your area."))
        try:
            filed = reporting.file_report(by=request.user, **said)
        except reporting.ReportRefused as refused:
            raise serializers.ValidationError({"detail": [str(refused)]}) from refused
        except ValidationError as refused:
            raise serializers.ValidationError({"detail": refused.messages}) from refused
        return Response(reporting.receipt(filed), status=HTTP_STATUS[filed.status])
