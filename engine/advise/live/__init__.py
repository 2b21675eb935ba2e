"""A run that is still under way: what it is found to have, look after look, a log that is followed while it grows, and an observer inside the loop.

`Observer` needs PyTorch, which nothing else imports: it is loaded when it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from advise.live.observer import Observer

__all__ = ["Observer"]


def __getattr__(name: str) -> Any:
    if name == "Observer":
        try:
            from advise.live.observer import Observer
        except ModuleNotFoundError as error:
            if error.name != "torch":
                raise
            raise ImportError('the observer needs PyTorch: pip install "playbook-advisor[live]"') from error
        return Observer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
