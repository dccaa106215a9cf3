"""Who gets which answer from which address: one table, read by people, in one file a floor."""

from tests.access import cases, everybody, homes, ledgers, party, people, places, posts, reports, visits

FILES_OF_ROWS = [everybody, people, places, posts, reports, visits, cases, homes, party, ledgers]
TABLE = {name: rows for file in FILES_OF_ROWS for name, rows in file.ROWS.items()}
