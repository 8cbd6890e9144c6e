"""``python -m generator bench``: what this machine could do, then what the engine does on it."""
