"""What stands in a stranger's training loop never raises: the first exception is a warning, after which it is off."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

P = ParamSpec("P")


class Guarded:
    """Something that can be switched off.

    Attributes:
        is_off: Whether it does nothing any more.
    """

    is_off = False

    def switch_off(self, reason: str) -> None:
        """Do nothing any more, and say once why.

        Args:
            reason: In words.
        """
        self.is_off = True
        with contextlib.suppress(Exception):
            self.let_go()
        warnings.warn(f"advise watches no longer: {reason}", RuntimeWarning, stacklevel=4)

    def let_go(self) -> None:
        """Let go of whatever is held."""


def guarded(method: Callable[P, None]) -> Callable[P, None]:
    """A method of something guarded that never raises.

    Args:
        method: It; nothing is done where its object is off.
    """

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        watching: Any = args[0]
        if watching.is_off:
            return
        try:
            method(*args, **kwargs)
        except Exception as error:
            watching.switch_off(f"{type(error).__name__}: {error}")

    return call
