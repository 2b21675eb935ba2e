"""The content linter: what a rule base can load with and still should not have."""

from advise.authoring.lint.run import lint

__all__ = ["lint"]
