"""Two runs side by side: the settings in which they differ, their curves and where these part, and what is advised otherwise."""
