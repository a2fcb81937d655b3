"""The only writers of requests."""

from helpdesk.services.requests import answer_request, close_request, send_request

__all__ = ["answer_request", "close_request", "send_request"]
