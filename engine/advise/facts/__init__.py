"""From what people state of a run to facts: named, typed, within bounds, each with its origin."""
