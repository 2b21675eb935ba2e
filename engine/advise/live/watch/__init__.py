"""A log that is followed while it grows: what is new in it, what that means, and who is told."""
