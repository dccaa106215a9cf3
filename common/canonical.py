"""The one written form of content that is compared or sealed, and its SHA-256."""

import hashlib
import json


def canonical(content: dict) -> str:
    """Sorted keys, no spaces, UTF-8, no floats that are no numbers."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(content: dict) -> str:
    """SHA-256 over the canonical form, in hexadecimal digits."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()
