"""A second process that runs the unconditional transformer on a GPU of its own.

Both sides of guidance are then computed at the same time. The two processes share a few megabytes
of main memory, which hold the latents going over and the velocity coming back, and a pair of
sockets, which say when. A process that ends closes its socket, so the other one always hears of it.
"""

from __future__ import annotations

from generator.partner.client import Partner, RemoteBranch

__all__ = ["Partner", "RemoteBranch"]
