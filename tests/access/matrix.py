"""What is checked of every answer, and every question of the matrix to one address; each gives what was wrong."""

from urllib.parse import unquote

from django.test import Client

from tests.access import TABLE, sampling, tally
from tests.access.asking import Answer, ask
from tests.access.rows import ANYBODY
from tests.access.world import tops

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
OUTSIDE = 4  # so many roles try a method that is not taken also at places that are not theirs
REFUSED = {302, 400, 401, 403, 404, 405, 415}  # answers to a method that an address does not take
WORDS = ("排水沟{}", "地界{}", "路灯{}", "李{}", "周{}", "孙{}", "吴{}", "郑{}", "{}家", "说明{}", "病{}")


# --- what must hold of an answer -------------------------------------------------------------


def expected(row, letter, user, corner):
    if row.who == ANYBODY:
        return row.ok
    inside = row.at is None or any(corner.areas[row.at].path.startswith(top) for top in tops(user))
    if inside:
        return row.ok if letter in row.who else row.refused
    return next((status for who, status in row.outside.items() if letter in who or not who), 404)


def as_wanted(status, wanted):
    return status in wanted if isinstance(wanted, tuple) else status == wanted


def told(row, corner, answer: Answer) -> bytes:
    """The answer without what the row says is there for everybody, so that anything else is still found in it."""
    text = answer.told
    for word in sorted((word.format(corner.mark) for word in row.public), key=len, reverse=True):
        text = text.replace(word.encode(), b"")
    return text


def marks(world, corners, text, known):
    secrets = [secret for corner in corners for secret in world.secrets_of(corner)]
    return [secret.decode() for secret in secrets if secret in text and secret.decode() not in known]


def leaks(world, user, row, letter, text, address):
    """Marks in an answer that its reader may not see, other than those he wrote into the address himself."""
    found = marks(world, world.outside(user), text, address)
    found += [secret.decode() for secret in world.secrets_above(user) if secret in text]
    if letter in row.figures:
        words = [word.format(corner.mark) for corner in world.corners for word in WORDS]
        found += [word for word in words if word.encode() in text and word not in address]
    return found


def phones_in_clear(world, text, known):
    phones = [phone for corner in world.corners for phone in corner.phones]
    return [phone for phone in phones if phone.encode() in text and phone not in known]


class Findings(list):
    """Sentences about one address; the seed stands in the assertion that shows them."""

    def leak(self, sentence):
        tally.count("leaks")
        self.append(sentence)

    def wrong(self, sentence):
        tally.count("wrong")
        self.append(sentence)

    def of_reader(self, world, row, letter, corner, name, answer, who=""):
        """Whatever the status says: nothing foreign, no telephone, no breakdown."""
        user, text, who = world.people[letter], told(row, corner, answer), who or letter
        asked = unquote(answer.address)
        if found := leaks(world, user, row, letter, text, asked):
            self.leak(f"{who} {answer.address} tells {found}")
        if (shown := phones_in_clear(world, text, asked)) and not (name.endswith(":reveal") and letter in row.who):
            self.leak(f"{who} {answer.address} shows {shown}")
        if answer.status >= 500 and answer.status not in (row.ok if isinstance(row.ok, tuple) else ()):
            self.wrong(f"{who} {answer.address}: {answer.status}")


def position(world, corner):
    names = {world.own.mark: "own", world.sibling.mark: "sibling village", world.elsewhere.mark: "other town"}
    return names[corner.mark]


# --- the questions -----------------------------------------------------------------------------


def by_the_table(world, name) -> Findings:
    """The roles at their own place, at the sibling village, at the other town: the status, what the answer tells, and
    that a refused act changes nothing and an allowed one something."""
    found = Findings()
    for number, row in enumerate(TABLE[name]):
        method = "GET" if row.post is None else "POST"
        for turn, letter in enumerate(sampling.asked(name, number, row)):
            user = world.people[letter]
            for corner in sampling.corners(world, row, name, letter, turn == 0 or letter not in row.who):
                tally.cell(name, method, letter, position(world, corner))
                wanted = expected(row, letter, user, corner)
                answer = ask(world, world.clients[user.pk], name, row, corner)
                if not as_wanted(answer.status, wanted):
                    found.wrong(f"{letter} {answer.address}: {answer.status}, not {wanted}")
                found.of_reader(world, row, letter, corner, name, answer)
                if row.post and row.at and answer.wrote != (wanted == row.ok):
                    found.wrong(f"{letter} {answer.address}: {answer.status}, and something was written, or nothing")
    return found


