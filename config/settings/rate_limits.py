"""How often people and networks may do things."""

from __future__ import annotations

# How often a form may be sent (common/limits.py), beside allauth's own limits. "ip" is the network; "key" is the
# account or, without one, the network, except for guest_order: there it is the email address.
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login_failed": "10/m/ip,5/5m/key",  # per address and network (accounts/services/login_limits.py)
    "login_failed_here": "20/d/key",
    "login_failed_anywhere": "100/d/key",
    "confirm_email": "1/10s/key,10/h/key",
    "find_orders": "10/h/ip",
    "guest_order": "20/m/ip,60/h/ip,10/h/key",
    "checkout": "10/10m/key,40/d/key,60/h/ip",
    "cart": "60/m/key,600/h/key",
    "coupon": "10/m/key,40/h/key",
    "gift": "20/h/key",
    "mark": "60/m/key,600/h/key",
    "vote": "60/h/key",
    "review": "10/h/key,30/d/key",
    "flag": "20/d/key",
    "shelf": "120/h/key",
    "credit": "20/d/user",
    "collaborator": "20/d/user",
    "report": "10/d/key",
    "report_address": "5/d/key",  # here "key" is the email address
    "claim": "10/d/key",
    "claim_address": "5/d/key",  # here "key" is the email address
    "claim_step": "60/h/key",
    "typo": "40/h/key,200/d/key",
    "contact": "10/h/ip",
    "upload": "30/h/key,100/d/key",
    "own_book": "60/h/key,300/d/key",
    "cover": "30/h/key",
    "make": "120/h/key",
    "comment": "20/m/key,200/d/key",
    "text": "60/m/key,1200/h/key",  # the editor saves two seconds after the last key
    "offer": "60/h/key",
    "message": "20/m/key,300/d/key",
    "service_request": "10/h/user,20/d/user",
    "proposal": "30/h/user",
    "newsletter": "60/h/key",
    "advance_copy": "60/h/key",  # of the emails there are 100 a day (storefront/advance_copies/services/invitations.py)
    "advance_request": "20/d/key",
    "bulk": "120/h/key",
    "passages": "60/h/key",
    "data_copy": "5/d/key",
    "device": "30/h/key",
    "device_address": "3/d/key",  # here "key" is the device's address
    "send_book": "60/h/key,200/d/key",
    "screen_code": "10/m/key,60/h/key",
    "note_export": "120/h/key",
    "note_import": "30/h/key",
    "app_password": "30/10m/key,200/d/key",  # wrong ones, by network; they are too long to be guessed
    "app_password_made": "30/h/key",
}
# How often within a minute a network may request pages that need a search or a long list; and "write": how often it
# may change anything at all, apart from "sync": readers' devices report places often, and wait if there are too many.
NETWORK_RATE_LIMITS = {
    "write": 240,
    "sync": 1200,
    "count": 300,
    "search": 240,
    "define": 240,
    "suggest": 600,
    "list": 600,
    "feed": 120,
    "cover_preview": 600,  # a page of designs draws fifteen
    "e_reader": 30,
    "code_link": 30,  # so that nobody guesses codes
}
