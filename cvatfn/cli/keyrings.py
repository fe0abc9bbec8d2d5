"""The system's keyring: what may be asked of it, and how it refuses.

Rule: a backend is somebody else's code, and speaks to somebody else's service. Whatever it raises
is a value here, and no secret is in it.
"""

from __future__ import annotations

from typing import Final, Protocol

from attrs import frozen
from typing_extensions import override

from cvatfn.codecs.showing import readable
from cvatfn.outcome import Failure, Outcome, Success

__all__ = ["Keyring", "KeyringFailed", "forgotten", "secret_in", "system_keyring", "told"]

SERVICE: Final = "cvatfn"
"""What the keyring knows the logins by; each under the name of its server."""


class Keyring(Protocol):
    """What keeps secrets for a person: the part of `keyring`'s backends that is needed here."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The secret; nothing where there is none."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep a secret."""

    def delete_password(self, service: str, username: str, /) -> None:
        """Forget a secret."""


@frozen
class KeyringFailed:
    """The system's keyring refused.

    :param reason: what it said.

    >>> print(KeyringFailed("it is locked"))
    the system's keyring: it is locked. Unlock it, or log in anew with `--in-file`.
    """

    reason: str

    @override
    def __str__(self) -> str:
        said = readable(self.reason).rstrip(".")
        return f"the system's keyring: {said}. Unlock it, or log in anew with `--in-file`."


def system_keyring() -> Keyring | None:
    """The system's keyring, as the library `keyring` finds it; `None` where there is none."""
    import keyring
    from keyring.backends import fail, null

    try:
        found = keyring.get_keyring()
    except Exception as error:  # the person's own settings name a backend that does not load
        return _Unusable(error)
    return None if isinstance(found, fail.Keyring | null.Keyring) else found


@frozen
class _Unusable:
    """A keyring that does not load: it says why to whoever wants something of it."""

    error: Exception

    def get_password(self, _service: str, _username: str, /) -> str | None:
        raise self.error

    def set_password(self, _service: str, _username: str, _password: str, /) -> None:
        raise self.error

    def delete_password(self, _service: str, _username: str, /) -> None:
        raise self.error


def secret_in(keyring: Keyring, server: str) -> Outcome[str | None, KeyringFailed]:
    """The secret of a server; `None` where there is none.

    :param keyring: where it is.
    :param server: the server's URL.
    """
    try:
        return Success(keyring.get_password(SERVICE, server))
    except Exception as error:  # of any kind: see the rule
        return Failure(_failed(error))


def told(keyring: Keyring, server: str, secret: str) -> KeyringFailed | None:
    """Have a secret kept; or why it is not.

    :param keyring: where.
    :param server: the server's URL.
    :param secret: the secret.
    """
    try:
        keyring.set_password(SERVICE, server, secret)
    except Exception as error:  # as above
        return _failed(error)
    return None


def forgotten(keyring: Keyring, server: str) -> KeyringFailed | None:
    """Have a secret forgotten, if it is there; or why it is not.

    :param keyring: where it is.
    :param server: the server's URL.
    """
    try:
        if keyring.get_password(SERVICE, server) is not None:
            keyring.delete_password(SERVICE, server)
    except Exception as error:  # as above
        return _failed(error)
    return None


def _failed(error: Exception) -> KeyringFailed:
    return KeyringFailed(str(error) or type(error).__name__)
