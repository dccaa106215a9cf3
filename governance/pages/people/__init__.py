"""Pages of people and their accounts: list, one person, slips, import, exports."""
