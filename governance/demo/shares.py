"""Dividing a whole number exactly by weights."""


def split(total: int, weights, least=0) -> list[int]:
    """Whole shares in proportion to the weights that add up to `total`, none below `least` (largest remainders)."""
    spare = total - least * len(weights)
    if spare < 0:
        raise ValueError(f"{total} cannot be split into {len(weights)} shares of {least} or more")
    exact = [spare * weight / sum(weights) for weight in weights]
    shares = [least + int(part) for part in exact]
    by_remainder = sorted(range(len(weights)), key=lambda n: (int(exact[n]) - exact[n], n))
    for n in by_remainder[: total - sum(shares)]:
        shares[n] += 1
    return shares


def seats(total: int, weights) -> list[int]:
    """Everybody one seat, the others one by one to whoever then has the largest weight for its next seat (as large
    villages get a second grid)."""
    held = [1] * len(weights)
    for _ in range(total - len(weights)):
        held[max(range(len(weights)), key=lambda n: (weights[n] / (held[n] + 0.6), -n))] += 1
    return held
