"""What can go wrong with the embedded server, said so that the person who started it can mend it."""


class EmbeddedPostgresError(Exception):
    """The server could not be started or reached.

    `code` is stable and snake_case, `params` fills the words of that code; the message itself is in English.
    """

    def __init__(self, code: str, message: str, **params: str | int) -> None:
        super().__init__(message)
        self.code = code
        self.params = params
