"""What a form sent: read once, bounded, with the line ends of this side of the wire."""

from django.http import HttpRequest


def revision_sent(request: HttpRequest) -> int:
    """Return the revision the form was drawn with; 0, which no case has, where it was tampered with."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0


def words_sent(request: HttpRequest, name: str) -> str:
    """Return what was typed into a field, without the blanks around it."""
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def number_sent(request: HttpRequest, name: str) -> int:
    """Return a small whole number a form sent, or 0 where it is none."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 7 else 0
