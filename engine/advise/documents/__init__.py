"""Reading files that people wrote: every value knows where it stands, and every mistake can be pointed at."""
