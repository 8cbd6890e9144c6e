"""How truthful pictures of the draft world are: boxes, colours, kinds and letters."""
