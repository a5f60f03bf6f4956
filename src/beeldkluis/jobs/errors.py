"""How a job ends early."""


class StoppedError(Exception):
    """The worker is told to stop."""


class OverError(Exception):
    """The job is no longer this worker's: cancelled, given up, or asked anew. What was made of it is thrown away."""


class JobError(Exception):
    """The job cannot be done; `reason` says why to people, in Dutch."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
