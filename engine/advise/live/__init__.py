"""A run that is still under way: what it is found to have, look after look, a log that is followed while it grows, and an observer inside the loop.

`Observer` and `preflight` need PyTorch, which nothing else imports: it is loaded when they are asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advise.live.observer import Observer
    from advise.live.one_batch import Preflight, preflight

__all__ = ["Observer", "Preflight", "preflight"]

_HOMES = {"Observer": "observer", "Preflight": "one_batch", "preflight": "one_batch"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        return getattr(import_module(f"advise.live.{_HOMES[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ImportError('this needs PyTorch: pip install "playbook-advisor[live]"') from error
