"""One rule a file: the docstring is the page, ``RULE`` the rule."""
