"""What can go wrong, as three kinds a person can act on.

AppError
├── UserError         the input or the order of steps is wrong; the message says what to do
├── EnvironmentFault  disk, lock, USB, a newer database: nobody's bug, nothing was changed
│   └── PartlyDone    … but for what the message says: the record is safe, its files are not yet
└── IntegrityError    a record does not verify: digest, chain, signature of a file

Anything else that escapes is a bug and goes to the crash hook.  Messages are
Chinese sentences for an officer: what happened, why, what to do next.
"""

from __future__ import annotations


class AppError(Exception):
    """Base of every error that is shown to a person as a sentence.

    ``message`` says what happened and why; ``advice`` says what to do next
    (may be empty when the message already does).
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}{self.advice}" if self.advice else self.message


class UserError(AppError):
    """Wrong input or wrong order of steps; nothing was changed."""


class EnvironmentFault(AppError):  # noqa: N818 - nobody's error: a fault of the machine
    """The machine is in the way: disk, lock, stick, file version."""


class PartlyDone(EnvironmentFault):
    """The step itself is saved; files that follow from it could not be written yet."""


class IntegrityError(AppError):
    """A record, file or database does not verify."""
