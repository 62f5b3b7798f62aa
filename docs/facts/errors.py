"""Errors whose message says what is wrong and what to do; the build shows the message alone."""


class ExplainedError(Exception):
    """Something that a person can mend, and how."""


class BuildError(ExplainedError, RuntimeError):
    """A build step failed; the message says which and what to do."""


class NotRunnableError(ExplainedError, RuntimeError):
    """A page must run again, but this environment cannot run it."""
