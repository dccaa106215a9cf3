"""Sealed columns: phones and ID numbers are encrypted in the row and found again by a keyed index.

Token = key id, nonce and AES-256-GCM ciphertext; the column and the row's `sealing_id` are the associated data, so a
token copied to another row or column does not open. Beside it a keyed hash (HMAC-SHA-256 under another key) of the
whole value and one of its last four characters allow exact look-up (PIPL art. 51; domain handbook 6.4 for masks).
"""

import base64
import hmac
import os
import unicodedata
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models


class SealBroken(ValueError):
    """The token does not open under any key for this row and column."""


def _keys():
    return _parsed(settings.SEALING_KEYS)


@lru_cache(maxsize=4)
def _parsed(text):
    pairs = (pair.split(":", 1) for pair in text.split(","))
    return {name.strip(): base64.b64decode(key) for name, key in pairs}


def current_key() -> str:
    """The name of the key that seals; every token begins with the name of its own."""
    return next(iter(_keys()))


_cipher = lru_cache(maxsize=4)(AESGCM)  # many values are sealed under few keys


def normal(value: str) -> str:
    """Spaces out, letters up, full-width characters narrow: the form that is sealed and indexed."""
    return "".join((value if value.isascii() else unicodedata.normalize("NFKC", value)).split()).upper()


def seal(value: str, *, place: str) -> str:
    """The token for a value; `place` names column and row and must be given again to open it."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    body = _cipher(key).encrypt(nonce, normal(value).encode(), place.encode())
    return f"{name}.{base64.urlsafe_b64encode(nonce + body).decode()}"


def unseal(token: str, *, place: str) -> str:
    """The value in a token; SealBroken when key, row or column do not fit."""
    name, _, body = token.partition(".")
    try:
        raw = base64.urlsafe_b64decode(body)
        return AESGCM(_keys()[name]).decrypt(raw[:12], raw[12:], place.encode()).decode()
    except (KeyError, ValueError, InvalidTag) as wrong:
        raise SealBroken(place) from wrong


def seal_bytes(content: bytes, *, place: str) -> bytes:
    """The same for a whole file: key id, a dot, nonce and ciphertext."""
    name, key = next(iter(_keys().items()))
    nonce = os.urandom(12)
    return name.encode() + b"." + nonce + AESGCM(key).encrypt(nonce, content, place.encode())


def unseal_bytes(token: bytes, *, place: str) -> bytes:
    """The file in a token; SealBroken when key or place do not fit."""
    name, _, body = bytes(token).partition(b".")
    try:
        return AESGCM(_keys()[name.decode()]).decrypt(body[:12], body[12:], place.encode())
    except (KeyError, ValueError, InvalidTag) as wrong:
        raise SealBroken(place) from wrong


def blind(value: str, *, purpose: str) -> str:
    """A keyed hash, 32 hex characters, for exact look-up of a whole value."""
    key = settings.BLIND_INDEX_KEY.encode()
    return hmac.digest(key, f"{purpose}:{normal(value)}".encode(), "sha256").hex()[:32]


def blind_tail(value: str, *, purpose: str) -> str:
    """The same over the last four characters."""
    return blind(normal(value)[-4:], purpose=f"{purpose}:tail")


class SealedField(models.TextField):
    """Text that is stored only as a token. Assigning a plain string seals it on save and fills `<name>_index` and
    `<name>_tail` (declare them after this field); loading gives the token, `common.sealed.opened(row, name)` the value.
    `purpose` makes equal values of the same kind (two phone columns) find each other.
    """

    def __init__(self, *args, purpose="", **kwargs):
        self.purpose = purpose
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"purpose": self.purpose}

    def from_db_value(self, value, expression, connection):
        return Token(value) if value else ""

    def pre_save(self, instance, add):
        value = getattr(instance, self.attname)
        if isinstance(value, Token):
            return str(value)
        value = value or ""
        setattr(instance, f"{self.attname}_index", blind(value, purpose=self.purpose) if value else "")
        setattr(instance, f"{self.attname}_tail", blind_tail(value, purpose=self.purpose) if value else "")
        token = Token(seal(value, place=_place(instance, self.attname))) if value else ""
        setattr(instance, self.attname, token)
        return str(token)


class Token(str):
    """A sealed value as the database holds it; printing it shows nothing of what is inside."""

    def __repr__(self):
        return "<sealed>"


class BlindIndexField(models.CharField):
    """The keyed hash beside a sealed field; never filled by hand."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 32, "default": "", "blank": True, "editable": False} | kwargs)


def _place(row, name):
    return _place_of(row, name, row.sealing_id)


def _place_of(model, name, sealing_id):
    return f"{model._meta.label_lower}.{name}:{sealing_id}"


def columns_of(model, name: str, sealing_id, value: str) -> tuple[str, str, str]:
    """Token, index and tail of a value as the row with that sealing id holds them, for writing many rows at once."""
    if not value:
        return "", "", ""
    purpose = model._meta.get_field(name).purpose
    token = seal(value, place=_place_of(model, name, sealing_id))
    return token, blind(value, purpose=purpose), blind_tail(value, purpose=purpose)


def opened_of(model, name: str, sealing_id, token) -> str:
    """The clear value of a column read without its row; for masking only, like `opened`."""
    return unseal(token, place=_place_of(model, name, sealing_id)) if token else ""


def opened(row, name: str) -> str:
    """The clear value of a sealed field. Only `accounts.audit` and the mask filters may call it."""
    value = getattr(row, name)
    return unseal(value, place=_place(row, name)) if isinstance(value, Token) else value
