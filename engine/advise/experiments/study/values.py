"""Settings out of text: what a hyperparameter was set to."""

from __future__ import annotations

import math

from advise.documents.scalars import resolve
from advise.documents.settings import MOST_CHARACTERS
from advise.experiments.study.record import Setting
from advise.statistics import LARGEST
from advise.text import is_number

_TRUTHS = {"true": True, "false": False}


def setting_of(text: Setting) -> Setting:
    """A setting that may have been stored as text."""
    if not isinstance(text, str):
        return text
    if text.lower() in _TRUTHS:
        return _TRUTHS[text.lower()]
    value = resolve(text)
    return value if is_number(value) else text[:MOST_CHARACTERS]


def is_finite(value: object) -> bool:
    """Whether it is a number that can be reckoned with."""
    return is_number(value) and math.isfinite(value) and abs(value) <= LARGEST
