"""Reading findings."""

from collections.abc import Sequence

from django.shortcuts import get_object_or_404

from beeldkluis.findings.models import Finding


def open_findings() -> Sequence[Finding]:
    """Findings that nobody settled, newest first."""
    return list(Finding.objects.filter(settled_at__isnull=True).order_by("-found_at")[:200])


def finding(number: int) -> Finding:
    """The finding with this number; not found otherwise."""
    return get_object_or_404(Finding, pk=number)
