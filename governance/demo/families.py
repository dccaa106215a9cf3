"""Invents households: how many live in one, who they are to each other, how old, and who works away."""

from dataclasses import dataclass, field

SIZES = {1: 15, 2: 25, 3: 24, 4: 19, 5: 11, 6: 5, 7: 1}  # percent of households by registered people
# how readily somebody of that age lives away: (below this age, weight)
AWAY = [(6, 0.5), (18, 0.6), (23, 2.2), (46, 1.9), (60, 0.8), (70, 0.2), (200, 0.08)]
KINDS = [("lifted", 0.062), ("monitored", 0.009)]  # lifted out of poverty, monitored; all others are ordinary


@dataclass
class Person:
    """Somebody of a household: relation to its head, sex, age on the as-of day."""

    relation: str
    sex: str
    age: int
    here: bool = True


@dataclass
class Family:
    """One household: its people, the head first, and its kind."""

    people: list[Person] = field(default_factory=list)
    kind: str = "ordinary"


def families(rng, households: int, people: int, here: int) -> list[Family]:
    """So many households with exactly so many people, of whom exactly so many live there."""
    made = [Family(_members(rng, size), _kind(rng)) for size in _sizes(rng, households, people)]
    _send_away(rng, made, people - here)
    return made


def _sizes(rng, households, people):
    """Drawn sizes, then single people added or taken at random until the sum is exact."""
    sizes = rng.choices(list(SIZES), SIZES.values(), k=households)
    while sum(sizes) != people:
        step = 1 if sum(sizes) < people else -1
        for n in rng.sample(range(households), min(households, abs(people - sum(sizes)))):
            if 1 <= sizes[n] + step <= max(SIZES):
                sizes[n] += step
    return sizes


def _kind(rng):
    draw = rng.random()
    for kind, share in KINDS:
        if draw < share:
            return kind
        draw -= share
    return "ordinary"


def _members(rng, size):
    head = Person("head", "M" if rng.random() < 0.84 else "F", _age_of_head(rng, size))
    people = [head]
    if size > 1 and rng.random() < (0.86 if size == 2 else 0.95):
        age = max(20, head.age + rng.randint(-5, 3))
        people.append(Person("spouse", "F" if head.sex == "M" else "M", age))
    seats = size - len(people)
    parents = 0 if head.age > 64 or seats < 2 else rng.choice([0, 0, 1, 1, 2])
    parents = max(min(parents, seats - 1), 0)
    people += _young(rng, head.age, seats - parents)
    people += [Person(*who, head.age + rng.randint(21, 28)) for who in [("mother", "F"), ("father", "M")][:parents]]
    return people


def _age_of_head(rng, size):
    if size == 1:
        return rng.randint(60, 89) if rng.random() < 0.66 else rng.randint(32, 59)
    if size == 2:
        return rng.randint(55, 82) if rng.random() < 0.72 else rng.randint(30, 54)
    return rng.randint(33, 58) if size < 5 else rng.randint(38, 66)


def _young(rng, head_age, seats):
    """Children of the head, and where they are grown a daughter-in-law and grandchildren."""
    if not seats:
        return []
    eldest = max(head_age - rng.randint(22, 29), 0)
    children = seats if eldest < 24 else min(seats, rng.choice([1, 2, 2, 2, 3]))
    made = [_child(rng, max(eldest - n * rng.randint(2, 4), 0)) for n in range(children)]
    rest = seats - children
    if rest and rng.random() < 0.8:
        made[0] = Person("son", "M", made[0].age)
        made.append(Person("daughter_in_law", "F", max(made[0].age - rng.randint(-1, 3), 20)))
        rest -= 1
    return made + [_grandchild(rng, max(eldest - rng.randint(23, 28), 0)) for _ in range(rest)]


def _child(rng, age):
    return Person("son", "M", age) if rng.random() < 0.53 else Person("daughter", "F", age)


def _grandchild(rng, age):
    return Person("grandson", "M", age) if rng.random() < 0.52 else Person("granddaughter", "F", age)


def _send_away(rng, made, count):
    """Exactly so many live away, mostly the young (weighted draw without replacement); no child is left alone."""
    everyone = [person for family in made for person in family.people]
    order = sorted(everyone, key=lambda person: rng.random() ** (1 / _readiness(person.age)), reverse=True)
    for person in order[:count]:
        person.here = False
    left_alone = [person for family in made for person in _children_alone(family)]
    for person in left_alone:
        person.here = False
    grown = [person for person in reversed(order[:count]) if person.age >= 18]
    for person in grown[: len(left_alone)]:
        person.here = True


def _children_alone(family):
    here = [person for person in family.people if person.here]
    return here if here and all(person.age < 18 for person in here) else []


def _readiness(age):
    return next(weight for below, weight in AWAY if age < below)
