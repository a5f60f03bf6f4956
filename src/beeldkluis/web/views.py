"""Pages that belong to no other room."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def start(request: HttpRequest) -> HttpResponse:
    """What is due for whoever is signed in, and nothing else."""
    return render(request, "web/start.html")


def account(request: HttpRequest) -> HttpResponse:
    """How this person signs in."""
    return render(request, "web/account.html")


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Is this process answering? Says nothing else."""
    return HttpResponse("goed\n", content_type="text/plain; charset=utf-8")
