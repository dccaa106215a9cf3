"""The same addresses asked in other ways: pages, sorts, searches for foreign words, heads, ETags of others, rows that
do not exist. None of it may tell more, and a foreign row must look exactly like one that is not there."""

import re
from urllib.parse import urlencode

from django.urls import reverse

from tests.access import TABLE, sampling, tally
from tests.access.asking import NOBODY, address_of, first_difference, rolled_back, send
from tests.access.matrix import Findings
from tests.access.world import signed_in

PAIRS = 6  # so many roles are shown a foreign row and one that does not exist
INVENTED = "QWERTY"  # a word that stands nowhere, in place of a mark
HEADS = [
    {"Accept": "application/json"}, {"HX-Request": "true"}, {"X-Requested-With": "XMLHttpRequest"},
    {"If-None-Match": "*"}, {"If-Modified-Since": "Wed, 18 Nov 2026 23:00:00 GMT"}, {"Range": "bytes=0-99"},
]  # fmt: skip
QUERIES = [
    "page=999", "page=x", "format=json", "format=xlsx", "sort=line", "sort=-severity", "sort=phone", "sort=name",
    "sort=area__path", "sort=user__password", "order_by=line", "fields=line,phone", "pk__gte=1", "area__path=0",
]  # fmt: skip
IDS = {"area", "person", "to", "villages", "of"}  # fields of an act that name a row


def readers(name, number, row):
    """One of those whom a row answers; two in the long form."""
    letters = [letter for letter in sampling.asked(name, number, row) if letter in row.who]
    return sorted(letters, key=lambda letter: sampling.turn(name, number, letter))[: 2 if sampling.WHOLE else 1]


def asked_otherwise(world, name) -> Findings:
    """Those who may read a page ask it with every variant."""
    found = Findings()
    for number, row in sampling.rows(TABLE, name, "variants"):
        if row.post is None:
            for letter in readers(name, number, row):
                _variants(world, found, name, row, letter)
    return found


def _variants(world, found, name, row, letter):
    client, address = world.clients[world.people[letter].pk], address_of(name, row, world.own)

    def get(query="", heads=None):
        tally.count("variants")
        with rolled_back():
            answer = send(client, "GET", _with(address, query), heads=heads)
        found.of_reader(world, row, letter, world.own, name, answer)
        return answer

    usual = get()
    sorts = {f"sort={key}" for key in re.findall(r"[?&;]sort=([a-z_-]+)", usual.told.decode(errors="replace"))}
    for query in sampling.some(sorted({*QUERIES, *sorts}), 3, name, letter, "queries"):
        get(query)
    for heads in sampling.some(HEADS, 1, name, letter, "heads"):
        answer = get(heads=heads)
        if "If-None-Match" in heads and answer.status == 304 and usual.status != 200:
            found.leak(f"{letter} {address}: 304, although it is {usual.status}")
    for corner in sampling.some(world.outside(world.people[letter]), 1, name, letter, "search"):
        _searches(world, found, letter, corner, get)


def _searches(world, found, letter, corner, get):
    """Looking for a foreign word finds as much as looking for a word that does not exist."""
    words = {
        corner.mark: INVENTED[: len(corner.mark)], f"李{corner.mark}": f"李{INVENTED}", corner.phones[0]: "13900000009",
        corner.dispute.case.number: "MD-999-20261118-001", corner.village.code: "999999999999",
    }  # fmt: skip
    for word, invented in sampling.some(words.items(), 1, letter, corner.mark):
        one, other = get(urlencode({"q": word})), get(urlencode({"q": invented}))
        if one.status != other.status or (part := first_difference(_said(one, word), _said(other, invented))):
            if _said(one, word) == _said(
                get(urlencode({"q": word})), word
            ):  # a page that is new at every time says nothing
                found.leak(f"{letter} {one.address} finds something: {one.status} {part}")


def _said(answer, word):
    return answer.plain(urlencode({"q": word}), word)


def _with(address, query):
    return address + ("&" if "?" in address else "?") + query if query else address


def like_nothing(world, name) -> Findings:
    """For a place outside: the answer about a row there and about one that does not exist are the same, byte by byte;
    also with the ETag that somebody there was given."""
    found = Findings()
    for number, row in sampling.rows(TABLE, name, "pairs"):
        if not row.at or row.public:
            continue
        letters = sampling.asked(name, number, row)
        for letter in sampling.some(letters, 1, name, number, "pairs")[:PAIRS]:
            for corner in sampling.some(world.outside(world.people[letter]), 1, name, letter, "pairs"):
                _pair(world, found, name, row, letter, corner)
    return found


def _pair(world, found, name, row, letter, corner):
    args, query = row.args(corner), row.query(corner)
    unknown = [_unknown(value, corner) for value in args]
    nowhere = _unknown(query, corner)
    said = row.post(corner) if row.post else None
    invented = {key: _unknown(value, corner, key in IDS) for key, value in (said or {}).items()} if row.post else None
    if (unknown, nowhere, invented) == (args, query, said):
        return
    tally.count("pairs")
    client, method = world.clients[world.people[letter].pk], "POST" if row.post else "GET"
    foreign = _answer(client, method, name, row, corner, args, query, said)
    nothing = _answer(client, method, name, row, corner, unknown, nowhere, invented)
    part = first_difference(foreign.plain(), _as_if_foreign(nothing, corner))
    if foreign.status != nothing.status or part:
        told = f"{letter} {foreign.address} ({foreign.status}) is not like {nothing.address} ({nothing.status})"
        found.leak(f"{told}: {part!r}")
    _etag(world, found, name, row, letter, corner, foreign)


def _answer(client, method, name, row, corner, args, query, said):
    with rolled_back():
        return send(client, method, reverse(name, args=args) + query, said, json=row.json)


def _etag(world, found, name, row, letter, corner, refused):
    """The ETag that a person of the other place was given changes nothing."""
    if row.post is None:
        with rolled_back():
            theirs = send(signed_in(corner.town_desk), "GET", refused.address)
            if etag := theirs.heads.get("ETag"):
                client = world.clients[world.people[letter].pk]
                again = send(client, "GET", refused.address, heads={"If-None-Match": etag})
                if again.status != refused.status:
                    found.leak(f"{letter} {refused.address}: {again.status} with the ETag of another")


def _as_if_foreign(nothing, corner):
    """The answer about nothing with what was asked for put back: its echo is no news."""
    text = re.sub(rb"\b2\d{9}\b", lambda found: str(int(found[0]) - NOBODY).encode(), nothing.plain())
    return text.replace(b"999999999", corner.town.code[:9].encode())


def _unknown(value, corner, is_id=True):
    """The same value naming nothing: a number nobody has, a code or case number of no place."""
    if isinstance(value, list):
        return [_unknown(one, corner, is_id) for one in value]
    if is_id and isinstance(value, int):
        rows = [*corner.areas.values(), *corner.rows.values()]
        return NOBODY + value if value in {row.pk for row in rows} else value
    if isinstance(value, str):
        value = value.replace(corner.town.code[:9], "999999999")
        return re.sub(r"^(MD|FW)-\d{3}-", r"\1-999-", value) if is_id else value
    return value
