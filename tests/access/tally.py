"""What was tried and what was found in a run, in the words of the table that `make matrix` prints."""

import os
from collections import Counter, defaultdict

LONG = os.environ.get("GOV_MATRIX") == "whole"
HEADS = {  # how a line of the table is called: the key it is counted under
    "G1 URLs without a row": "unclassified",
    "G1 cells of the table (URL x method x role x position)": "cells",
    "G1 cells of variants (searches, sorts, pages, heads, ETags)": "variants",
    "G1 pairs of a foreign row and one that does not exist": "pairs",
    "G1 answers with a foreign word, number or telephone": "leaks",
    "G1 other wrong answers": "wrong",
    "G2 requests with and without foreign rows": "requests",
    "G2 differences": "differences",
    "G3 acts x roles": "acts",
    "G3 fields x roles sent beside what an act asks for": "fields",
    "G3 of them accepted": "accepted",
    "G3 foreign values sent in fields an act asks for": "foreign",
    "G3 of them accepted ": "foreign_accepted",
    "G4 posts ended in the middle of a session": "ended",
    "G4 requests after that": "later",
    "G4 of them answered as before": "later_answered",
    "G9 wrong guesses at the door, half of them at names that exist": "guesses",
    "G9 differences in words or mean time": "told",
}
numbers, kinds = Counter(), defaultdict(set)


def count(key, n=1):
    numbers[key] += n


def cell(name, method, letter, position):
    """One question of the matrix. Positions: own, sibling, other town, ended, anonymous."""
    count("cells")
    for kind, value in [("URLs", name), ("methods", method), ("roles", letter), ("positions", position)]:
        kinds[kind].add(value)


def packed():
    """What one process sends to the one that prints."""
    return {"numbers": dict(numbers), "kinds": {kind: sorted(values) for kind, values in kinds.items()}}


def take(sent):
    numbers.update(sent["numbers"])
    for kind, values in sent["kinds"].items():
        kinds[kind] |= set(values)


def table():
    """The lines of a Markdown table; a harness that did not run has none."""
    lines = ["| what | number |", "| --- | ---: |"]
    lines += [f"| G1 {kind} | {len(values)} |" for kind, values in kinds.items()]
    tried = {head[:2] for head, key in HEADS.items() if key in numbers}
    return lines + [f"| {head.strip()} | {numbers[key]:,} |" for head, key in HEADS.items() if head[:2] in tried]
