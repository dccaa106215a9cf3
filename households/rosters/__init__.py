"""Takes over the rosters villages keep in tables: reading and matching columns, checking, comparing, writing, undoing.

columns -> opening -> grouping -> checking -> comparing -> storing     (undoing takes an import back)
importing: the acts of a person; working: what the worker does of them
"""
