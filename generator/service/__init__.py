"""The generator as an HTTP service: a bounded queue, one engine, events while a picture is made.

::

    POST   /v1/jobs                 a Job -> 202 and an id; 429 when the queue is full
    GET    /v1/jobs/{id}            the latest event
    GET    /v1/jobs/{id}/events     server-sent events until the job is done or has failed
    DELETE /v1/jobs/{id}            cancel: at once while it waits, else after the current step
    GET    /v1/images/{id}.png      the picture, with its record
    POST   /v1/images/generations   the OpenAI form
    GET    /v1/models, /healthz

Whatever goes wrong is answered as ``{"error": {"message", "type", "code"}}``.
"""

from __future__ import annotations
