"""How a count and a rate are written: grouped digits, two decimals rounded half up, a dash for what is not known."""

from decimal import ROUND_HALF_UP, Decimal

UNKNOWN = "-"


def count(value) -> str:
    """1234 -> "1,234"; None -> "-"."""
    return UNKNOWN if value is None else f"{value:,}"


def rate(numerator, denominator) -> Decimal | None:
    """Per cent with two decimals, rounded half up (56, 57 -> 98.25); None for nothing of nothing."""
    if numerator is None or not denominator:
        return None
    return (Decimal(100 * numerator) / Decimal(denominator)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def rate_text(numerator, denominator) -> str:
    """56, 57 -> "98.25 %"; a zero denominator -> "-"."""
    found = rate(numerator, denominator)
    return UNKNOWN if found is None else f"{found} %"
