"""A run that is still under way: what it is found to have, look after look, and a log that is followed while it grows."""
