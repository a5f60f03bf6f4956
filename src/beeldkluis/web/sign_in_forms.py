"""allauth's forms, with plain Dutch labels and nothing repeated inside the boxes; and passkeys, looked at more closely."""

import struct
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.forms import Form
from fido2.webauthn import AuthenticationResponse, CollectedClientData, RegistrationResponse

from beeldkluis.journal import clock
from beeldkluis.journal.typed import ReadsCleanly
from beeldkluis.people.models import Person
from beeldkluis.web import actions

CODE = "Code uit uw app of herstelcode"


def _plain(form: Form, **labels: str) -> None:
    """Take away placeholders, which are labels that vanish, and set our own labels."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
    for name, label in labels.items():
        form.fields[name].label = label


class SignInForm(ReadsCleanly, LoginForm):  # type: ignore[misc]  # allauth ships no types
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class PasswordAgainForm(ReadsCleanly, ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, password="Uw wachtwoord")  # noqa: S106 - a label


class NewPasswordForm(ReadsCleanly, ChangePasswordForm):  # type: ignore[misc]  # allauth ships no types
    """The old password and twice the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(
            self,
            oldpassword="Huidig wachtwoord",
            password1="Nieuw wachtwoord",
            password2="Nieuw wachtwoord nog een keer",
        )


class _CodeOnce:
    """A code that is taken once, and never again, also not in the steps of half a minute before and after its own in which it
    would still fit (RFC 6238, 5.2).
    """

    user: Person
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        """The code. ValidationError when it does not fit, or was taken before."""
        typed = _digits(str(self.cleaned_data.get("code", "")))  # as long as whoever types makes it
        name = f"code-taken/{self.user.pk}/{sha256(typed.encode()).hexdigest()}"
        if cache.get(name) is not None:  # before allauth looks: a code that fits once more would forgive wrong ones
            raise _wrong()
        code: str = super().clean_code()  # type: ignore[misc]  # of allauth's form beside this
        if not cache.add(name, "y", FITS):  # of two at once, one is first
            raise _wrong()
        return code


class CodeForm(ReadsCleanly, _CodeOnce, codes.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The code at signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=CODE)


class CodeAgainForm(ReadsCleanly, _CodeOnce, codes.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=CODE)


class FirstCodeForm(ReadsCleanly, _CodeOnce, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code="Code uit uw app")


# In seconds, how long a code can fit, and a step more.
FITS = (2 * app_settings.TOTP_TOLERANCE + 2) * app_settings.TOTP_PERIOD


def _digits(code: str) -> str:
    return "".join(one for one in code if one.isalnum()).lower()


# What the libraries underneath raise for an answer that no browser makes.
MALFORMED = (TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError, struct.error)


def _from_here(said: CollectedClientData) -> None:
    """Did the browser make this on our own pages? allauth asks nothing of the kind without https, and with it lets in every
    subdomain. ValidationError.
    """
    ours = urlsplit(settings.ADDRESS)
    if said.origin != f"{ours.scheme}://{ours.netloc}" or said.cross_origin:
        raise _wrong()


def _wrong() -> ValidationError:
    error: ValidationError = get_adapter().validation_error("incorrect_code")
    return error


class _PasskeyShown:
    """A passkey was shown: on our own pages, and one whose counter does not go back, as it does when it was copied."""

    cleaned_data: dict[str, Any]

    def clean_credential(self) -> Authenticator:
        """The passkey, when all is well. ValidationError for anything else, also for what no browser makes."""
        try:
            told = AuthenticationResponse.from_dict(self.cleaned_data["credential"])
            _from_here(told.response.client_data)
            found: Authenticator = super().clean_credential()  # type: ignore[misc]  # of allauth's form beside this
        except MALFORMED as error:
            raise _wrong() from error
        if not actions.count_passkey(found, told.response.authenticator_data.counter, now=clock.now()):
            raise ValidationError(
                "Deze passkey is misschien gekopieerd: hij telt terug. Gebruik een andere tweede stap. De beheerder en de"
                " functionaris gegevensbescherming krijgen bericht."
            )
        return found


class SignInWithPasskeyForm(ReadsCleanly, _PasskeyShown, passkeys.LoginWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A passkey in place of password and code."""


class PasskeyForm(ReadsCleanly, _PasskeyShown, passkeys.AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A passkey after the password."""


class PasskeyAgainForm(ReadsCleanly, _PasskeyShown, passkeys.ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A passkey once more."""


class NewPasskeyForm(ReadsCleanly, passkeys.AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    """A new passkey, made on our own pages."""

    def clean(self) -> dict[str, Any]:
        """ValidationError for what no browser makes, and for one that was made elsewhere."""
        try:
            shown: Any = RegistrationResponse.from_dict(self.cleaned_data.get("credential"))
            _from_here(shown.response.client_data)
            cleaned = super().clean()
        except MALFORMED as error:
            raise _wrong() from error
        return cleaned or self.cleaned_data
