"""How long the properties are tried: short and always the same in the suite, long with HYPOTHESIS_LONG=<examples>, as
before work is called done."""

import os

from hypothesis import HealthCheck, Phase, settings

LONG = int(os.environ.get("HYPOTHESIS_LONG") or 0)
PHASES = [Phase.explicit, Phase.generate] + ([Phase.shrink] if LONG else [])  # shrinking a town's life takes minutes


def tried(short: int) -> settings:
    """`short` examples in the suite. Time limits on single ones would say nothing: the machine is shared."""
    return settings(
        max_examples=LONG or short, derandomize=not LONG, deadline=None, database=None, print_blob=True,
        phases=PHASES, report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
    )  # fmt: skip
