"""Ways to go wrong, each a server on loopback; any client may be led there and looked at."""
