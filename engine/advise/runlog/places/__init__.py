"""Where logs lie: which files of a folder are logs, which of them belong to one run, and which run is the newest."""
