"""Table files of the weekly ledger and of the monthly table, through the one writer."""

from django.utils.translation import gettext as _

from common import spreadsheets
from common.spreadsheets import Sheet as FileSheet


def week(request, sheet):
    """A village's week: disputes with the carry-over line above them, reports, findings, what came late."""
    name = f"ledger-{sheet.village.code}-{sheet.week.iso_label}"
    return spreadsheets.answer(request, name, [_disputes(sheet), _reports(sheet), _findings(sheet), _late(sheet)])


def _disputes(sheet):
    carried = " ".join(f"{term.sign} {term.label} {term.value}".strip() for term in sheet.terms)
    sealed = sheet.row.sha256 if sheet.row and sheet.row.sha256 else _("not signed")
    comment = sheet.row.comment if sheet.row else ""
    return FileSheet(
        _("Disputes"),
        [_("Number"), _("Place"), _("Category"), _("Field"), _("Found"), _("Ended"), _("State at the end of the week")],
        [
            [line["number"], _("sensitive") if line["sensitive"] else line["place_name"], line["category"],
             line["field"], line["opened_on"], line["closed_on"] or "-", line["closed_as"] or _("open")]
            for line in sheet.shown().rows
        ],
        notes=[
            f"{sheet.village.town.name} {sheet.village.name} {_('Village weekly summary ledger')}",
            f"{sheet.week.iso_label}  {sheet.week.start} – {sheet.week.last}",
            carried,
            f"{_('Remark of the village centre desk')}: {comment or '-'}",
            f"SHA-256: {sealed}",
        ],
    )  # fmt: skip


def _reports(sheet):
    notes = [" ".join(f"{number.label} {number.value}" for number in sheet.duty)]
    rows = [[row["place_name"], row["day"], row["state_label"]] for row in sheet.shown("expected").rows]
    return FileSheet(_("Daily reports"), [_("Grid"), _("Day"), _("Report")], rows, notes=notes)


def _findings(sheet):
    head = [_("Day"), _("Place"), _("Category"), _("Field"), _("What was done")]
    keys = ["day", "place_name", "category", "field", "outcome"]
    return FileSheet(_("Findings"), head, [[row[key] for key in keys] for row in sheet.shown("findings").rows])


def _late(sheet):
    head = [_("Week"), _("What"), _("Place"), _("Which"), _("Received on"), _("Changes the opening by")]
    rows = [
        [row["week"], row["late_label"], _("sensitive") if row.get("sensitive") else row["place_name"],
         row.get("number") or row["day"], row.get("received_on", ""), row["stock"]]
        for row in sheet.late
    ]  # fmt: skip
    return FileSheet(_("Filed late, for earlier weeks"), head, rows)


def town_month(request, table):
    """The form as it is filed: two columns of labels, a column a village, subtotal, year to date; labels merged."""
    form, villages = table.form, table.village_columns
    names = [column.label for column in villages]
    head = [form.head["content"], form.head["measure"], *_spread(form.head["villages"], len(names))]
    head += [column.label for column in table.whole_columns]
    rows = [["", "", *names, *[""] * len(table.whole_columns)]]
    rows += [
        [line.label if line.first else "", line.measure_label, *(cell.written for cell in cells)]
        for line, cells in table.lines()
    ]
    sheet = FileSheet(
        table.month.iso_label, head, rows, notes=_form_notes(table),
        merged=_merged(form, len(names), len(head)), kept_in_view=(2, 2),
    )  # fmt: skip
    words = [[form.origin], *([note] for note in form.footnotes)]
    explained = FileSheet(_("How it counts"), [f"{form.title}（{form.style}）"], words)
    return spreadsheets.answer(request, f"screening-{table.town.code}-{table.month.iso_label}", [sheet, explained])


def _spread(label, n):
    """A label over n columns; nothing where there is no column."""
    return [label, *[""] * (n - 1)] if n else []


def _form_notes(table):
    unit, month, signer, maker = table.form.unit_line
    year_month = f"{table.month.start.year}年{table.month.start.month}月"
    return [
        f"{year_month}{table.town.name}{table.form.title}（{table.form.style}）",
        f"{unit}：{table.town.name}    {month}：{year_month}    {signer}：        {maker}：",
    ]


def _merged(form, villages, columns):
    """Cells that are one on the form: the head's labels, and each row's label over its lines."""
    heads = [(1, 1, 2, 1), (1, 2, 2, 2), (1, columns - 1, 2, columns - 1), (1, columns, 2, columns)]
    if villages > 1:
        heads.append((1, 3, 1, 2 + villages))
    blocks = [(3 + n, 1, 2 + n + line.span, 1) for n, line in enumerate(form.lines) if line.first and line.span > 1]
    return heads + blocks
