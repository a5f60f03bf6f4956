"""allauth's forms, with plain Dutch labels and nothing repeated inside the boxes."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.forms import Form

from beeldkluis.journal.typed import ReadsCleanly

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


class CodeForm(ReadsCleanly, codes.AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """The code at signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=CODE)


class CodeAgainForm(ReadsCleanly, codes.ReauthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code=CODE)


class FirstCodeForm(ReadsCleanly, ActivateTOTPForm):  # type: ignore[misc]  # allauth ships no types
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self, code="Code uit uw app")
