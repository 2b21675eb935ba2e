"""The advisor as tools for programs that reason: arguments and answers as data, one registry, and nothing that depends on a framework."""
