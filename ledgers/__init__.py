"""Facts per area and period; the village weekly ledger; the town monthly table."""
