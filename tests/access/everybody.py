"""Access: addresses for everybody, signing in and out."""

from tests.access.rows import ALL, ANYBODY, Row, sent

ROWS = {
    # for everybody
    "healthz": [Row(ANYBODY)],
    "readyz": [Row(ANYBODY, ok=(200, 503))],
    "worker": [Row(ANYBODY)],
    "set_language": [Row(ANYBODY, ok=302, post=sent(language="en"))],
    "accounts:sign_in": [Row(ANYBODY, ok=(200, 302))],
    "accounts:sign_out": [Row(ALL, ok=302, post=sent(), without_post=302)],
    "accounts:first": [Row(ANYBODY)],
    "accounts:first_password": [Row(ANYBODY, ok=302)],
    "accounts:second": [Row(ANYBODY, ok=(200, 302))],
    "accounts:second_set_up": [Row(ALL, without_post=200)],
    "accounts:recovery_codes": [Row(ALL, ok=302, post=sent(code="000000"), without_post=302)],
    "accounts:second_remove": [Row(ALL, ok=302, post=sent(code="000000"), without_post=302)],
    "accounts:me": [Row(ALL, without_post=200)],
    "accounts:password": [Row(ALL, without_post=200)],
    "accounts:sign_out_everywhere": [Row(ALL, ok=302, post=sent(), without_post=302)],
    "accounts:revoke_device": [Row("", args=lambda corner: [0], post=sent(), refused=404, without_post=404)],
    "home": [Row(ALL, ok=302, without_post=200)],
}  # fmt: skip
