"""The addresses of party organisations, members and household links."""

from django.urls import path

from households import (
    cadre_views,
    coverage_views,
    link_views,
    member_import_views,
    member_views,
    org_views,
    proposed_views,
)

app_name = "party"
urlpatterns = [
    path("links/", coverage_views.index, name="coverage"),
    path("links/export.xlsx", coverage_views.export, name="coverage_export"),
    path("links/notice/<str:code>/", coverage_views.notice, name="notice"),
    path("links/rule/<str:code>/", coverage_views.rule, name="rule"),
    path("links/proposals/", proposed_views.index, name="proposals"),
    path("links/proposals/<int:pk>/", proposed_views.proposal, name="proposal"),
    path("links/proposals/<int:pk>/apply/", proposed_views.apply, name="apply"),
    path("links/proposals/<int:pk>/discard/", proposed_views.discard, name="discard"),
    path("links/proposals/<int:pk>/<str:code>/", proposed_views.village, name="proposal_village"),
    path("party/members/", member_views.members, name="members"),
    path("links/cadres/<str:code>/", cadre_views.register, name="cadres"),
    path("links/cadres/links/<int:pk>/end/", cadre_views.end, name="cadre_end"),
    path("links/households/<str:code>/", link_views.household, name="household"),
    path("party/", org_views.tree, name="orgs"),
    path("party/orgs/<int:pk>/", org_views.org, name="org"),
    path("party/orgs/<int:pk>/end/", org_views.end, name="org_end"),
    path("party/members/import/", member_import_views.upload, name="import"),
    path("party/members/import/template.xlsx", member_import_views.template, name="import_template"),
    path("party/members/import/<uuid:held_id>/", member_import_views.preview, name="import_preview"),
    path("party/members/import/<uuid:held_id>/marked.xlsx", member_import_views.marked, name="import_marked"),
    path("party/members/new/", member_views.new, name="member_new"),
    path("party/members/<int:pk>/", member_views.member, name="member"),
    path("party/members/<int:pk>/exemptions/<int:exemption>/end/", member_views.end_exemption, name="exemption_end"),
    path("party/members/<int:pk>/<str:act>/", member_views.act, name="member_act"),
    path("party/members/export.xlsx", member_views.export, name="members_export"),
]
