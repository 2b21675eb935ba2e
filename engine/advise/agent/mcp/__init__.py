"""The advisor as a server of the Model Context Protocol, on the official SDK; everything it does is in `advise.agent`."""
