"""How allauth behaves here: no sign-up, a second factor always, no account that a stranger can lock, all in the journal."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import PasswordChangeView
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from beeldkluis.journal import clock
from beeldkluis.journal.actor import Actor
from beeldkluis.people.models import Person
from beeldkluis.people.signed_in import DEMONSTRATION_SESSION, factors_shown
from beeldkluis.sealed.errors import SealError
from beeldkluis.sealed.secret import open_secret, seal_secret
from beeldkluis.web import actions
from beeldkluis.web.events import PasswordAccepted, SecondFactorChanged, SignedIn, SignInFailed
from beeldkluis.web.strangers import may_be_noted

OUTSIDE = Actor.system("sign-in")
LONGEST_TYPED = 200
ADDED = ("totp_activated", "webauthn_added")


def second_factor_used(request: HttpRequest) -> str:
    """The kind of second factor this session was opened with, such as "totp"; empty when there was none."""
    if settings.DEMONSTRATION and request.session.get(DEMONSTRATION_SESSION):
        return "demonstratie"
    kinds = [str(one.get("type", "")) for one in factors_shown(request)]
    return kinds[-1] if kinds else ""


def signed_in(request: HttpRequest) -> Person | None:
    """The person of this session once the second factor was shown; otherwise nobody."""
    person = getattr(request, "user", None)
    return person if isinstance(person, Person) and second_factor_used(request) else None


_at_hand: ContextVar[Person | None] = ContextVar("sign_in_at_hand", default=None)


@contextmanager
def at_hand(person: Person) -> Iterator[None]:
    """Within, this person is not asked of the database: the row was read a moment ago. Everything else is checked as ever."""
    token = _at_hand.set(person)
    try:
        yield
    finally:
        _at_hand.reset(token)


class PasswordBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Answers the same to a wrong password and to the right one of somebody who was deactivated."""

    def _check_password(self, user: Person | None, password: str) -> Person | None:
        if user is None:
            return None
        self._did_check_password = True
        right = user.check_password(password) and self.user_can_authenticate(user)
        return user if right else None

    def get_user(self, user_id: object) -> Person | None:
        """The person of a session, unless deactivated. Asked of the database, but for the one that is at hand."""
        person = _at_hand.get()
        if person is None or person.pk != user_id:
            found: Person | None = super().get_user(user_id)
            return found
        return person if self.user_can_authenticate(person) else None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Signing in and out, noted in the journal, in plain Dutch."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "Dit account is uitgeschakeld.",
        "email_password_mismatch": "Het e-mailadres of het wachtwoord is niet goed.",
        "incorrect_password": "Het wachtwoord is niet goed.",
        "enter_current_password": "Dit is niet uw huidige wachtwoord.",
        "too_many_login_attempts": "Er is te vaak geprobeerd. Wacht vijf minuten en probeer het dan opnieuw.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """People are added by the administrator; nobody signs up."""
        return False

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Changing how one signs in asks for a factor again, except the very first: its password was typed just now."""
        return is_mfa_enabled(context.request.user) and bool(super().is_reauthentication_required(app=app))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failures count for one sender and one address together: a stranger elsewhere locks nobody out."""
        key: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{self.get_client_ip(request)}:{key}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Somebody typed an address and password that do not belong together."""
        typed = str(credentials.get("email", ""))[:LONGEST_TYPED]
        if may_be_noted(request):
            actions.note("web.sign_in", SignInFailed(typed=typed), actor=OUTSIDE)

    def post_login(self, request: HttpRequest, user: Person, **kwargs: Any) -> HttpResponse:
        """A session was opened."""
        how = second_factor_used(request)
        actions.note("web.sign_in", SignedIn(how=how) if how else PasswordAccepted(), actor=user.as_actor)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def logout(self, request: HttpRequest) -> None:
        """A session is closed."""
        if isinstance(request.user, Person):
            actions.sign_out(request.user, now=clock.now())
        super().logout(request)

    def set_password(self, user: Person, password: str) -> None:
        """Somebody changes the own password: in a step, like all that changes a person's row."""
        actions.change_password(user, password)

    def send_notification_mail(self, template_prefix: str, user: Person, *_args: Any, **_kwargs: Any) -> None:
        """Called after every change of a second factor: note it. One that was just shown to work opens this session. Whoever
        has a copy of the session's cookie is out: a change may be made because of that.
        """
        context.request.session.cycle_key()
        change = template_prefix.rpartition("/")[2]
        actions.note("web.second_factor", SecondFactorChanged(change=change), actor=user.as_actor)
        if change in ADDED:
            made = Authenticator.objects.filter(user=user, type=change.partition("_")[0]).latest("pk")
            record_authentication(context.request, user, "mfa", id=made.pk, type=made.type, reauthenticated=True)


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Second factors: the last one is kept."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Deze code is niet goed of is al gebruikt. Wacht op de volgende code.",
        "cannot_delete_authenticator": "Dit is uw enige tweede stap. Voeg eerst een andere toe.",
    }

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last passkey or code app stays until there is another."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def encrypt(self, text: str) -> str:
        """Seeds of code apps are sealed in the database, under the installation's secret, which is a file elsewhere."""
        return seal_secret(settings.SECRET_KEY, text)

    def decrypt(self, encrypted_text: str) -> str:
        """BadRequest, with words, after the secret was changed or lost: then the administrator renews the access."""
        try:
            return open_secret(settings.SECRET_KEY, encrypted_text)
        except SealError as error:
            raise BadRequest("Uw tweede stap kan niet worden gelezen. Vraag de beheerder om nieuwe toegang.") from error

    def get_totp_issuer(self) -> str:
        """The name that stands in the code app."""
        return "Bodycambeelden"


class ChangePassword(PasswordChangeView):  # type: ignore[misc]  # allauth ships no types
    """A new password, for an account that has one. Others come in by an invitation or a demonstration's link."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say so where there is no password to change."""
        if isinstance(request.user, Person) and not request.user.has_usable_password():
            return render(request, "account/no_password.html")
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return answer


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]  # allauth ships no types
    """Removing a passkey, unless it is the last way in."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep the last one."""
        if not MfaAdapter().can_delete_authenticator(self.get_object()):
            messages.error(self.request, MfaAdapter.error_messages["cannot_delete_authenticator"])
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer
