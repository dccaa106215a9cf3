"""What an act may be told, by address: a new field of a form is entered here by hand, or the test of fields fails."""

_FINDING = "category client_id field household line outcome party_1 party_2 place severity"
_RAISED = "again_on category client_id day field follow_up line outcome party_1 party_2 severity"
_TEXTS = {
    "people:reveal": "reason",
    "people:close": "close-reason",
    "people:reopen": "",
    "people:remove_second_factor": "second-reason",
    "grids:boundary": "datum drawn file from_day outline reason surveyed",
    "grids:boundary_end": "on why",
    "grids:boundary_import": "datum file from_day surveyed",
    "grids:boundary_preview": "reason",
    "grids:town_setting": "cut_off english_grid english_micro_grid english_village every_day from_day"
    " label_grid label_micro_grid label_village",
    "grids:change": "basis client_id code confirm kind name official_name on",
    "grids:withdraw_act": "",
    "grids:reverse_act": "",
    "set_up_grids": "file",
    "set_up_confirm_grids": "",
    "set_up_discard_grids": "",
    "grids:appoint": "from_day full_time new_name origin person public_phone role",
    "grids:post_act": "area first from_day full_time last on origin public_phone reason role stand_in until_day",
    "grids:hand_over": "along on to",
    "grids:person_phone": "reason",
    "grids:staffing": "staffing supervision_phone",
    "grids:staffing_rows": "new_label new_least new_most new_time p0_keep p0_label p0_least p0_most p0_time "
    "post preset",
    "grids:cadres": "from_day person villages",
    "grids:teams": "base from_day kind name",
    "grids:team": "from_day leads new_name person",
    "grids:team_leave": "",
    "grids:team_end": "",
    "screening:file_nil": "area client_id day",
    "screening:found": _FINDING,
    "screening:void": "reason",
    "screening:correct": _FINDING,
    "screening:api_reports": "area captured_at client_id correction day findings proxy",
    "screening:record_visit": f"{_RAISED} household present reasons result",
    "screening:receive": f"{_RAISED} place",
    "screening:correct_visit": f"{_RAISED} household present reasons result",
    "screening:withdraw_visit": "reason",
    "screening:visit_plan": "brought every occasions",
    "screening:api_visits": "again_on captured_at category client_id day field follow_up household line matter name "
    "outcome parties phone present reasons result severity",
    "disputes:register": "area category client_id field line name_1 name_2 people_involved phone_1 phone_2 sensitive "
    "severity source",
    "disputes:act": "category field note of",
    "disputes:reveal": "reason",
    "orders:place": "area category client_id field line people_involved phone requester severity source",
    "orders:act": "note",
    "orders:reveal": "reason",
    "households:proposal": "codes from_day reason",
    "households:points": "datum file",
    "ledgers:week_act": "note version",
}
WRITABLE = {name: set(text.split()) for name, text in _TEXTS.items()}
