"""Have captions rendered by a generator: one on this machine, or one elsewhere.

::

    with open_generator() as generator:
        for update in generator.render([job]):
            if isinstance(update.event, Picture):
                write_file(path, update.event.png)

Nothing here imports the engine. A local generator is a child process that lives as long as its
owner; what it is asked and what it answers is HTTP either way.
"""

from __future__ import annotations

from promptkit.dispatch.client import Crashed, Generator, Picture, Update, open_generator
from promptkit.dispatch.connection import RefusedError, ServedModel
from promptkit.dispatch.wire import UnreachableError
from promptkit.job.events import Done, Failed, FailureCode, Loading, Queued, Step

__all__ = [
    "Crashed",
    "Done",
    "Failed",
    "FailureCode",
    "Generator",
    "Loading",
    "Picture",
    "Queued",
    "RefusedError",
    "ServedModel",
    "Step",
    "UnreachableError",
    "Update",
    "open_generator",
]