def without_post(world, name) -> Findings:
    """Those whose post has ended, and strangers."""
    found = Findings()
    for number, row in enumerate(TABLE[name]):
        method = "GET" if row.post is None else "POST"
        for letter in sampling.asked_of_former(name, number):
            tally.cell(name, method, letter, "ended")
            answer = ask(world, world.clients[world.former[letter].pk], name, row, world.own)
            # his own name stands on every page
            _of_outsider(world, found, row, world.own, answer, f"former {letter}", _wanted_of_former(row), "ALFA")
        wanted = row.ok if row.who == ANYBODY else (401, 403) if row.json else 302
        for corner in sampling.some(world.corners, 1, name, number) if row.at else [world.own]:
            tally.cell(name, method, "-", "anonymous")
            answer = ask(world, Client(raise_request_exception=False), name, row, corner)
            _of_outsider(world, found, row, corner, answer, "stranger", wanted)
    return found


def _wanted_of_former(row):
    if row.who == ANYBODY:
        return row.ok
    if row.outside or (not row.at and row.without_post is None):
        return 403
    return row.without_post or (404 if row.at else row.refused)


def _of_outsider(world, found, row, corner, answer, who, wanted, known=""):
    if not as_wanted(answer.status, wanted):
        found.wrong(f"{who} {answer.address}: {answer.status}, not {wanted}")
    if seen := marks(world, world.corners, told(row, corner, answer), answer.address + known):
        found.leak(f"{who} {answer.address} tells {seen}")


def other_methods(world, name) -> Findings:
    """HEAD says what GET says, without a body. What an address does not take is refused, breaks nothing, writes
    nothing."""
    found = Findings()
    rows = TABLE[name]
    for number, row in sampling.rows(TABLE, name, "HEAD"):
        if row.post is None:
            _heads(world, found, name, number, row)
    row = rows[0]
    taken = {"GET", "HEAD"} if any(row.post is None for row in rows) else set()
    taken |= {"POST"} if any(row.post for row in rows) else set()
    for method in sampling.some([method for method in METHODS if method not in taken], 2, name, "methods"):
        _not_taken(world, found, name, row, method)
    return found


def _heads(world, found, name, number, row):
    for letter in sampling.some(sampling.asked(name, number, row), 1, name, number, "HEAD")[::OUTSIDE]:
        for corner in sampling.corners(world, row, name, letter, True):
            tally.cell(name, "HEAD", letter, position(world, corner))
            user = world.people[letter]
            answer = ask(world, world.clients[user.pk], name, row, corner, "HEAD")
            wanted = expected(row, letter, user, corner)
            if not as_wanted(answer.status, wanted):
                found.wrong(f"{letter} HEAD {answer.address}: {answer.status}, not {wanted}")
            if answer.body:
                found.wrong(f"{letter} HEAD {answer.address} has a body")
            found.of_reader(world, row, letter, corner, name, answer, f"{letter} HEAD")


def _not_taken(world, found, name, row, method):
    for n, letter in enumerate(sampling.some(sampling.asked(name, method, row), 1, name, method)):
        corners = sampling.corners(world, row, name, letter, n < OUTSIDE)
        for corner in corners if n < OUTSIDE else [world.own]:
            tally.cell(name, method, letter, position(world, corner))
            user = world.people[letter]
            answer = ask(world, world.clients[user.pk], name, row, corner, method)
            who = f"{letter} {method}"
            may = method == "POST" and expected(row, letter, user, corner) == row.ok
            if answer.status not in REFUSED and method not in {"OPTIONS", "POST"}:
                found.wrong(f"{who} {answer.address}: {answer.status}")
            if answer.wrote and not may:
                found.wrong(f"{who} {answer.address}: {answer.status}, and something was written")
            found.of_reader(world, row, letter, corner, name, answer, who)
