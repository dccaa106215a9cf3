"""What both kinds of case stand on: the case, numbers, steps, open spells."""
