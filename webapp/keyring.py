"""The session key and the encryption key: given, or made at the first start and kept (0600).

The encryption key may be several Fernet keys separated by commas: the first one encrypts, all
of them decrypt (that is how a key is rotated).
"""

import base64
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from webapp.config import ConfigurationError, Settings


@dataclass(frozen=True, repr=False)
class Keyring:
    """What seals and opens secrets."""

    session_key: str
    fernet: MultiFernet

    def seal(self, plain: str) -> str:
        """Encrypt; the result is text."""
        return self.fernet.encrypt(plain.encode()).decode()

    def open(self, sealed: str) -> str:
        """Decrypt; raises cryptography.fernet.InvalidToken for another key's text."""
        return self.fernet.decrypt(sealed.encode()).decode()

    def reseal(self, sealed: str) -> str:
        """The same secret under the newest key."""
        return self.fernet.rotate(sealed.encode()).decode()


def load_keyring(settings: Settings) -> Keyring:
    """Raises ConfigurationError in one sentence when a key is unusable."""
    session_key = settings.secret_key or _kept(settings.data_dir / "session.key", _new_session_key)
    if len(session_key) < 16:
        raise ConfigurationError("SECRET_KEY is too short: give at least 16 random characters.")
    text = settings.encryption_key or _kept(settings.data_dir / "encryption.key", _new_fernet_key)
    return Keyring(session_key, _fernet(text))


def opens(keyring: Keyring, sealed: str) -> bool:
    """Whether this keyring decrypts that text."""
    try:
        keyring.open(sealed)
    except InvalidToken:
        return False
    return True


def _fernet(text: str) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key.strip()) for key in text.split(",") if key.strip()])
    except ValueError:
        raise ConfigurationError(
            "ENCRYPTION_KEY is not a Fernet key (32 bytes in URL-safe base64): give back the key "
            "that this installation was started with."
        ) from None


def _kept(path: Path, make: Callable[[], str]) -> str:
    if path.exists():
        return path.read_text(encoding="utf-8").strip()
    value = make()
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process of ours was first
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(value + "\n")
    return value


def _new_session_key() -> str:
    return secrets.token_urlsafe(48)


def _new_fernet_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
