"""The plan: what was seen, what to do about it, and what could not be told."""

from advise.plan.model import Plan

__all__ = ["Plan"]
